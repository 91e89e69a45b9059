"""The ladder over HTTP: what a trend at its steps shows, change by change."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from iwscore.core.answering import first_known, steps
from iwscore.domain.times import DAY, from_micros, parse_instant, print_instant, to_micros
from iwscore.services.frames import make_frame
from iwscore.services.questions import known_micros
from iwscore.services.rungs import folding_of, rungs
from tests.api.chances import Chance, chance
from tests.api.serving import Served, refused, report, serving
from tests.store.drafting import NOON, Clock, record, sound

NIGHT = NOON // DAY * DAY + DAY
PATH = "/v1/problems/northern-front/rungs"


@pytest.fixture(scope="module", params=[13, 17])
def seed(request: pytest.FixtureRequest) -> int:
    return int(request.param)


@pytest.fixture
def served(sqlite_url: str) -> Iterator[Served]:
    with serving(sqlite_url, Clock()) as served:
        yield served


def ladders(random: Chance) -> list[str]:
    return [name for name, one in random.catalog.problems.items() if one.ladder]


def wanted(random: Chance, problem: str, at: datetime, known_at: datetime | None) -> list[dict[str, str]]:
    """The rungs at the ladder's steps, of a log that is read afresh."""
    seen, known = random.served.log.columns(), known_micros(known_at)
    frame = make_frame(random.catalog, seen, random.catalog.problems[problem], random.subject[problem])
    folding, ladder = folding_of(frame.problem), frame.problem.ladder
    assert folding is not None
    assert ladder is not None
    nights = steps(folding, first_known(frame.reports, known), to_micros(at))
    times = np.union1d(nights, [to_micros(at)])
    found = list(zip(times.tolist(), rungs(frame, times, known)[0].tolist(), strict=True))
    before = [0, *(rung for _, rung in found)]
    return [
        {"at": print_instant(from_micros(time)), "from": ladder.rungs[last].id, "to": ladder.rungs[rung].id}
        for last, (time, rung) in zip(before, found, strict=False)
        if last != rung
    ]


@pytest.mark.parametrize("known", [None, "2022-09-20"])
def test_changes_are_those_of_the_rungs_at_the_ladders_steps(random: Chance, known: str | None) -> None:
    known_at = None if known is None else parse_instant(known, end_of_day=True)
    asked = {} if known is None else {"known_at": known}
    for problem in ladders(random):
        for at in ("2022-09-10T00:00:00Z", "2022-09-28T06:30:00Z", print_instant(random.now())):
            answer = random.get(problem, "rungs", at=at, **asked).json()
            changes = wanted(random, problem, parse_instant(at), known_at)
            assert (answer["changes"], answer["truncated"]) == (changes, False)
            assert answer["since"] == (changes[-1]["at"] if changes else None)
            told = random.get(problem, "assessment", at=at, draws=0, **asked).json()
            assert (answer["rung"], answer["blind"]) == (told["rung"], "blind" in told["flags"])
            assert (answer["blind_since"] is not None) == answer["blind"]


def test_chance_has_made_ladders_climb_and_come_down(random: Chance) -> None:
    changes = [len(random.get(problem, "rungs").json()["changes"]) for problem in ladders(random)]
    assert max(changes) > 0


def test_a_span_leaves_out_the_changes_before_and_after(random: Chance) -> None:
    for problem in ladders(random):
        whole = random.get(problem, "rungs").json()
        times = [change["at"] for change in whole["changes"]]
        for first, last in [(times[0], times[-1]), (times[-1], times[-1]), (times[0], times[0])] if times else []:
            found = random.get(problem, "rungs", **{"from": first, "to": last}).json()
            assert found["changes"] == [one for one in whole["changes"] if first <= one["at"] <= last]
            assert {**found, "changes": []} == {**whole, "changes": []}


def test_the_ladder_is_as_the_catalog_has_it(served: Served) -> None:
    ladder = served.catalog.problems["northern-front"].ladder
    assert ladder is not None
    found = served.get(PATH).json()
    assert found["rungs"] == [step.model_dump() for step in ladder.rungs]
    for name in ("coverage_floor", "blind_hold_days", "every_days"):
        assert found[name] == getattr(ladder, name)
    assert found["adverse"] == list(ladder.adverse)


def test_a_ladder_that_nobody_has_told_anything_is_blind_on_its_lowest_rung(served: Served) -> None:
    found = served.get(PATH).json()
    assert (found["rung"], found["since"], found["changes"]) == ("watchcon-4", None, [])
    assert (found["blind"], found["blind_since"]) == (True, print_instant(from_micros(NOON)))


def test_since_when_it_is_blind(served: Served) -> None:
    """What reports cover fades; the ladder is blind from the first midnight at which too little is left."""
    signs = [one.indicator for one in served.catalog.problems["northern-front"].expectations]
    told = [
        report(indicator=sign, level=served.catalog.indicators[sign].levels[0], grade="A1", observed_at=NOON - DAY)
        for sign in signs
    ]
    record(served.log, *(sound(**one) for one in told))
    served.station.follow()
    nights = [print_instant(from_micros(NIGHT + 5 * day * DAY)) for day in range(20)]
    flags = [served.get("/v1/problems/northern-front/assessment", at=at, draws=0).json()["flags"] for at in nights]
    dark = [night for night, named in zip(nights, flags, strict=True) if "blind" in named]
    assert 0 < len(dark) < len(nights)
    since = served.get(PATH, at=nights[-1]).json()["blind_since"]
    assert nights[len(nights) - len(dark) - 1] < since <= dark[0]
    assert since.endswith("T00:00:00Z")
    assert served.get(PATH, at=nights[0]).json()["blind_since"] is None


def test_a_problem_without_a_ladder_has_no_rung(tmp_path: Path, sqlite_url: str) -> None:
    with chance(0, sqlite_url, tmp_path, steps=3) as random:
        found = random.get("problem-0", "rungs").json()
    assert (found["rungs"], found["rung"], found["blind"], found["changes"]) == ([], None, False, [])


@pytest.mark.parametrize(
    ("path", "params", "status", "code"),
    [
        ("/v1/problems/nowhere/rungs", {}, 404, "IW501"),
        (PATH, {"subject": "elsewhere"}, 404, "IW503"),
        (PATH, {"from": "2022-10-02", "to": "2022-10-01"}, 422, "IW505"),
        (PATH, {"to": "then"}, 422, "IW507"),
        (PATH, {"at": "2122-10-01"}, 422, "IW565"),
        (PATH, {"step": "1d"}, 422, "IW560"),
    ],
)
def test_what_cannot_be_asked_is_refused(
    silent: Served, path: str, params: dict[str, str], status: int, code: str
) -> None:
    refused(silent.get(path, **params), status, code)
