"""A trend and its ladder in one go are what each is alone, to the last bit."""

from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from iwscore.core.answering import Folding, Question, answer, rungs, unrevised
from iwscore.core.assessing import Assessed, assess
from iwscore.core.bundles import NEVER, Pieces, Reports, Times
from iwscore.core.hearings import Clocks
from iwscore.core.ladders import Rules
from tests.core.drawing import knowledge, some_regrades, some_rows, some_times
from tests.core.rows import DAY, QUARTER, Regrade, Row, problem, register, reports

LADDER = Folding(
    Rules(np.array([0.0, 0.55, 0.7]), np.array([0.0, 0.5, 0.65]), np.array([0.0, DAY, 2.0 * DAY]), 0.2, 3.0 * DAY),
    adverse=np.array([0]),
    every=DAY,
)


KNOWN = Clocks()


def question(
    rows: list[Row], regrades: list[Regrade], clocks: Clocks = KNOWN, folding: Folding | None = LADDER
) -> Question:
    return Question(reports(rows), register(regrades), problem(groups=[((0, 1), 0.5)]), folding, clocks)


@st.composite
def questions(draw: st.DrawFn) -> Question:
    """Half of them on reports that nothing revises."""
    rows, regrades = draw(some_rows()), draw(some_regrades)
    if draw(st.booleans()):
        rows = [replace(row, known_from=row.observed_at, stands_until=NEVER) for row in rows]
        regrades = draw(st.sampled_from([regrades, []]))
    clocks = Clocks.known_at(draw(knowledge), vintage=draw(st.booleans()))
    return question(rows, regrades, clocks, draw(st.sampled_from([LADDER, LADDER, None])))


def told_alike(one: Any, other: Any) -> bool:
    """Whether all columns of two bundles have the same bits."""
    return all(getattr(one, each.name).tobytes() == getattr(other, each.name).tobytes() for each in fields(one))


def alone(asked: Question, times: Times) -> Assessed:
    return assess(asked.reports, asked.register, asked.expectations, asked.clocks, times)


@given(asked=questions(), times=some_times)
@example(asked=question([], []), times=np.array([0]))
def test_the_answers_are_those_of_the_trend_and_of_the_ladder_alone(asked: Question, times: Times) -> None:
    found = answer(asked, times)
    assert told_alike(found.assessed, alone(asked, times))
    rung, blind = rungs(asked, times)
    assert (found.rung.tolist(), found.blind.tolist()) == (rung.tolist(), blind.tolist())


@given(asked=questions(), times=some_times)
def test_what_is_not_revised_is_the_same_with_vintage(asked: Question, times: Times) -> None:
    if unrevised(asked):
        then, now = (replace(asked, clocks=replace(asked.clocks, vintage=vintage)) for vintage in (True, False))
        assert told_alike(alone(then, times), alone(now, times))


AS_IT_CAME = Row(observed_at=QUARTER, known_from=QUARTER)
LATE = Row(observed_at=QUARTER, known_from=DAY)
GONE = Row(observed_at=QUARTER, known_from=QUARTER, stands_until=DAY)
RELAYED = Row(observed_at=QUARTER, known_from=QUARTER, source=1, origin=2, cap=3)
BURNT = [Regrade(source=2, known_from=DAY, letter=4)]


@pytest.mark.parametrize(
    ("row", "regrades", "revised"),
    [(AS_IT_CAME, [], False), (AS_IT_CAME, BURNT, False), (LATE, [], True), (GONE, [], True), (RELAYED, BURNT, True)],
    ids=["as it came", "another is regraded", "late", "withdrawn", "its origin is regraded"],
)
def test_the_past_is_revised_once_that_is_known(row: Row, regrades: list[Regrade], revised: bool) -> None:
    assert unrevised(question([row], regrades)) is not revised
    assert unrevised(question([row], regrades, Clocks.known_at(DAY))) is not revised
    assert unrevised(question([row], regrades, Clocks.known_at(DAY - 1)))


def test_the_ladder_is_folded_over_each_day_as_then_known() -> None:
    """So on day 0 and known on day 1: the trend has it from day 0 on, the ladder from day 1."""
    asked = question([LATE], [], folding=replace(LADDER, adverse=np.array([1])))
    found = answer(asked, np.array([0, QUARTER, DAY]))
    assert found.rung.tolist() == [0, 0, 1]
    assert found.assessed.likelihood[:, 1].round(2).tolist() == [0.4, 0.63, 0.63]


def test_without_a_ladder_there_is_no_rung() -> None:
    found = answer(question([AS_IT_CAME], [], folding=None), np.array([0, DAY]))
    assert (found.rung.tolist(), found.blind.tolist()) == ([-1, -1], [False, False])


def test_times_must_ascend() -> None:
    with pytest.raises(ValueError, match=r"^times\[1\] is 0; times must ascend$"):
        answer(question([AS_IT_CAME], [], folding=None), np.array([1, 0]))


@given(asked=questions(), times=some_times)
def test_reports_that_come_in_pieces_have_the_answer_of_the_whole(asked: Question, times: Times) -> None:
    whole = asked.reports
    assert isinstance(whole, Reports)
    parts = [whole.take(whole.indicator == indicator) for indicator in range(2)]
    pieces = Pieces(len(whole), lambda: iter(parts))
    assert len(pieces) == len(whole)
    cut, found = answer(replace(asked, reports=pieces), times), answer(asked, times)
    assert told_alike(cut.assessed, found.assessed)
    assert (cut.rung.tolist(), cut.blind.tolist()) == (found.rung.tolist(), found.blind.tolist())
    assert unrevised(replace(asked, reports=pieces)) == unrevised(asked)
