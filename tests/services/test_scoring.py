"""The assessment of one problem and subject at one time, as known at one time."""

import math
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from iwscore.errors import QuestionError
from tests.oracle.plain import AT, PROBLEM, SUBJECT, report, world, yes_no
from tests.oracle.worlds import World
from tests.services.telling import Told

Tell = Callable[[World], Told]
DAY = timedelta(days=1)
LADDER = {"adverse": ["s0"], "rungs": [{"id": "calm", "raise_at": 0}, {"id": "watch", "raise_at": 0.6}]}


def seen(tell: Tell, *rows: dict[str, str], tables: dict[str, list[list[float]]] | None = None, **more: Any) -> Told:
    register = {"sources": [{"id": name, "grades": []} for name in "abc"]}
    return tell(world([0.5, 0.5], tables or {"sign-0": yes_no([0.8, 0.2])}, list(rows), **{**register, **more}))


def test_an_assessment_names_what_was_asked(tell: Tell) -> None:
    told = seen(tell, report("sign-0", 1, "a", "A1"))
    found = told.score(at=AT, known_at=AT + DAY)
    assert (found.problem, found.subject, found.at, found.known_at) == (PROBLEM, SUBJECT, AT, AT + DAY)
    assert found.catalog == told.catalog.digest
    assert [(line.id, line.prior) for line in found.scenarios] == [("s0", 0.5), ("s1", 0.5)]
    assert told.score(at=AT).known_at is None


def test_one_report_by_hand(tell: Tell) -> None:
    """A1 is worth 0.95, 39 : 1. So .8 × 39 + .2 against .2 × 39 + .8, which is 31.4 : 8.6."""
    found = seen(tell, report("sign-0", 1, "a", "A1"), problem={"ladder": LADDER}).score(at=AT)
    assert [line.likelihood for line in found.scenarios] == pytest.approx([31.4 / 40, 8.6 / 40], rel=1e-12)
    assert [line.term for line in found.scenarios] == ["likely", "unlikely"]
    first, second = found.scenarios
    assert first.score == pytest.approx(100 * math.log(31.4 / 20) / math.log(1.6), rel=1e-12)
    assert second.against == pytest.approx(100 * math.log(20 / 8.6) / math.log(2.5), rel=1e-12)
    assert (first.against, second.score) == (0.0, 0.0)
    assert (found.coverage, found.rung, found.flags, found.observations) == (pytest.approx(0.95), "watch", (), 1)


@pytest.mark.parametrize(
    ("ladder", "rows", "flags"),
    [
        (None, [], ("thin",)),
        (LADDER, [], ("thin", "blind")),
        (LADDER, [("a", 1, "A1")], ()),
        (LADDER, [("a", 1, "A1"), ("b", 0, "A1")], ("contested",)),
        ({**LADDER, "coverage_floor": 0.95}, [("a", 1, "A1")], ()),
        ({**LADDER, "coverage_floor": 0.96}, [("a", 1, "A1"), ("b", 0, "A1")], ("contested", "thin", "blind")),
        (None, [("a", 1, "A4")], ()),
        (None, [("a", 1, "B4")], ("thin",)),
    ],
)
def test_flags_stand_in_their_order(tell: Tell, ladder: Any, rows: list[Any], flags: tuple[str, ...]) -> None:
    """The floor is 0.2 unless the ladder says otherwise; A4 is worth 0.20, B4 0.15."""
    told = [report("sign-0", level, source, grade) for source, level, grade in rows]
    assert seen(tell, *told, problem={"ladder": ladder} if ladder else {}).score(at=AT).flags == flags


def test_a_list_that_tells_next_to_nothing_has_no_score(tell: Tell) -> None:
    rows = [report("sign-0", 1, "a", "A1")]
    found = seen(tell, *rows, tables={"sign-0": yes_no([0.5, 0.49])}, problem={"ladder": LADDER}).score(at=AT)
    assert {(line.score, line.against) for line in found.scenarios} == {(None, None)}
    assert (found.coverage, found.flags, found.observations) == (None, ("thin", "blind"), 1)


@pytest.mark.parametrize(
    ("asked", "unplaced"),
    [
        ({"at": AT - DAY}, 0),
        ({"at": AT}, 1),
        ({"at": AT, "known_at": AT}, 0),
        ({"at": AT, "known_at": AT + DAY}, 1),
        ({"at": AT, "known_at": AT + 2 * DAY}, 0),
    ],
)
def test_what_cannot_be_placed_is_counted_by_both_clocks(tell: Tell, asked: Any, unplaced: int) -> None:
    """Twice in the file it counts once; known a day later, retracted another day later; the second never."""
    lost = report("tanks", 1, "a", "A1", known_from=(AT + DAY).isoformat(), external_id="lost")
    gone = {"kind": "retraction", "target": "lost", "observed_at": (AT + 2 * DAY).isoformat()}
    kept = report("tanks", 1, "b", "A1", known_from=(AT + 3 * DAY).isoformat())
    told = seen(tell, lost, dict(lost), gone, kept)
    assert told.score(**asked).unplaced == unplaced


def test_only_what_is_heard_counts_as_an_observation(tell: Tell) -> None:
    rows = [
        report("sign-0", 1, "a", "A1"),
        report("sign-0", 1, "a", "B2"),
        report("sign-0", 1, "b", "F6"),
        report("sign-0", 0, "c", "C3"),
        {**report("sign-0", 0, "b", "A1"), "level": "unknown"},
    ]
    assert seen(tell, *rows).score(at=AT).observations == 2


def test_without_a_ladder_there_is_no_rung(tell: Tell) -> None:
    assert seen(tell).score(at=AT).rung is None


def ends(told: Told, **asked: Any) -> list[tuple[Any, Any]]:
    return [(line.low, line.high) for line in told.score(**{"at": AT, "draws": 200, **asked}).scenarios]


def test_bands_are_drawn_where_they_are_asked_for(tell: Tell) -> None:
    told = seen(tell, report("sign-0", 1, "a", "B2"))
    assert ends(told, draws=0) == [(None, None)] * 2
    (low, high), (other_low, other_high) = ends(told)
    likelihood = told.score(at=AT).scenarios[0].likelihood
    assert low < likelihood < high
    assert (low + other_high, high + other_low) == (pytest.approx(1), pytest.approx(1))
    assert ends(told) == ends(told) != ends(told, seed=1)


def test_without_evidence_both_ends_are_exactly_the_priors(tell: Tell) -> None:
    assert ends(seen(tell)) == [(0.5, 0.5)] * 2


def test_sure_tables_leave_no_band(tell: Tell) -> None:
    given = {"s0": {"level-0": 0.2, "level-1": 0.8}, "s1": {"level-0": 0.8, "level-1": 0.2}}
    counted = {"expectations": {"sign-0": {"given": given, "cases": 1e15}}}
    told = seen(tell, report("sign-0", 1, "a", "B2"), problem=counted)
    trust = told.catalog.trust.model_copy(update={"spread": ((0.0,) * 6,) * 7})
    told = replace(told, catalog=told.catalog.model_copy(update={"trust": trust}))
    likelihood = told.score(at=AT).scenarios[0].likelihood
    assert ends(told)[0] == pytest.approx((likelihood, likelihood), abs=1e-6)


def test_an_unknown_problem_is_refused(tell: Tell) -> None:
    with pytest.raises(QuestionError, match=r"^IW501 unknown problem \(front\); "):
        seen(tell).score(problem="front", at=AT)
