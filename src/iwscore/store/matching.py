"""What an author has on file already: statements, external_ids, and the targets that drafts name.

Here belongs looking drafts up in the log. What follows from it belongs to ``store.appending``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

from iwscore.domain.observations import NEVER
from iwscore.store.databases import Database
from iwscore.store.digests import keys_of
from iwscore.store.drafts import Drafts
from iwscore.store.ids import with_ids
from iwscore.store.schema import entries

__all__ = [
    "Known",
    "Matched",
    "Span",
    "external_ids_on_file",
    "keys",
    "named_on_file",
    "on_file",
    "span_of",
    "targets_on_file",
]

_ASKED_AT_ONCE = 500
Span = tuple[int, int]  # of observed_at, both inclusive


class Known:
    """A set of fingerprints that grows: in sorted runs, of which the shorter ones are merged."""

    def __init__(self) -> None:
        self._runs: list[tuple[NDArray[np.uint64], NDArray[np.uint64]]] = []

    def add(self, fingerprints: NDArray[np.bytes_]) -> None:
        """Take these in. Shape (N,), 16 bytes each."""
        high, low = _halves(fingerprints)
        while self._runs and len(self._runs[-1][0]) <= 2 * len(high):
            more_high, more_low = self._runs.pop()
            high, low = np.concatenate([more_high, high]), np.concatenate([more_low, low])
        order = np.argsort(high, kind="stable")
        self._runs.append((high[order], low[order]))

    def holds(self, fingerprints: NDArray[np.bytes_]) -> NDArray[np.bool_]:
        """Return which of these it holds. Shape (N,)."""
        high, low = _halves(fingerprints)
        order = np.argsort(high)  # what is near in a run is looked up together
        high, low = high[order], low[order]
        found = np.zeros(len(high), dtype=bool)
        for run_high, run_low in self._runs:
            place = np.searchsorted(run_high, high)
            open_ = np.flatnonzero(~found)
            while len(open_):  # again only where two fingerprints share their first half
                open_ = open_[place[open_] < len(run_high)]
                open_ = open_[run_high[place[open_]] == high[open_]]
                same = run_low[place[open_]] == low[open_]
                found[open_[same]] = True
                open_ = open_[~same]
                place[open_] += 1
        holds = np.empty(len(found), dtype=bool)
        holds[order] = found
        return holds


class Matched:
    """What an author has on file, kept for whoever asks block by block while nothing is added."""

    def __init__(self) -> None:
        self._asked = ("", "")
        self._known: Known | None = None

    def on_file(
        self, database: Database, connection: sa.Connection, author: str, head: str, span: Span | None
    ) -> Known:
        """Return what is on file in a span; all of it from the second time on that the log is asked at this head."""
        asked = (author, head)
        if self._asked != asked:
            self._asked, self._known = asked, None
            return on_file(database, connection, author, span)
        if self._known is None:
            self._known = on_file(database, connection, author, None)
        return self._known


def keys(digits: NDArray[np.bytes_]) -> NDArray[np.bytes_]:
    """Return keys written in 32 hexadecimal digits as 16 bytes each. Shape (N,)."""
    return np.frombuffer(bytes.fromhex(digits.astype("S32").tobytes().decode()), dtype="S16")


def span_of(drafts: Drafts) -> Span:
    """Return the first and last ``observed_at`` of drafts."""
    times = drafts.observed_at[drafts.observed_at != NEVER]
    return (int(times.min()), int(times.max())) if len(times) else (0, 0)


def on_file(database: Database, connection: sa.Connection, author: str, span: Span | None) -> Known:
    """Return the fingerprints of what the author has in the log, all or those of a span and of no time."""
    known = Known()
    query = sa.select(entries.c.fingerprint).where(entries.c.author == author)
    if span is not None:
        observed_at = entries.c.observed_at
        query = query.where(sa.or_(observed_at.between(*span), observed_at.is_(None)))
    for block in database.blocks(connection, query):
        known.add(keys_of(block["fingerprint"]))
    return known


def external_ids_on_file(connection: sa.Connection, names: Sequence[str], author: str) -> set[str]:
    """Return which of these external_ids the author has used."""
    column = entries.c.external_id
    query = sa.select(column).where(entries.c.author == author)
    return {name for part in _parts(names) for (name,) in connection.execute(query.where(column.in_(part)))}


def named_on_file(connection: sa.Connection, names: Sequence[str], author: str) -> dict[str, tuple[str, str]]:
    """Return the fingerprint and the id, as digits, of what the author has under each of these external_ids."""
    column = entries.c.external_id
    query = sa.select(column, entries.c.fingerprint, entries.c.id).where(entries.c.author == author)
    rows = (row for part in _parts(names) for row in connection.execute(query.where(column.in_(part))))
    return {name: (bytes(fingerprint).hex(), bytes(one).hex()) for name, fingerprint, one in rows}


def targets_on_file(
    database: Database, connection: sa.Connection, names: Sequence[bytes], author: str
) -> dict[bytes, tuple[bytes, int]]:
    """Return id and kind of what each name stands for: an id, else the latest fingerprint of the author."""
    found = {}
    query = sa.select(entries.c.id, entries.c.kind)
    for part in _parts(names):
        for one, kind in connection.execute(query.where(with_ids(part))):
            found[bytes(one)] = (bytes(one), kind)
    rest = [name for name in names if name not in found]
    return found | (_by_fingerprint(database, connection, rest, author) if rest else {})


def _by_fingerprint(
    database: Database, connection: sa.Connection, names: Sequence[bytes], author: str
) -> dict[bytes, tuple[bytes, int]]:
    """Return the same by fingerprint: one pass over the author's, as their index begins with the time."""
    wanted = Known()
    wanted.add(np.array(names, dtype="S16"))
    query = sa.select(entries.c.fingerprint, entries.c.seq).where(entries.c.author == author)
    seqs: list[int] = []
    for block in database.blocks(connection, query):
        seqs += block["seq"].to_numpy()[wanted.holds(keys_of(block["fingerprint"]))].tolist()
    asked = sa.select(entries.c.fingerprint, entries.c.id, entries.c.kind)
    rows = (
        row
        for part in _parts(sorted(seqs))
        for row in connection.execute(asked.where(entries.c.seq.in_(part)).order_by(entries.c.seq))
    )
    return {bytes(fingerprint): (bytes(one), kind) for fingerprint, one, kind in rows}


def _parts(names: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(names), _ASKED_AT_ONCE):
        yield names[start : start + _ASKED_AT_ONCE]


def _halves(fingerprints: NDArray[np.bytes_]) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    pairs = np.ascontiguousarray(fingerprints).view(np.uint64).reshape(-1, 2)
    return pairs[:, 0].copy(), pairs[:, 1].copy()
