"""Laws that every answer keeps, whatever the catalog and whatever was reported.

Worlds with everything in them come from a seed; rows and nats for the laws of the arithmetic are drawn one by one.
"""

import math
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from iwscore import catalog, store
from iwscore.core.assessing import combine
from iwscore.core.bundles import Floats, Times
from iwscore.core.evidence import gather
from iwscore.core.examples import tiny_problem
from iwscore.core.hearings import Clocks, hear
from iwscore.core.speaking import speak
from iwscore.domain.catalogs import Catalog
from iwscore.domain.observations import Observations
from iwscore.services import explain, score, trend
from tests.core.drawing import some_rows, some_times
from tests.core.rows import QUARTER, Row, log_order, problem, register, reports
from tests.oracle.reports import knowledge_time
from tests.oracle.texts import instant
from tests.oracle.worlds import DAYS, START, World, make, write

seeds = st.integers(0, 100_000)
days = st.floats(0, DAYS + 20).map(lambda day: timedelta(minutes=round(day * 1440)))
worlds_enough = settings(max_examples=12)
Question = dict[str, Any]


@dataclass(frozen=True)
class Told:
    """A catalog and observations, read from a folder."""

    catalog: Catalog
    observations: Observations

    @classmethod
    def of(cls, world: World, rows: Sequence[dict[str, str]] | None = None) -> "Told":
        """Write a world, or other rows in its place, and read it."""
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            write(World(world.documents, world.rows if rows is None else list(rows)), folder)
            loaded = catalog.load(folder)
            return cls(loaded, store.read_observations(folder / "observations.csv", loaded))

    def answers(self, question: Question, **more: Any) -> list[str]:
        """Assessment, explanation, plain and vintage trend, in full precision; but where a row stood in its file."""
        asked = {**question, **more}
        about = {key: value for key, value in asked.items() if key != "at"}
        span = {"start": asked["at"] - timedelta(days=3), "end": asked["at"], "step": "18h"}
        seen = {"indicators": {"__all__": {"observations": {"__all__": {"row"}}}}}
        return [
            score(self.catalog, self.observations, **asked).model_dump_json(),
            explain(self.catalog, self.observations, **asked).model_dump_json(exclude=seen),
            *(
                repr(list(trend(self.catalog, self.observations, **about, **span, vintage=vintage).rows()))
                for vintage in (False, True)
            ),
        ]


def question(world: World, random: Random, at: timedelta, known: timedelta | None = None) -> Question:
    """One problem and subject of the world, at one time, as known at one time."""
    name = random.choice(world.documents["problems"])["id"]
    asked: Question = {"problem": name, "subject": random.choice(world.subjects(name)), "at": START + at}
    return asked | ({"known_at": START + known} if known is not None else {})


@worlds_enough
@given(seeds, days)
def test_likelihoods_sum_to_1(seed: int, at: timedelta) -> None:
    world = make(seed)
    told, asked = Told.of(world), question(world, Random(seed), at)
    lines = score(told.catalog, told.observations, **asked).scenarios
    assert math.fsum(line.likelihood for line in lines) == 1 or abs(sum(line.likelihood for line in lines) - 1) < 1e-14


@worlds_enough
@given(seeds, days)
def test_without_evidence_the_answer_is_exactly_the_priors(seed: int, at: timedelta) -> None:
    """Nothing reported, or nothing but what is worth nothing, or nothing but what was withdrawn."""
    world = make(seed)
    asked = question(world, Random(seed), at)
    worthless = World({**world.documents, "trust": {letter: [0.0] * 6 for letter in "ABCDEFG"}}, world.rows)
    named = [row for row in world.rows if row.get("external_id") and not row.get("target")]
    gone = [
        {"kind": "retraction", "target": row["external_id"], "observed_at": knowledge_time(row).isoformat()}
        for row in named
    ]
    for told in (Told.of(world, []), Told.of(worthless), Told.of(world, named + gone)):
        found = score(told.catalog, told.observations, **asked)
        priors = [scenario.prior for scenario in told.catalog.problems[asked["problem"]].scenarios]
        assert [line.likelihood for line in found.scenarios] == priors
        assert {line.score for line in found.scenarios} <= {0.0, None}
        assert (found.observations, found.coverage or 0.0) == (0, 0.0)


@worlds_enough
@given(seeds, days, st.one_of(st.none(), days))
def test_the_order_of_rows_does_not_matter_and_a_row_told_twice_is_one(
    seed: int, at: timedelta, known: timedelta | None
) -> None:
    world, random = make(seed), Random(seed)
    asked = question(world, random, at, known)
    twice = [*world.rows, *(dict(row) for row in world.rows)]
    random.shuffle(twice)
    assert Told.of(world, twice).answers(asked) == Told.of(world).answers(asked)


@worlds_enough
@given(seeds, days, st.one_of(st.none(), days))
def test_the_order_of_files_and_of_what_they_list_does_not_matter(
    seed: int, at: timedelta, known: timedelta | None
) -> None:
    world, random = make(seed), Random(seed)
    asked = question(world, random, at, known)
    shuffled = {
        key: random.sample(listed, len(listed)) if isinstance(listed, list) else listed
        for key, listed in world.documents.items()
    }
    for one in shuffled["problems"]:
        expectations = list(one["expectations"].items())
        random.shuffle(expectations)
        one["expectations"] = dict(expectations)
    assert Told.of(World(shuffled, world.rows)).answers(asked) == Told.of(world).answers(asked)


@worlds_enough
@given(seeds, days, st.one_of(st.none(), days))
def test_one_time_is_the_same_time_in_a_trend_bit_for_bit(seed: int, at: timedelta, known: timedelta | None) -> None:
    world = make(seed)
    told, asked = Told.of(world), question(world, Random(seed), at, known)
    end = asked.pop("at")
    for vintage in (False, True):
        span = {"start": end - timedelta(days=4), "end": end, "step": "16h"}
        rows = list(trend(told.catalog, told.observations, **asked, **span, vintage=vintage).rows())
        for row in rows:
            then = min(row["at"], asked.get("known_at", row["at"])) if vintage else asked.get("known_at")
            alone = score(told.catalog, told.observations, **{**asked, "at": row["at"], "known_at": then})
            line = next(line for line in alone.scenarios if line.id == row["scenario"])
            assert (row["likelihood"], row["score"], row["against"]) == (line.likelihood, line.score, line.against)
            assert (row["coverage"], row["rung"]) == (alone.coverage, alone.rung)


@worlds_enough
@given(seeds, days, days)
def test_what_is_known_after_known_at_cannot_change_an_answer(seed: int, at: timedelta, known: timedelta) -> None:
    """Reports, corrections, retractions and regrades alike; only the digest of the catalog knows of the last."""
    world = make(seed)
    asked = question(world, Random(seed), at, known)
    until = asked["known_at"]
    kept = [row for row in world.rows if knowledge_time(row) <= until]
    while missing := [row for row in world.rows if is_target(row, kept) and row not in kept]:
        kept += missing
    sources = [{**one, "regraded": by_then(one.get("regraded", []), until)} for one in world.documents["sources"]]
    then = World({**world.documents, "sources": sources}, kept)
    told = Told.of(world)
    digest = Told.of(then).catalog.digest
    expected = [text.replace(told.catalog.digest, digest) for text in told.answers(asked)]
    assert Told.of(then).answers(asked) == expected


def is_target(row: dict[str, str], rows: Sequence[dict[str, str]]) -> bool:
    """Whether any of the rows corrects or retracts it: a file must hold what its rows speak of."""
    return bool(row.get("external_id")) and any(one.get("target") == row["external_id"] for one in rows)


def by_then(regraded: Sequence[dict[str, str]], until: datetime) -> list[dict[str, str]]:
    return [row for row in regraded if instant(row["known_from"], end_of_day=True) <= until]


@worlds_enough
@given(seeds, days, st.floats(0, 30))
def test_parts_sum_to_the_whole(seed: int, at: timedelta, earlier: float) -> None:
    """Reports to their indicator, indicators to the answer, steps to the change, all within 1e-9."""
    world = make(seed)
    told, asked = Told.of(world), question(world, Random(seed), at)
    found = explain(told.catalog, told.observations, **asked, since=asked["at"] - timedelta(days=earlier))
    for scenario in found.scenarios:
        for one in found.indicators:
            told_of = math.fsum(seen.parts[scenario.id] for seen in one.observations)
            assert abs(told_of - one.parts[scenario.id]) < 1e-9
        parts = math.fsum(one.parts[scenario.id] for one in found.indicators)
        assert abs(scenario.ln_prior + parts + found.balance - scenario.ln_likelihood) < 1e-9
        assert abs(math.exp(scenario.ln_likelihood) - scenario.likelihood) < 1e-9
    assert found.change is not None
    for name, before in found.change.before.items():
        moved = math.fsum(step.likelihood[name] for step in found.change.steps)
        in_nats = math.fsum(step.ln_likelihood[name] for step in found.change.steps)
        assert abs(before + moved - found.change.after[name]) < 1e-9
        assert abs(math.log(before) + in_nats - math.log(found.change.after[name])) < 1e-9


@worlds_enough
@given(seeds)
def test_after_200_years_only_what_never_fades_is_left(seed: int) -> None:
    world = make(seed)
    told = Told.of(world)
    asked = question(world, Random(seed), timedelta(days=365.25 * 200))
    found = explain(told.catalog, told.observations, **asked)
    for one in found.indicators:
        sign = told.catalog.indicators[one.id]
        lasting = {level for level, days in zip(sign.levels, sign.half_life_days, strict=True) if math.isinf(days)}
        assert {level for level, nats in one.evidence.items() if nats > 0} <= lasting
        assert {seen.level for seen in one.observations} <= lasting
    if not found.indicators:
        priors = [scenario.prior for scenario in told.catalog.problems[asked["problem"]].scenarios]
        assert [scenario.likelihood for scenario in found.scenarios] == priors


def evidence(rows: Sequence[Row], times: Times) -> Floats:
    """What speaks for each channel at each time."""
    tables = problem()
    hearings = hear(reports(log_order(rows)), register(), tables, Clocks())
    return gather(hearings, speak(hearings, times), times, tables).nats


@given(some_rows(), some_times, st.data())
def test_a_relay_does_not_double_what_its_origin_says(rows: list[Row], times: Times, data: st.DataObject) -> None:
    """Telling again the origin's one word, of the same time and for no more than it is worth, changes nothing."""
    itself = [row for row in rows if row.source == row.origin]
    assume(itself)
    row = data.draw(st.sampled_from(itself))
    relay = replace(row, source=11, digit=data.draw(st.integers(row.digit, 5)), cap=row.letter)
    others = [one for one in rows if (one.indicator, one.source) != (row.indicator, row.source)]
    assert evidence([*others, row, relay], times).tobytes() == evidence([*others, row], times).tobytes()


@given(some_rows(), some_times, st.integers(0, 2), st.data())
def test_a_relay_does_not_silence_its_origin(rows: list[Row], times: Times, level: int, data: st.DataObject) -> None:
    """Whatever a relay says of the time before its origin's own later word to the contrary, it is not heard."""
    own = [row for row in rows if row.source == row.origin and row.observed_at > 0 and row.digit < 5 and row.letter < 6]
    assume(own)
    row = data.draw(st.sampled_from(own))
    level = level % (3 if row.indicator else 2)
    assume(level != row.level)
    observed_at = data.draw(st.integers(0, row.observed_at // QUARTER - 1)) * QUARTER
    relay = Row(row.indicator, level, 11, row.origin, observed_at, observed_at)
    later = times[times >= row.observed_at]
    lasting = [*(one for one in rows if one != row), replace(row, stands_until=Row().stands_until, correction=False)]
    assert evidence([*lasting, relay], later).tobytes() == evidence(lasting, later).tobytes()


nats = st.floats(0.001, 8)


@given(
    st.lists(st.tuples(st.floats(-8, 8), st.floats(-8, 8)), max_size=4),
    nats,
    nats,
    st.one_of(st.none(), st.floats(0, 1), st.just(1.0)),
)
def test_what_alone_raises_one_scenario_and_lowers_another_never_does_the_reverse_to_their_odds(
    others: list[tuple[float, float]], up: float, down: float, rho: float | None
) -> None:
    """In a group and outside one, whatever the others say."""
    tables = tiny_problem(indicators=len(others) + 1, correlation=rho)
    silent, heard = (combine(np.array([[*others, last]]), tables)[0] for last in ((0.0, 0.0), (up, -down)))
    assert heard[0] - heard[1] >= silent[0] - silent[1] - 1e-12
