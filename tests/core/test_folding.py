"""Intervals folded onto a grid: sums and freshest statements against the same worked out one by one."""

from collections.abc import Sequence
from dataclasses import replace
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from iwscore.core.bundles import Floats, Times
from iwscore.core.folding import Folds, Stays
from iwscore.core.grids import Grid
from tests.core.rows import DAY, HALF_LIVES, QUARTER, problem

PROBLEM = problem()
TIMES = np.arange(-4, 60) * QUARTER * 3
Told = tuple[int, float, float, int, int, int]
ONE = st.tuples(
    st.integers(0, 4),
    st.floats(0.01, 5.3),
    st.floats(0.001, 0.99),
    st.integers(0, 400),
    st.integers(0, 62),
    st.integers(0, 62),
)


def stays(told: Sequence[Told]) -> Stays:
    """Each begins at or after the first time that is not before it, and lasts some while."""
    channel, nats, trust, before, first, length = (np.array(column) for column in zip(*told, strict=True))
    last = first + 1 + length % (len(TIMES) - first)
    return Stays(channel, nats, trust, TIMES[first] - before * QUARTER // 7, first, last)


def one_by_one(said: Stays, times: Times, worth: Floats) -> Floats:
    """What is left of each statement at each time. Shape (T, M)."""
    half_life = np.array([days for row in HALF_LIVES for days in row])[said.channel] * DAY
    left = worth * 2.0 ** (-(times[:, None] - said.observed_at) / half_life)
    place = np.arange(len(times))[:, None]
    return np.where((said.first <= place) & (place < said.last), left, 0.0)


@given(st.lists(ONE, min_size=1, max_size=20))
def test_sums_and_the_freshest_are_those_of_the_statements(told: list[Told]) -> None:
    said = stays(told)
    folds = Folds(Grid.of(TIMES), PROBLEM, slice(0, 2))
    folds.add(said)
    nats, fresh = one_by_one(said, TIMES, said.nats), one_by_one(said, TIMES, said.trust)
    for channel, found in enumerate(folds.nats().T):
        np.testing.assert_allclose(found, nats[:, said.channel == channel].sum(axis=1), rtol=1e-13, atol=1e-16)
    for indicator, found in enumerate(folds.fresh().T):
        mine = (said.channel >= 2) == (indicator == 1)
        np.testing.assert_allclose(found, fresh[:, mine].max(axis=1, initial=0.0), rtol=1e-15, atol=1e-17)
    assert folds.speaking().tolist() == (nats > 0).sum(axis=1).tolist()


@given(st.lists(ONE, min_size=1, max_size=20), st.permutations(range(20)), st.integers(0, 63))
def test_neither_order_nor_the_rest_of_the_grid_shows(told: list[Told], mixed: list[int], alone: int) -> None:
    said = stays(told)
    whole, again = (Folds(Grid.of(TIMES), PROBLEM, slice(0, 2)) for _ in range(2))
    whole.add(said)
    for row in (row for row in mixed if row < len(said)):
        again.add(said.take(slice(row, row + 1)))
    assert again.nats().tobytes() == whole.nats().tobytes()
    there = np.flatnonzero((said.first <= alone) & (alone < said.last))
    one = Folds(Grid.of(TIMES[alone : alone + 1]), PROBLEM, slice(0, 2))
    zeros = np.zeros(len(there), dtype=np.int64)
    one.add(replace(said.take(there), first=zeros, last=zeros + 1))
    assert one.nats()[0].tobytes() == whole.nats()[alone].tobytes()
    assert one.fresh()[0].tobytes() == whole.fresh()[alone].tobytes()


@given(st.lists(st.tuples(st.integers(0, 40), st.sampled_from([0.42, 0.84])), min_size=2, max_size=20), st.randoms())
def test_of_reports_microseconds_apart_the_freshest_is_heard_in_any_order(
    told: list[tuple[int, float]], chance: Random
) -> None:
    late, trust = (np.array(column) for column in zip(*told, strict=True))
    observed_at = TIMES[9] - late - np.where(trust == 0.84, round(HALF_LIVES[0][0] * DAY), 0)
    first = np.full(len(told), 10)
    said = Stays(first - 10, np.ones(len(told)), trust, observed_at, first, first + 40)
    mixed = chance.sample(range(len(told)), len(told))

    def fresh(parts: Sequence[Stays]) -> Floats:
        folds = Folds(Grid.of(TIMES), PROBLEM, slice(0, 2))
        for part in parts:
            folds.add(part)
        return folds.fresh()[:, 0]

    whole = fresh([said])
    assert whole.tobytes() == fresh([said.take(slice(row, row + 1)) for row in mixed]).tobytes()
    halves = np.split(np.array(mixed), 2 * [len(told) // 2])
    np.testing.assert_allclose(whole, np.max([fresh([said.take(rows)]) for rows in halves], axis=0), rtol=1e-15)
    np.testing.assert_allclose(whole, one_by_one(said, TIMES, said.trust).max(axis=1), rtol=1e-15)


def test_more_than_can_be_told_apart_at_once_are_told_apart_in_turn() -> None:
    said = stays([(0, 1.0, 0.1 * n, 0, n, 9) for n in range(1, 10)])
    whole, parted = (Folds(Grid.of(TIMES), PROBLEM, slice(0, 2)) for _ in range(2))
    whole.add(said)
    fresh = whole.fresh()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("iwscore.core.folding._PLACES", 2)
        patch.setattr("iwscore.core.folding._AT_ONCE", 3)
        parted.add(said)
        np.testing.assert_array_equal(parted.fresh(), fresh)


def test_shares_are_added_at_single_times() -> None:
    folds = Folds(Grid.of(TIMES[:3]), PROBLEM, slice(1, 2))
    folds.add_shares(np.array([3, 3]), np.array([1, 1]), np.array([0.5, 0.25]))
    assert folds.nats().tolist() == [[0.0, 0.0, 0.0], [0.0, 0.75, 0.0], [0.0, 0.0, 0.0]]
    assert not folds.fresh().any()
