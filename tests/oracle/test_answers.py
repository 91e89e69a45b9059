"""The oracle answers worked examples as they come out by hand, and as plain enumeration does."""

import itertools
import math
from datetime import timedelta
from random import Random
from typing import Any

import pytest

from tests.oracle import Oracle
from tests.oracle.comparison import differences
from tests.oracle.plain import AT, PROBLEM, SUBJECT, certain, report, world, yes_no
from tests.oracle.reports import Row
from tests.oracle.worlds import World

DAY = timedelta(days=1)
TRUST = {"B2": 0.7, "C2": 0.6, "C3": 0.4}
NATS = {grade: math.log((1 + trust) / (1 - trust)) for grade, trust in TRUST.items()}


def asked(made: World, days: float = 0, known_days: float | None = None) -> dict[str, Any]:
    """The answer some days after the time of the plain reports."""
    known_at = None if known_days is None else AT + known_days * DAY
    return Oracle(made.documents, made.rows).answer(PROBLEM, SUBJECT, AT + days * DAY, known_at)


def said(rows: list[Row], days: float = 9, known_days: float | None = None, **more: Any) -> list[float]:
    """The evidence by level of the one sign of a world."""
    made = world([0.5, 0.5], {"sign": [[0.8, 0.1, 0.1], [0.2, 0.4, 0.4]]}, rows, **more)
    known_at = None if known_days is None else AT + known_days * DAY
    told = Oracle(made.documents, made.rows).explanation(PROBLEM, SUBJECT, AT + days * DAY, known_at)
    return list(told["indicators"]["sign"]["evidence"].values())


def near(expected: list[float]) -> Any:
    return pytest.approx(expected, abs=1e-12, rel=1e-12)


def test_without_reports_the_answer_is_the_priors() -> None:
    answer = asked(world([0.3, 0.7], {"sign": yes_no([0.9, 0.2])}, []))
    assert [one["likelihood"] for one in answer["scenarios"]] == near([0.3, 0.7])
    assert [one["score"] for one in answer["scenarios"]] == near([0, 0])
    assert (answer["observations"], answer["coverage"], answer["flags"]) == (0, 0, ["thin"])


def test_a_run_speaks_with_its_strongest_and_contradiction_replaces() -> None:
    said_daily = [(1, "C2"), (2, "B2"), (2, "C3"), (0, "C3"), (0, "A5"), (1, "G1")]
    days = [report("sign", level, "a", grade, AT + day * DAY) for day, (level, grade) in enumerate(said_daily)]
    assert said(days, 0) == near([0, NATS["C2"], 0])
    assert said(days, 2) == near([0, 0, NATS["B2"]])
    assert said(days, 4) == near([NATS["C3"], 0, 0])
    assert said(days, 5) == near([0, 0, 0])


def test_the_strongest_is_found_after_fading() -> None:
    rows = [report("sign", 1, "a", "B2"), report("sign", 1, "a", "C2", AT + 10 * DAY)]
    assert said(rows, 10, indicators={"half_life": "10d"}) == near([0, NATS["C2"], 0])
    assert said(rows, 10, indicators={"half_life": "100d"}) == near([0, NATS["B2"] * 2**-0.1, 0])


SOURCES = [
    {"id": "ministry", "grades": []},
    {"id": "wire", "origin": "ministry", "grades": []},
    {"id": "paper", "origin": "wire", "grades": []},
]


def test_sources_of_one_origin_are_one_voice_and_share_it_where_they_disagree() -> None:
    agreeing = [report("sign", 1, "wire", "C2"), report("sign", 1, "paper", "B2")]
    assert said(agreeing, sources=SOURCES) == near([0, NATS["B2"], 0])
    disagreeing = [report("sign", 1, "wire", "C2"), report("sign", 2, "paper", "B2")]
    whole = NATS["C2"] + NATS["B2"]
    assert said(disagreeing, sources=SOURCES) == near([0, NATS["C2"] ** 2 / whole, NATS["B2"] ** 2 / whole])
    apart = [{**row, "origin": row["source"]} for row in disagreeing]
    assert said(apart) == near([0, NATS["C2"], NATS["B2"]])


@pytest.mark.parametrize(
    ("level", "grade", "later", "heard"),
    [
        (2, "C3", 1, [0, 0, NATS["C3"]]),  # the origin says otherwise later: the relay is dropped
        (
            2,
            "C3",
            0,
            [0, NATS["B2"] ** 2 / (NATS["B2"] + NATS["C3"]), NATS["C3"] ** 2 / (NATS["B2"] + NATS["C3"])],
        ),
        (2, "C5", 1, [0, NATS["B2"], 0]),  # a worthless word of the origin drops nothing
        (1, "C3", 1, [0, NATS["B2"], 0]),  # the same level: the relay stays, one voice
    ],
)
def test_a_relay_is_dropped_once_its_origin_says_otherwise(
    level: int, grade: str, later: int, heard: list[float]
) -> None:
    rows = [report("sign", 1, "wire", "B2"), report("sign", level, "ministry", grade, AT + later * DAY)]
    assert said(rows, sources=SOURCES) == near(heard)


def test_a_relay_is_worth_no_more_than_its_origin() -> None:
    graded = [{**SOURCES[0], "grades": [{"from": "2022-10-04", "reliability": "C"}]}, *SOURCES[1:]]
    rows = [report("sign", 1, "paper", "B2")]
    assert said(rows, sources=graded) == near([0, NATS["C2"], 0])
    late = [{**SOURCES[0], "grades": [{"from": "2022-10-05", "reliability": "C"}]}, *SOURCES[1:]]
    assert said(rows, sources=late) == near([0, NATS["B2"], 0])
    burnt = [{**SOURCES[0], "regraded": [{"known_from": "2022-10-06", "reliability": "G"}]}, *SOURCES[1:]]
    assert said(rows, 9, 2, sources=burnt) == near([0, NATS["B2"], 0])
    assert said(rows, 9, 3, sources=burnt) == near([0, 0, 0])
    assert said([report("sign", 1, "ministry", "B2")], 9, 3, sources=burnt) == near([0, 0, 0])


def test_corrections_replace_and_retractions_end_the_chain() -> None:
    to_first = {"kind": "correction", "target": "first", "reported_at": "2022-10-06T00:00:00Z"}
    rows = [
        report("sign", 1, "a", "B2", external_id="first"),
        {**report("sign", 2, "a", "C2", external_id="second"), **to_first},
        report("sign", 0, "a", "C3", reported_at="2022-10-07", kind="correction", target="second"),
        {"kind": "retraction", "target": "second", "observed_at": "2022-10-09T00:00:00Z"},
    ]
    assert said(rows, 1, 1) == near([0, NATS["B2"], 0])
    assert said(rows, 1, 2) == near([0, 0, NATS["C2"]])
    assert said(rows, 1, 3.9) == near([0, 0, NATS["C2"]])
    assert said(rows, 1, 4) == near([NATS["C3"], 0, 0])
    assert said(rows, 1, 5) == near([0, 0, 0])


def test_a_ladder_holds_and_raises_at_once() -> None:
    ladder = {
        "adverse": ["s0"],
        "coverage_floor": 0.5,
        "blind_hold": "3d",
        "rungs": [
            {"id": "low", "raise_at": 0},
            {"id": "middle", "raise_at": 0.6, "clear_at": 0.55, "hold": "1d"},
            {"id": "high", "raise_at": 0.7, "hold": "2d"},
        ],
    }
    rows = [
        report("sign", 1, "a", "A2", AT + DAY),  # .8 × .9 + .1 and so on: raised to the highest
        report("sign", 0, "a", "A2", AT + 3 * DAY),
    ]
    made = world([0.5, 0.5], {"sign": yes_no([0.9, 0.1])}, rows, problem={"ladder": ladder})
    rungs = [asked(made, days)["rung"] for days in (0.5, 1, 2, 3, 4, 4.9, 5)]
    assert rungs == ["low", "high", "high", "high", "high", "high", "low"]
    made.rows.append(report("sign", 1, "a", "G1", AT + 4.5 * DAY))  # nothing is known any more
    assert [asked(made, days)["rung"] for days in (4.9, 5, 5.5, 6)] == ["high", "high", "high", "low"]
    assert asked(made, 5)["flags"] == ["thin", "blind"]


def test_a_group_of_equals_counts_as_a_power_of_their_number() -> None:
    tables = {f"sign-{number}": yes_no([0.8, 0.2]) for number in range(3)}
    rows = [row for name in tables for row in certain(name, 1)]
    for rho in (0, 0.5, 1):
        group = {"id": "g", "indicators": list(tables), "correlation": rho}
        made = world([0.5, 0.5], tables, rows, problem={"groups": [group]})
        oracle = Oracle(made.documents, made.rows)
        likelihoods = [one["likelihood"] for one in oracle.answer(PROBLEM, SUBJECT, AT, None)["scenarios"]]
        assert likelihoods[0] / likelihoods[1] == pytest.approx(4**3 ** (1 - rho), rel=1e-12)
        told = oracle.explanation(PROBLEM, SUBJECT, AT, None)
        parts = [one["parts"]["s0"] for one in told["indicators"].values()]
        assert parts == near([parts[0]] * 3)
        assert math.fsum(parts) + told["balance"] == pytest.approx(math.log(likelihoods[0] / 0.5))


def enumerated(
    priors: list[float], tables: list[list[list[float]]], told: list[list[tuple[int, float]]], epsilon: float
) -> list[float]:
    """The posterior by adding up every combination of true and perceived levels, sign by sign."""
    joint = []
    for s, prior in enumerate(priors):
        product = prior
        for table, reports in zip(tables, told, strict=True):
            levels = range(len(table[s]))
            total = 0.0
            for true, perceived in itertools.product(levels, levels):
                p = table[s][true] * (epsilon / len(levels) + (1 - epsilon if true == perceived else 0))
                for level, trust in reports:
                    ratio = (1 + trust) / (1 - trust)
                    p *= (ratio if level == perceived else 1) / (ratio + len(levels) - 1)
                total += p
            product *= total
        joint.append(product)
    return [one / sum(joint) for one in joint]


@pytest.mark.parametrize("seed", range(20))
def test_plain_worlds_are_the_exact_posterior(seed: int) -> None:
    rng = Random(seed)

    def some(count: int) -> list[float]:
        raised = [rng.uniform(0.1, 1) for _ in range(count)]
        return [one / sum(raised) for one in raised]

    priors = some(rng.randint(2, 4))
    shapes = [rng.randint(2, 4) for _ in range(3)]
    tables = [[some(shape) for _ in priors] for shape in shapes]
    trusts = [0.9, 0.7, 0.5, 0.15, 0.05, 0.4]
    told = [[(rng.randrange(shape), rng.randrange(6)) for _ in range(rng.randint(0, 5))] for shape in shapes]
    rows = [
        report(f"sign-{i}", level, f"source-{number}", f"B{digit + 1}")
        for i, reports in enumerate(told)
        for number, (level, digit) in enumerate(reports)
    ]
    epsilon = rng.choice([0, 0.02, 0.5])
    made = world(
        priors,
        {f"sign-{i}": table for i, table in enumerate(tables)},
        rows,
        indicators={"common_error": epsilon},
    )
    expected = enumerated(priors, tables, [[(level, trusts[digit]) for level, digit in one] for one in told], epsilon)
    likelihoods = [one["likelihood"] for one in asked(made)["scenarios"]]
    assert differences(expected, likelihoods, 1e-14) == []
