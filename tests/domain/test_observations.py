"""Observations as columns."""

from typing import Any

import numpy as np
import pytest

from iwscore.domain.observations import Names, Observations


def names(*rows: str) -> Names:
    """A column of names, each kept once."""
    kept = tuple(sorted(set(rows)))
    return Names(np.array([kept.index(row) for row in rows], dtype=np.int32), kept)


@pytest.mark.parametrize(
    ("rows", "places"),
    [(("b", "a", "b"), [1, 0, 1]), (("a", "", "x"), [0, -1, -1]), ((), [])],
    ids=["known", "unknown", "no row"],
)
def test_a_name_has_its_place_in_an_index_or_none(rows: tuple[str, ...], places: list[int]) -> None:
    found = names(*rows).places({"a": 0, "b": 1})
    assert found.tolist() == places
    assert found.dtype == np.int64


def test_a_row_has_its_name() -> None:
    assert [names("b", "a")[row] for row in (0, 1)] == ["b", "a"]


@pytest.mark.parametrize("rows", [0, 3])
def test_observations_count_their_rows(rows: int) -> None:
    zeros: Any = np.zeros(rows, dtype=np.int64)
    none = names(*[""] * rows)
    seen = Observations(
        id=zeros.astype("S32"),
        row=zeros,
        observed_at=zeros,
        known_from=zeros,
        subject=none,
        indicator=none,
        level=none,
        value=zeros.astype(float),
        source=none,
        origin=none,
        reliability=zeros.astype(np.int8),
        credibility=zeros.astype(np.int8),
        kind=zeros.astype(np.int8),
        target=zeros - 1,
        texts={},
        last=None,
    )
    assert len(seen) == rows
