"""Whether segments say what the entries say.

Here belongs holding the one against the other while the entries are walked. Segments are written and read by
``store.segments``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import sqlalchemy as sa
from pyarrow import types

from iwscore.store.digests import Block
from iwscore.store.segments import READ, read_segments, unpack

__all__ = ["Comparison"]


@dataclass
class _Held:
    """A segment, None in place of columns that cannot be read, and how many of its entries have fitted so far."""

    first: int
    count: int
    columns: Block | None
    fitting: int = 0

    @property
    def last(self) -> int:
        return self.first + self.count - 1


class Comparison:
    """The segments of a log, held against its entries block by block, in order; ``differing`` has their places."""

    def __init__(self, connection: sa.Connection) -> None:
        self.differing: list[int] = []
        self._segments = _held(connection)
        self._next = next(self._segments, None)

    def hold(self, block: Block) -> None:
        """Hold the next entries against what the segments say of them."""
        seq = block["seq"].to_numpy(zero_copy_only=False)
        while (held := self._next) is not None and seq[-1] >= held.first:
            start, end = np.searchsorted(seq, [held.first, held.last + 1]).tolist()
            held.fitting += _fitting(held, block, start, end)
            if seq[-1] < held.last:
                return
            self._settle(held)

    def close(self) -> None:
        """Settle what no entries have come for."""
        while (held := self._next) is not None:
            self._settle(held)

    def _settle(self, held: _Held) -> None:
        if held.fitting != held.count:
            self.differing.append(held.first)
        self._next = next(self._segments, None)


def _held(connection: sa.Connection) -> Iterator[_Held]:
    for first, count, packed in read_segments(connection):
        try:
            yield _Held(first, count, unpack(packed))
        except ValueError:
            yield _Held(first, count, None)


def _fitting(held: _Held, block: Block, start: int, end: int) -> int:
    """Return how many of the block's entries from ``start`` to ``end`` the segment has too: all or none."""
    if held.columns is None or start == end:
        return 0
    count, offset = end - start, block["seq"][start].as_py() - held.first
    same = all(
        _plain(held.columns[name].slice(offset, count)).equals(_plain(block[name].slice(start, count))) for name in READ
    )
    return count if same else 0


def _plain(column: Any) -> Any:
    """Return a column without regard to how it is held: text and keys as bytes."""
    if types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if types.is_integer(column.type) or types.is_floating(column.type):
        return column
    return column.cast(pa.large_binary())
