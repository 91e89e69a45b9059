"""Assembling: pieces fill columns, up to an entry, and what cannot have been written is refused."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from iwscore.domain.observations import NEVER
from iwscore.store.assembling import Whole
from iwscore.store.caches import Cache
from iwscore.store.pieces import NAMED, Piece, Spoilt
from tests.store.test_caches import put
from tests.store.test_pieces import COLUMNS

NAMES = dict.fromkeys(NAMED[:-1], ("", "x")) | {"grade": ("B2", "3")}


def piece(names: Mapping[str, tuple[str, ...]] = NAMES, **changes: Any) -> Piece:
    """Return the entries from 1 to 4, the second of which is no report; the third is about the first."""
    places = {"skipped": np.array([2]), "linked": np.array([3]), "target": np.array([1])}
    return Piece(1, 4, 1, "", names, COLUMNS | places | changes)


def test_a_piece_that_is_cut_leaves_no_name_of_its_rest() -> None:
    whole = Whole(2)
    whole.add(piece())
    columns = whole.columns("head")
    assert (len(columns), columns.subject.names, columns.stands_until.tolist()) == (1, ("",), [NEVER])
    assert (columns.last, columns.log) == (5, "head")


def test_pieces_fill_the_columns() -> None:
    whole = Whole(4)
    whole.add(piece(kind=np.array([0, 1, 0], dtype="i1"), known_from=np.array([5, 7, 9])))
    columns = whole.columns("")
    assert [columns.source[row] for row in range(3)] == ["", "x", ""]
    assert (columns.reliability.tolist(), columns.credibility.tolist()) == ([1, -1, 1], [1, 2, 1])
    assert columns.stands_until.tolist() == [7, NEVER, NEVER]
    assert np.isnan(columns.value).all()


def test_nothing_is_an_empty_bundle() -> None:
    columns = Whole(0).columns("")
    assert (len(columns), columns.last, columns.subject.names) == (0, None, ())


@pytest.mark.parametrize(
    "changes",
    [
        {"subject": np.array([0, 9, 0], dtype="u1")},
        {"observed_at": np.array([1, 2])},
        {"names": dict.fromkeys(NAMED[:-1], ("", "x")) | {"grade": ("B2", "Z9")}},
        {"names": dict.fromkeys(NAMED[:-1], ("", "x"))},
    ],
    ids=["a name there is not", "too few rows", "no grade", "no names"],
)
def test_what_was_never_written_is_spoilt(tmp_path: Any, changes: dict[str, Any]) -> None:
    cache = Cache(tmp_path / "log.columns")
    put(cache, piece(**changes))
    with cache.reading() as shelf, pytest.raises(Spoilt):
        Whole(4).load(shelf, shelf.pages)
