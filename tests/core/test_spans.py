"""Ragged ranges laid flat and back."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from iwscore.core.spans import blocks, flatten, starts

counts = st.lists(st.integers(0, 5), max_size=12)


@given(st.lists(st.tuples(st.integers(-9, 9), st.integers(0, 4)), max_size=9))
def test_ranges_are_laid_out_one_after_another(ranges: list[tuple[int, int]]) -> None:
    first, count = np.array(ranges, dtype=np.int64).reshape(-1, 2).T
    which, number = flatten(first, count)
    expected = [(r, n) for r, (begin, length) in enumerate(ranges) for n in range(begin, begin + length)]
    assert list(zip(which.tolist(), number.tolist(), strict=True)) == expected


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), max_size=12))
def test_runs_begin_where_any_key_changes(keys: list[tuple[int, int]]) -> None:
    columns = np.array(keys, dtype=np.int64).reshape(-1, 2).T
    expected = [n for n in range(len(keys)) if n == 0 or keys[n] != keys[n - 1]]
    assert starts(*columns).tolist() == expected


@given(counts, st.integers(1, 9))
def test_blocks_hold_few_pairs_or_one_range_and_miss_none(counts: list[int], most: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("iwscore.core.spans.PAIRS_AT_ONCE", most)
        found = list(blocks(np.array(counts, dtype=np.int64)))
    assert [n for block in found for n in range(len(counts))[block]] == list(range(len(counts)))
    for block in found:
        assert sum(counts[block]) <= most or block.stop - block.start == 1
