"""Assessments on a grid of times."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from iwscore.errors import QuestionError
from tests.oracle.plain import AT, report, world, yes_no
from tests.oracle.worlds import World
from tests.services.telling import Told

Tell = Callable[[World], Told]
DAY = timedelta(days=1)
LADDER = {"adverse": ["s0"], "rungs": [{"id": "calm", "raise_at": 0}, {"id": "watch", "raise_at": 0.6}]}


def late(tell: Tell, **more: Any) -> Told:
    """One report of day 0, known on day 2, and on day 3 its source found deceptive, on day 5 rehabilitated."""
    regraded = [
        {"known_from": (AT + 3 * DAY).isoformat(), "reliability": "G"},
        {"known_from": (AT + 5 * DAY).isoformat(), "reliability": "B"},
    ]
    rows = [report("sign-0", 1, "a", "A1", known_from=(AT + 2 * DAY).isoformat())]
    sources = [{"id": "a", "grades": [], "regraded": regraded}]
    return tell(world([0.5, 0.5], {"sign-0": yes_no([0.8, 0.2])}, rows, sources=sources, **more))


def first(told: Told, **asked: Any) -> list[float]:
    """The likelihood of the first scenario on days −1 to 6, rounded."""
    trend = told.trend(**{"start": AT - DAY, "end": AT + 6 * DAY, **asked})
    return [round(float(p), 3) for p in trend.likelihood[:, 0]]


A1, B1, PRIOR = 0.785, 0.770, 0.5


def test_a_trend_is_as_known_at_one_time(tell: Tell) -> None:
    told = late(tell)
    assert first(told) == [PRIOR] + [B1] * 7
    assert first(told, known_at=AT + 2 * DAY) == [PRIOR] + [A1] * 7
    assert first(told, known_at=AT + DAY) == [PRIOR] * 8


def test_a_vintage_trend_is_as_known_then(tell: Tell) -> None:
    told = late(tell)
    assert first(told, vintage=True) == [PRIOR] * 3 + [A1] + [PRIOR] * 2 + [B1] * 2
    assert first(told, vintage=True, known_at=AT + 2 * DAY) == [PRIOR] * 3 + [A1] * 5


@pytest.mark.parametrize("vintage", [False, True])
def test_one_time_of_a_trend_is_the_assessment_of_that_time_bit_for_bit(tell: Tell, vintage: bool) -> None:
    told = late(tell, problem={"ladder": LADDER}, indicators={"half_life": "3d"})
    drawn = {"draws": 40, "seed": 3}
    trend = told.trend(start=AT - DAY, end=AT + 6 * DAY, step="7h", vintage=vintage, **drawn)
    rows = list(trend.rows())
    for n in range(0, len(rows), 2):
        at = rows[n]["at"]
        alone = told.score(at=at, known_at=at if vintage else None, **drawn)
        for row, line in zip(rows[n : n + 2], alone.scenarios, strict=True):
            assert (row["scenario"], row["likelihood"]) == (line.id, line.likelihood)
            assert (row["low"], row["high"]) == (line.low, line.high)
            assert (row["score"], row["against"]) == (line.score, line.against)
            assert (row["coverage"], row["rung"]) == (alone.coverage, alone.rung)


def test_without_draws_a_trend_has_no_bands(tell: Tell) -> None:
    trend = late(tell).trend(start=AT, end=AT)
    assert (trend.low, trend.high) == (None, None)


def marks(told: Told, **asked: Any) -> list[tuple[datetime, str, str]]:
    return list(told.trend(**{"start": AT - DAY, "end": AT + 6 * DAY, **asked}).events)


def test_a_report_is_marked_where_it_is_first_heard_and_nowhere_else(tell: Tell) -> None:
    """That its source is regraded, and back, is no new report."""
    told = late(tell)
    assert marks(told) == [(AT, "sign-0", "level-1")]
    assert marks(told, vintage=True) == [(AT + 2 * DAY, "sign-0", "level-1")]
    assert marks(told, vintage=True, start=AT + 3 * DAY) == []
    assert marks(told, end=AT - DAY) == []


def test_a_report_that_was_worth_nothing_is_marked_where_it_comes_to_be_worth_something(tell: Tell) -> None:
    regraded = [{"known_from": (AT + DAY).isoformat(), "reliability": "A"}]
    rows = [report("sign-0", 1, "a", "G1"), report("sign-0", 0, "b", "F6")]
    sources = [{"id": "a", "grades": [], "regraded": regraded}, {"id": "b", "grades": []}]
    told = tell(world([0.5, 0.5], {"sign-0": yes_no([0.8, 0.2])}, rows, sources=sources))
    assert marks(told, vintage=True) == [(AT + DAY, "sign-0", "level-1")]


def test_a_trend_names_what_was_asked(tell: Tell) -> None:
    told = late(tell, problem={"ladder": LADDER})
    trend = told.trend(start=AT, end=AT + DAY, known_at=AT + DAY, vintage=True)
    assert (trend.problem, trend.subject, trend.known_at, trend.vintage) == ("question", "here", AT + DAY, True)
    assert (trend.scenarios, trend.catalog) == (("s0", "s1"), told.catalog.digest)
    assert trend.rungs == (("calm", 0.0), ("watch", 0.6))
    assert len(trend.times) == 2


def test_without_a_ladder_a_trend_has_no_rungs(tell: Tell) -> None:
    trend = late(tell).trend(start=AT, end=AT)
    assert (trend.rungs, trend.rung.tolist()) == ((), [-1])


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (
            {"end": AT - DAY},
            r"^IW505 to lies before from \(2022-10-03T00:00:00Z\); must not lie before 2022-10-04T00:00:00Z",
        ),
        ({"step": "1 day"}, r"^IW506 not a step \(1 day\); "),
        ({"step": "0d"}, r"^IW506 not a step \(0d\); "),
        ({"step": "9" * 400 + "d"}, r"^IW506 not a step \(9+d\); "),
    ],
    ids=["backwards", "words", "nothing", "beyond numbers"],
)
def test_what_is_no_span_or_step_is_refused(tell: Tell, asked: dict[str, Any], said: str) -> None:
    with pytest.raises(QuestionError, match=said):
        late(tell).trend(**{"start": AT, "end": AT + DAY, **asked})
