"""The ladder folded over a problem's history, each day as then known."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from iwscore.domain.problems import Ladder
from iwscore.services.rungs import floor_of
from tests.oracle.plain import AT, report, world, yes_no
from tests.oracle.reports import Row
from tests.oracle.worlds import World
from tests.services.telling import Told

Tell = Callable[[World], Told]
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
RUNGS = [{"id": "calm", "raise_at": 0}, {"id": "watch", "raise_at": 0.6, "hold": "2d"}]


def climbing(tell: Tell, *rows: Row, **ladder: Any) -> Told:
    """A ladder with a hold of two days over a sign that A1 raises to 0.785 and lowers to 0.215."""
    made = {"ladder": {"adverse": ["s0"], "rungs": RUNGS, **ladder}}
    register = [{"id": name, "grades": []} for name in "ab"]
    return tell(world([0.5, 0.5], {"sign-0": yes_no([0.8, 0.2])}, list(rows), problem=made, sources=register))


def daily(told: Told, days: int, **asked: Any) -> str:
    """The rungs from the day of the first report on, a letter a day."""
    trend = told.trend(**{"start": AT, "end": AT + days * DAY, **asked})
    return "".join("cw"[rung] for rung in trend.rung)


YES = report("sign-0", 1, "a", "A1")
NO = report("sign-0", 0, "a", "A1", AT + 3 * DAY)


def test_a_rung_is_raised_at_once_and_cleared_after_its_hold(tell: Tell) -> None:
    assert daily(climbing(tell, YES, NO), 7) == "wwwwwccc"


def test_rungs_are_as_then_known_in_every_trend(tell: Tell) -> None:
    """What is known late raises late, though the likelihood of a plain trend is rewritten."""
    told = climbing(tell, {**YES, "known_from": (AT + 2 * DAY).isoformat()})
    assert daily(told, 4) == daily(told, 4, vintage=True) == "ccwww"
    assert told.trend(start=AT, end=AT).likelihood[0, 0] > 0.6


def test_what_is_not_known_yet_raises_nothing(tell: Tell) -> None:
    told = climbing(tell, {**YES, "known_from": (AT + 2 * DAY).isoformat()})
    assert told.score(at=AT + 4 * DAY, known_at=AT + DAY).rung == "calm"
    assert told.score(at=AT + 4 * DAY, known_at=AT + 2 * DAY).rung == "watch"


@pytest.mark.parametrize(("every", "after"), [("1d", 0), ("2h", 1)])
def test_a_crossing_leaves_a_rung_only_where_a_step_meets_it(tell: Tell, every: str, after: int) -> None:
    """Up at 09:00, down at 11:00; asked at 10:00 the rung is raised in any case."""
    rows = [report("sign-0", 0, "a", "A1"), report("sign-0", 1, "a", "A1", AT + 9 * HOUR)]
    told = climbing(tell, *rows, report("sign-0", 0, "a", "A1", AT + 11 * HOUR), every=every)
    assert told.trend(start=AT, end=AT + DAY, step="2h").rung.tolist() == [0] * 5 + [1] + [after] * 7


@pytest.mark.parametrize("ghost", [False, True])
def test_steps_count_from_the_first_report_that_ever_stood(tell: Tell, ghost: bool) -> None:
    """Every two days from day 1, and on none of them is the likelihood up; on day 2 it is.

    A report of day 0 that was retracted as it came in does not make the steps days 0, 2, 4.
    """
    early = {**report("sign-0", 1, "b", "A1"), "external_id": "slip"}
    slip = {"kind": "retraction", "target": "slip", "observed_at": AT.isoformat()}
    said = [report("sign-0", level, "a", "A1", AT + n * DAY + HOUR) for n, level in enumerate((0, 1, 0))]
    told = climbing(tell, *said, *([early, slip] if ghost else []), every="2d")
    assert [told.score(at=AT + n * DAY).rung for n in (1, 2, 3, 4)] == ["calm", "watch", "calm", "calm"]


def test_while_nobody_looks_a_rung_stays(tell: Tell) -> None:
    """Retracted on day 1, what raised the rung is gone; nothing is covered; it stays for the ten days."""
    gone = {"kind": "retraction", "target": "x", "observed_at": (AT + DAY).isoformat()}
    told = climbing(tell, {**YES, "external_id": "x"}, gone, blind_hold="10d")
    assert daily(told, 12) == "w" * 11 + "cc"
    assert told.score(at=AT + 9 * DAY).flags == ("thin", "blind")


def test_before_the_first_midnight_only_the_time_itself_counts(tell: Tell) -> None:
    told = climbing(tell, report("sign-0", 1, "a", "A1", AT + HOUR))
    assert told.score(at=AT).rung == "calm"
    assert told.score(at=AT + HOUR).rung == "watch"


def test_without_reports_a_ladder_stays_on_its_lowest_rung(tell: Tell) -> None:
    assert daily(climbing(tell), 3) == "cccc"


def test_the_sum_of_all_adverse_scenarios_counts(tell: Tell) -> None:
    ladder = {"adverse": ["s0", "s1"], "rungs": [{"id": "calm", "raise_at": 0}, {"id": "watch", "raise_at": 0.7}]}
    table = {"sign-0": yes_no([0.8, 0.8, 0.1])}
    told = tell(world([0.3, 0.3, 0.4], table, [YES], problem={"ladder": ladder}))
    found = told.score(at=AT)
    assert max(line.likelihood for line in found.scenarios) < 0.7
    assert found.rung == "watch"


def test_the_floor_of_coverage_is_the_ladders_or_a_fifth() -> None:
    assert floor_of(None) == 0.2
    assert floor_of(Ladder(adverse=("s0",), rungs=(), coverage_floor=0.4)) == 0.4
