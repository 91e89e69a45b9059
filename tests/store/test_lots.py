"""Lots: columns that say one thing stay small, and what is cut or joined says the same."""

from typing import Any

import numpy as np
import pytest

from iwscore.store.lots import FIELDS, Lot, cut, is_same, join, once, repeated, rows_in


def lot(*times: int, value: float = np.nan, **columns: Any) -> Lot:
    """Return a lot of reports at these times, otherwise alike."""
    observed = np.array(times)
    alike = {name: repeated(np.int16(0), len(times)) for name in FIELDS}
    return {
        **alike,
        "observed_at": observed,
        "known_from": observed,
        "value": repeated(value, len(times)),
        **{name: np.array(column) for name, column in columns.items()},
    }


def test_a_column_that_says_one_thing_stays_so_when_cut_and_joined() -> None:
    whole = join([cut(lot(1, 2, 3), slice(1, 3)), cut(lot(4, 5), np.array([True, False]))])
    assert whole["observed_at"].tolist() == [2, 3, 4]
    assert whole["known_from"] is whole["observed_at"]
    assert is_same(whole["source"])
    assert is_same(whole["value"])
    assert rows_in(whole) == 3


def test_columns_that_say_different_things_are_put_together() -> None:
    late = lot(7, known_from=[9])
    whole = join([lot(1, value=3.0), late, lot()])
    assert whole["known_from"].tolist() == [1, 9]
    np.testing.assert_array_equal(whole["value"], [3.0, np.nan])
    assert join([late])["known_from"] is late["known_from"]


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        (lot(1, 1, 2, 1), [0, 2, 3]),
        (lot(1, 1, 1, source=[1, 1, 2]), [0, 2]),
        (lot(1, 1, 1, value=4.0), [0]),
        (lot(1, 1, known_from=[2, 3]), [0, 1]),
        (lot(1, 2), [0, 1]),
        ({**lot(1, 1, 1), "value": np.array([np.nan, np.nan, 1.0])}, [0, 2]),
        (lot(), []),
    ],
)
def test_what_is_said_again_at_once_is_kept_once(told: Lot, kept: list[int]) -> None:
    expected = cut(told, np.array(kept, dtype=np.int64))
    for name, column in once(told).items():
        np.testing.assert_array_equal(column, expected[name])
