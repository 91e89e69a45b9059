"""Which reports can be heard, from when to when, and what they are worth then."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from iwscore.core.bundles import EVERYTHING, NEVER
from iwscore.core.hearings import Clocks, Hearings, hear
from iwscore.core.listening import listen
from iwscore.core.trust import trust_nats
from tests.core.drawing import some_clocks, some_regrades, some_rows
from tests.core.rows import DAY, QUARTER, TRUST, Regrade, Row, problem, register, reports

LATE = Row(observed_at=10, known_from=20)
AFTER = Row(observed_at=10, known_from=20, correction=True)


def heard(row: Row, clocks: Clocks, *regrades: Regrade) -> Hearings:
    """The lives of one report."""
    return hear(reports([row]), register(regrades), problem(), clocks)


def lives(row: Row, clocks: Clocks, *regrades: Regrade) -> list[tuple[int, int, float]]:
    """From when, until when, and worth how much a report can be heard."""
    found = heard(row, clocks, *regrades)
    return list(zip(found.enter.tolist(), found.leave.tolist(), found.trust.tolist(), strict=True))


@pytest.mark.parametrize(
    ("row", "clocks", "spans"),
    [
        (LATE, Clocks(), [(10, NEVER)]),
        (LATE, Clocks(reports=20), [(10, NEVER)]),
        (LATE, Clocks(reports=19), []),
        (LATE, Clocks(vintage=True), [(20, NEVER)]),
        (LATE, Clocks(reports=19, vintage=True), []),
        (replace(LATE, stands_until=30), Clocks(), []),
        (replace(LATE, stands_until=30), Clocks(withdrawals=29), [(10, NEVER)]),
        (replace(LATE, stands_until=30), Clocks(withdrawals=30), []),
        (replace(LATE, stands_until=30), Clocks(vintage=True), [(20, 30)]),
        (replace(LATE, stands_until=30), Clocks(withdrawals=29, vintage=True), [(20, NEVER)]),
        (replace(LATE, stands_until=20), Clocks(vintage=True), []),
        (AFTER, Clocks(reports=0), [(10, NEVER)]),
        (AFTER, Clocks(withdrawals=19), []),
        (AFTER, Clocks(withdrawals=19, vintage=True), []),
    ],
)
def test_from_when_to_when_a_report_can_be_heard(row: Row, clocks: Clocks, spans: list[tuple[int, int]]) -> None:
    assert [(enter, leave) for enter, leave, _ in lives(row, clocks)] == spans


A, B, C = TRUST[0, 0], TRUST[1, 0], TRUST[2, 0]
RELAYED = replace(LATE, source=1, origin=2)


@pytest.mark.parametrize(
    ("row", "clocks", "regrades", "expected"),
    [
        (LATE, Clocks(), [Regrade(0, 40, 1)], [(10, NEVER, B)]),
        (LATE, Clocks(regrades=39), [Regrade(0, 40, 1)], [(10, NEVER, A)]),
        (LATE, Clocks(vintage=True), [Regrade(0, 40, 1)], [(20, 40, A), (40, NEVER, B)]),
        (LATE, Clocks(vintage=True), [Regrade(0, 15, 1)], [(20, NEVER, B)]),
        (LATE, Clocks(vintage=True), [Regrade(0, 40, 2), Regrade(0, 40, 1)], [(20, 40, A), (40, NEVER, B)]),
        (
            LATE,
            Clocks(vintage=True),
            [Regrade(0, 40, 1), Regrade(0, 50, 2)],
            [(20, 40, A), (40, 50, B), (50, NEVER, C)],
        ),
        (
            LATE,
            Clocks(regrades=45, vintage=True),
            [Regrade(0, 40, 1), Regrade(0, 50, 2)],
            [(20, 40, A), (40, NEVER, B)],
        ),
        (RELAYED, Clocks(vintage=True), [Regrade(2, 40, 1)], [(20, 40, A), (40, NEVER, B)]),
        (RELAYED, Clocks(vintage=True), [Regrade(0, 40, 1)], [(20, NEVER, A)]),
        (replace(LATE, stands_until=40), Clocks(vintage=True), [Regrade(0, 40, 1)], [(20, 40, A)]),
    ],
)
def test_a_regrade_changes_what_a_report_is_worth_once_it_is_known(
    row: Row, clocks: Clocks, regrades: list[Regrade], expected: list[tuple[int, int, float]]
) -> None:
    assert sorted(lives(row, clocks, *regrades)) == expected


@given(some_rows(), some_clocks, some_regrades)
def test_rows_stand_in_the_order_of_who_tells_what_when(
    rows: list[Row], clocks: Clocks, regrades: list[Regrade]
) -> None:
    found = hear(reports(rows), register(regrades), problem(), clocks)
    order = []
    for n, place in enumerate(found.report):
        row, trust = rows[place], found.trust[n]
        order.append(
            (row.indicator, row.origin, row.source, row.observed_at, row.known_from, trust, row.level, found.enter[n])
        )
    assert order == sorted(order)
    voices = [(key[0], key[1]) for key in order]
    assert found.voice.tolist() == [sorted(set(voices)).index(voice) for voice in voices]
    assert (found.enter < found.leave).all()
    assert (found.own == (found.source == np.array([rows[place].origin for place in found.report]))).all()


@given(some_rows(), some_clocks, st.integers(25, 60))
def test_strength_is_the_order_of_what_is_left_at_any_time(rows: list[Row], clocks: Clocks, quarters: int) -> None:
    found = hear(reports(rows), register(), problem(), clocks)
    assert sorted(found.strength.tolist()) == list(range(len(found)))
    left = found.nats * 2.0 ** (-(quarters * QUARTER - found.observed_at) / DAY / found.half_life_days)
    for channel in np.unique(found.channel):
        mine = np.flatnonzero(found.channel == channel)
        ordered = left[mine[np.argsort(found.strength[mine])]]
        assert (np.diff(ordered) >= -1e-12).all()


def test_evidence_is_that_of_the_trust() -> None:
    found = heard(LATE, Clocks())
    assert found.trust.tolist() == [A]
    assert found.nats.tolist() == trust_nats(np.array([A])).tolist()
    assert found.half_life_days.tolist() == [2.5]


@pytest.mark.parametrize("vintage", [False, True])
def test_without_reports_nothing_can_be_heard(vintage: bool) -> None:
    assert len(hear(reports([]), register([Regrade(0, 1, 2)]), problem(), Clocks(vintage=vintage))) == 0


def test_clocks_may_all_stand_at_one_time() -> None:
    assert Clocks.known_at(7, vintage=True) == Clocks(7, 7, 7, True)
    assert Clocks.known_at(None) == Clocks() == Clocks(EVERYTHING, EVERYTHING, EVERYTHING, False)
    assert Clocks.known_at(NEVER) == Clocks()


def test_some_rows_can_be_taken() -> None:
    found = hear(reports([LATE, replace(LATE, source=1)]), register(), problem(), Clocks())
    assert found.take(np.array([1])).source.tolist() == [1]
    assert found.take(found.source == 0).report.tolist() == [0]


def test_of_two_equally_strong_reports_the_same_is_stronger_whoever_else_is_heard() -> None:
    """Trust .8 is worth ln 9, .5 ln 3, half of it; a half-life apart they are even, and rounding tells them apart."""
    worth = np.full((7, 6), 0.5)
    worth[0, 0] = 0.8
    table = replace(register(), trust=worth)
    for day in range(100):
        told = [Row(level=0, observed_at=day * DAY), Row(level=0, observed_at=(day + 1) * DAY, digit=1)]
        elder = Row(indicator=1, observed_at=-40 * DAY - QUARTER)
        few, more = (hear(reports(rows), table, problem(), Clocks()) for rows in (told, [*told, elder]))
        stronger = [found.report[np.argsort(found.strength[:2])].tolist() for found in (few, more)]
        assert stronger[0] == stronger[1]
        evidence = listen(reports(told), table, problem(), Clocks(), np.array([(day + 2) * DAY]))
        heard_last = few.take(np.array([int(np.argmax(few.strength))]))
        age = (day + 2) - heard_last.observed_at / DAY
        assert evidence.fresh[0, 0] == heard_last.trust[0] * 2.0 ** -age[0]
