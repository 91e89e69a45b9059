"""From entries to pieces: texts become numbers, and every number takes as little room as it can.

Here belongs making pieces of entries that no piece has yet. What is read of them belongs to ``store.collecting``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

from iwscore.domain.observations import NEVER
from iwscore.store.databases import Database
from iwscore.store.digests import Block
from iwscore.store.entries import RETRACTION
from iwscore.store.naming import Index
from iwscore.store.pieces import NAMED, Piece
from iwscore.store.recalling import known_since, refuse_grades, refuse_times
from iwscore.store.schema import batches, entries, ids
from iwscore.store.segments import read_columns

__all__ = ["ENTRIES", "read_pieces"]

ENTRIES = 1 << 18  # of which a piece is full
_FIELDS = ("seq", "batch", "kind", "observed_at", "reported_at", "value", *NAMED, "target")
_TIMES = ("seq", "observed_at", "known_from", "linked", "target")
_AT_ONCE = 500
_BATCH = (
    sa.select(batches.c.number, batches.c.digest)
    .where(batches.c.first <= sa.bindparam("last"))
    .order_by(batches.c.number.desc())
    .limit(1)
)
Arrays = dict[str, NDArray[Any]]


def read_pieces(
    database: Database,
    connection: sa.Connection,
    *,
    after: int,
    last: int,
    names: Mapping[str, Sequence[str]],
    progress: Callable[[int, int], None] | None = None,
) -> Iterator[Piece]:
    """Yield the entries behind a place up to another in pieces; ``names`` are those that the pieces before have.

    ``progress`` is told how many entries of all are done.

    Raises
    ------
    Unreachable
        If the log is damaged.
    """
    if after >= last:
        return
    pile = _Pile(database, connection, after, names)
    for block in read_columns(database, connection, after=after, names=_FIELDS):
        count = int(np.searchsorted(_numbers(block["seq"]), last, side="right"))
        done = pile.add({name: column[:count] for name, column in block.items()}) if count else last
        if progress:
            progress(done - after, last - after)
        if count < len(block["seq"]) or done >= last:
            break
        if done - pile.after >= ENTRIES:
            yield pile.piece(done)
    yield pile.piece(last)


class _Pile:
    """Blocks on their way to a piece of the entries behind ``after``."""

    def __init__(
        self, database: Database, connection: sa.Connection, after: int, names: Mapping[str, Sequence[str]]
    ) -> None:
        self._database, self._connection, self.after = database, connection, after
        self._index = {name: Index(names[name]) for name in NAMED}
        self._begin()

    def add(self, block: Block) -> int:
        """Put more entries on the pile, at least one; return the place of the last."""
        seq, batch, kind, observed_at, reported_at = (_numbers(block[name]) for name in _FIELDS[:5])
        known_from = known_since(self._database, self._connection, batch, reported_at)
        refuse_times(self._database, observed_at, reported_at, known_from)
        linked = np.flatnonzero((kind > 0) & (kind <= RETRACTION))
        target = _targets(self._connection, block["target"].take(linked).to_pylist())
        kept = kind <= RETRACTION
        kept[linked[target < 0]] = False
        arrays = {
            "seq": seq,
            "value": block["value"].to_numpy(zero_copy_only=False),
            "observed_at": np.where(kind == RETRACTION, known_from, observed_at) if len(linked) else observed_at,
            "known_from": known_from,
            "kind": kind.astype(np.int8),
        }
        told = {name: block[name] for name in NAMED}
        if not kept.all():
            arrays = {name: array[kept] for name, array in arrays.items()}
            told = {name: column.filter(kept) for name, column in told.items()}
        arrays |= {name: self._index[name].codes(column) for name, column in told.items()}
        self._blocks.append(arrays | {"linked": seq[linked[target >= 0]], "target": target[target >= 0]})
        return int(seq[-1])

    def piece(self, last: int) -> Piece:
        """Return the pile as a piece that ends at that place, and begin another."""
        names = {name: tuple(index.names(after=self._known[name])) for name, index in self._index.items()}
        refuse_grades(self._database, names["grade"])
        whole = {name: np.concatenate([block[name] for block in self._blocks]) for name in self._blocks[0]}
        there = whole.pop("seq") - self.after - 1
        missing = np.ones(last - self.after if len(there) < last - self.after else 0, dtype=bool)
        missing[there[: len(missing)]] = False
        columns = {name: array if name in _TIMES[3:] else _alike(array) for name, array in whole.items()}
        columns["skipped"] = np.flatnonzero(missing) + self.after + 1
        number, digest = self._connection.execute(_BATCH, {"last": last}).one()
        first, self.after = self.after + 1, last
        self._begin()
        return Piece(first, last, number, bytes(digest).hex(), names, columns)

    def _begin(self) -> None:
        self._known = {name: len(index) for name, index in self._index.items()}
        kinds = dict.fromkeys(NAMED, "u1") | dict.fromkeys(_TIMES, "i8") | {"value": "f8", "kind": "i1"}
        self._blocks: list[Arrays] = [{name: np.zeros(0, dtype=kind) for name, kind in kinds.items()}]


def _numbers(column: Any) -> NDArray[np.int64]:
    told = column.fill_null(NEVER) if column.null_count else column
    numbers: NDArray[np.int64] = told.to_numpy(zero_copy_only=False)
    return numbers


def _targets(connection: sa.Connection, keys: Sequence[bytes | None]) -> NDArray[np.int64]:
    """Return the place of the report that each of these ids is of, -1 where it is of none. Shape (len(keys),)."""
    wanted = sorted({key for key in keys if key is not None})
    places: dict[bytes | None, int] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        query = sa.select(ids.c.id, ids.c.seq).join(entries, entries.c.seq == ids.c.seq)
        query = query.where(entries.c.kind <= RETRACTION, ids.c.id.in_(wanted[start : start + _AT_ONCE]))
        places |= {bytes(key): seq for key, seq in connection.execute(query)}
    return np.array([places.get(key, -1) for key in keys], dtype=np.int64)


def _alike(array: NDArray[Any]) -> NDArray[Any]:
    """Return one row where all are alike, to the last bit."""
    bits = array.view(f"u{array.itemsize}")
    return array[:1] if len(bits) and bits[0] == bits[-1] and (bits == bits[0]).all() else array
