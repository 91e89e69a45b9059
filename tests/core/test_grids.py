"""Where on a grid of times something begins."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from iwscore.core.bundles import NEVER
from iwscore.core.grids import Grid

TIMES = st.integers(-(10**15), 10**15)


@given(st.lists(TIMES, max_size=9).map(sorted), st.lists(TIMES | st.just(NEVER), max_size=9))
def test_it_begins_at_the_first_time_that_is_not_before_it(times: list[int], since: list[int]) -> None:
    grid = Grid.of(np.array(times, dtype=np.int64))
    assert len(grid) == len(times)
    places = grid.first_at(np.array(since, dtype=np.int64)).tolist()
    assert places == [sum(t < one for t in times) for one in since]


@given(TIMES, st.integers(1, 10**12), st.integers(2, 9), st.lists(TIMES | st.just(NEVER), max_size=9))
def test_even_steps_are_counted(start: int, step: int, count: int, since: list[int]) -> None:
    times = start + step * np.arange(count)
    grid = Grid.of(times)
    assert grid.step == step
    places = np.array(since, dtype=np.int64)
    assert grid.first_at(places).tolist() == np.searchsorted(times, places).tolist()


def test_times_must_ascend() -> None:
    with pytest.raises(ValueError, match=r"times\[1\] is 1; times must ascend"):
        Grid.of(np.array([2, 1]))
