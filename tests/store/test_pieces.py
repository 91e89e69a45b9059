"""Pieces as bytes: what was written comes back, and nothing else does."""

import io
import json
import struct
import zlib
from typing import Any

import numpy as np
import pytest

from iwscore.store.pieces import NAMED, Piece, Spoilt, encode, read_page, read_piece

COLUMNS: dict[str, Any] = {
    **dict.fromkeys(NAMED, np.array([0, 1, 0], dtype="u1")),
    "value": np.array([np.nan]),
    "observed_at": np.array([3, -1, 2]),
    "known_from": np.array([5]),
    "kind": np.array([0], dtype="i1"),
    "skipped": np.array([12]),
    "linked": np.array([13]),
    "target": np.array([4]),
}


def piece() -> Piece:
    """Return the entries from 11 to 14, the second of which is no report."""
    return Piece(11, 14, 7, "ab" * 32, dict.fromkeys(NAMED, ("", "é")), COLUMNS)


def written(after: int = 9) -> bytes:
    return b"".join(encode(piece(), after)[0])


def page_of(raw: bytes, after: int = 9) -> Any:
    return read_page(io.BytesIO(raw), 0, len(raw), after)


def rewritten(**changes: Any) -> bytes:
    """Return a piece whose page says something else, under a checksum that fits."""
    raw = written()
    _, length, _ = struct.unpack("<8sII", raw[:16])
    page = json.dumps(json.loads(raw[16 : 16 + length]) | changes).encode()
    return struct.pack("<8sII", raw[:8], len(page), zlib.crc32(page)) + page + raw[16 + length :]


def test_a_piece_comes_back_as_it_was() -> None:
    raw = written()
    page = page_of(raw)
    again = read_piece(raw[page.begin : page.end], page)
    assert (page.end, len(page), len(again)) == (len(raw), 3, 3)
    assert (again.first, again.last, again.batch, again.digest) == (11, 14, 7, "ab" * 32)
    assert again.names == dict.fromkeys(NAMED, ("", "é"))
    for name, column in COLUMNS.items():
        np.testing.assert_array_equal(again.columns[name], column)
        assert again.columns[name].dtype == column.dtype


@pytest.mark.parametrize(("last", "rows"), [(11, 1), (12, 1), (13, 2), (14, 3), (99, 3)])
def test_rows_up_to_an_entry_are_counted(last: int, rows: int) -> None:
    assert piece().upto(last) == rows


def test_every_cut_leaves_no_piece() -> None:
    raw = written()
    assert all(page_of(raw[:size]) is None for size in range(len(raw)))


def test_every_other_byte_is_noticed() -> None:
    raw = written()
    for place in range(len(raw)):
        spoilt = bytearray(raw)
        spoilt[place] ^= 1
        page = page_of(bytes(spoilt))
        if page is not None:
            with pytest.raises(Spoilt):
                read_piece(bytes(spoilt)[page.begin : page.end], page)


@pytest.mark.parametrize(
    "changes", [{"form": 0}, {"after": 8}, {"columns": 1}, {"names": None}, {"columns": {"value": ["no", 1, 1]}}]
)
def test_a_page_of_another_kind_is_spoilt(changes: dict[str, Any]) -> None:
    with pytest.raises(Spoilt):
        page_of(rewritten(**changes))
