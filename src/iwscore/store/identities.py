"""Who a row is: a digest of its content, its place among all rows, and each row once.

Here belong identity and order. What a row refers to belongs to ``store.targets``.

The digest is BLAKE2b (16 bytes) over the row's columns as they were understood: times in microseconds, numbers as
Python writes them, defaults filled in, joined by NUL. So format, order of columns, quotes and line ends do not show.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from iwscore.domain.observations import COLUMNS, KINDS, NEVER
from iwscore.store.rows import Rows

__all__ = ["Identities", "digests_of", "identify"]

_AT_ONCE = 1 << 16
_TEXT = pa.large_string()
_NUL = pa.scalar("\0", _TEXT)


@dataclass(frozen=True, slots=True, eq=False)
class Identities:
    """M distinct rows of N.

    Attributes
    ----------
    id
        The digests in 32 hexadecimal digits, ordered by knowledge time, then digest. Shape (M,).
    row
        For each of them its first row among the N. Shape (M,).
    place
        For each of the N rows its place among the M. Shape (N,).
    """

    id: NDArray[np.bytes_]
    row: NDArray[np.int64]
    place: NDArray[np.int64]


def identify(rows: Rows) -> Identities:
    """Return the distinct rows in canonical order; what the order of the file was does not show."""
    digests = digests_of(rows)
    high, low = np.frombuffer(digests, dtype=">u8").astype(np.uint64).reshape(-1, 2).T
    order = np.lexsort((low, high, rows.clocks.known_from))
    new = np.ones(len(order), dtype=bool)
    new[1:] = (np.diff(high[order]) != 0) | (np.diff(low[order]) != 0)
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.cumsum(new) - 1
    ids = np.frombuffer(digests.hex().encode(), dtype="S32")
    return Identities(ids[order[new]], order[new], place)


def digests_of(rows: Rows) -> bytes:
    """Return the digest of each row, 16 bytes, one after another."""
    columns = [_column(rows, name) for name in (*COLUMNS, "known_from")]
    digests = []
    for start in range(0, len(rows.number), _AT_ONCE):
        part = slice(start, start + _AT_ONCE)
        texts = [column(part) for column in columns]
        lines = pc.binary_join_element_wise(*texts, _NUL).cast(pa.large_binary()).to_pylist()
        digests += [hashlib.blake2b(line, digest_size=16).digest() for line in lines]
    return b"".join(digests)


def _column(rows: Rows, name: str) -> Callable[[slice], Any]:
    """Return what yields a part of the column as Arrow text."""
    if name in ("observed_at", "known_from", "reported_at"):
        micros: NDArray[np.int64] = getattr(rows.clocks, name)
        return lambda part: pa.array(micros[part], mask=micros[part] == NEVER).cast(_TEXT).fill_null("")
    if name == "value":
        values = pa.array(rows.value).dictionary_encode()
        texts = ["" if math.isnan(number) else repr(number) for number in values.dictionary.to_pylist()]
        return _taking(texts, values.indices.to_numpy())
    if name == "kind":
        return _taking(["", *KINDS], rows.kind + np.int8(1))
    return _taking(rows.cells[name].texts, rows.cells[name].codes)


def _taking(texts: Sequence[str], codes: NDArray[Any]) -> Callable[[slice], Any]:
    words = pa.array(texts, _TEXT)
    return lambda part: words.take(pa.array(codes[part]))
