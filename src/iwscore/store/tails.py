"""What the log has taken since it stood at a head: for whoever keeps its columns and follows it.

Here belongs reading what is new, in pieces and in the order of recording. The whole log in canonical order belongs to
``store.recalling``; who keeps the columns, to ``services``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import sqlalchemy as sa
from numpy.typing import NDArray
from pyarrow import types

from iwscore.domain.grades import parse_grade
from iwscore.domain.observations import NEVER, Names
from iwscore.store.appending import head_of
from iwscore.store.clocks import EARLIEST, LATEST
from iwscore.store.databases import Database, damaged
from iwscore.store.digests import TYPES, Block
from iwscore.store.entries import CATALOG, OUTCOME, RETRACTION, Head
from iwscore.store.registering import recorded
from iwscore.store.rolls import NO_TARGET, Roll, aim, call, places_of
from iwscore.store.schema import batches, entries, ids
from iwscore.store.segments import read_columns

__all__ = ["NAMED", "NO_TARGET", "Piece", "Tail", "read_tail"]

NAMED = ("subject", "indicator", "level", "source", "origin")
_NUMBERS = ("seq", "batch", "kind", "observed_at", "reported_at", "value")
_READ = (*_NUMBERS, "id", *NAMED, "grade", "marking", "target")
_AT_ONCE = 500
_Places = dict[bytes, tuple[int, int]]
_NEW = sa.select(*(entries.c[name] for name in _READ)).order_by(entries.c.seq)


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """N observations, corrections and retractions in the order of recording, as in ``domain.columns``.

    ``seq`` is each one's place in the log, ``target`` the place of what it is about, `NO_TARGET` where there is none,
    ``marking`` a place in ``MARKINGS``. Names come as they are met. Every array has shape (N,).
    """

    seq: NDArray[np.int64]
    kind: NDArray[np.int8]
    marking: NDArray[np.int8]
    target: NDArray[np.int64]
    observed_at: NDArray[np.int64]
    known_from: NDArray[np.int64]
    value: NDArray[np.float64]
    reliability: NDArray[np.int8]
    credibility: NDArray[np.int8]
    subject: Names
    indicator: Names
    level: Names
    source: Names
    origin: Names

    def __len__(self) -> int:
        """Return N."""
        return len(self.seq)

    def take(self, rows: NDArray[np.int64] | NDArray[np.bool_]) -> Piece:
        """Return some of the rows."""
        columns: dict[str, Any] = {}
        for field in fields(self):
            column = getattr(self, field.name)
            columns[field.name] = Names(column.codes[rows], column.names) if field.name in NAMED else column[rows]
        return Piece(**columns)


@dataclass(frozen=True, slots=True, eq=False)
class Tail:
    """What came in up to a head.

    ``catalogs`` are those in force one after another by then, each with its time; None where none was added. ``anew``
    says that all of it is here: there was nothing before, or the log is no longer the one that stood there. ``rolls``
    have every entry, ``ids`` the id of each that corrects or retracts another, and of that other, by place.
    """

    head: Head
    anew: bool
    pieces: tuple[Piece, ...]
    rolls: tuple[Roll, ...]
    ids: Mapping[int, bytes]
    catalogs: tuple[tuple[int, str], ...] | None


def read_tail(database: Database, connection: sa.Connection, after: Head) -> Tail | None:
    """Return what the log has taken since it stood at that head; None where it stands there still."""
    head = head_of(connection)
    if head.digest == after.digest:
        return None
    anew = not after.batch or not _stood_at(connection, after)
    if anew:
        after = Head()
    stamps = _Stamps.of(connection, after)
    pieces, rolls, told = [], [], []
    for block in _blocks(database, connection, after, head):
        rolls.append(_roll(database, block, stamps))
        piece, names = _piece(database, _reports(block), stamps)
        pieces.append(piece)
        told.append(names)
    wanted = {name for names in told for name in names if name is not None}
    places = _places(connection, sorted(wanted))  # not before: one connection reads one thing at a time
    met: dict[int, bytes] = {}
    for roll, names in zip(rolls, told, strict=True):
        met |= aim(roll, names, places)
    reports = {name: seq for name, (seq, kind) in places.items() if kind <= RETRACTION}
    aimed = [_aimed(piece, names, reports) for piece, names in zip(pieces, told, strict=True)]
    put_in_force = any((roll.kind == CATALOG).any() for roll in rolls)
    catalogs = tuple(recorded(database, connection, head)) if put_in_force else None
    return Tail(head, anew, tuple(piece for piece in aimed if len(piece)), tuple(rolls), met, catalogs)


def _stood_at(connection: sa.Connection, head: Head) -> bool:
    """Return whether the log's chain goes through that head."""
    query = sa.select(batches.c.digest).where(batches.c.number == head.batch)
    digest = connection.execute(query).scalar()
    return digest is not None and bytes(digest).hex() == head.digest


def _blocks(database: Database, connection: sa.Connection, after: Head, head: Head) -> Iterator[Block]:
    """Yield what is new: all of it from the segments, a few rows by a plain query, which starts sooner."""
    query = _NEW.where(entries.c.seq > after.entries)
    if not after.entries:
        yield from read_columns(database, connection)
    elif head.entries - after.entries > _AT_ONCE:
        yield from database.blocks(connection, query)
    else:
        columns = zip(*connection.execute(query).all(), strict=True)
        yield {name: pa.array(column, TYPES[name]) for name, column in zip(_READ, columns, strict=True)}


def _reports(block: Block) -> Block:
    """Return the rows of a block that are no outcomes and no catalogs."""
    wanted = pc.less_equal(block["kind"], RETRACTION)
    return {name: block[name].filter(wanted) for name in _READ}


@dataclass(frozen=True, slots=True, eq=False)
class _Stamps:
    """Number, stamp and kind of the batches after a head, ascending; (B,) each."""

    number: NDArray[np.int64]
    recorded_at: NDArray[np.int64]
    historical: NDArray[np.int64]

    @classmethod
    def of(cls, connection: sa.Connection, after: Head) -> _Stamps:
        """Read them."""
        query = sa.select(batches.c.number, batches.c.recorded_at, batches.c.historical)
        rows = connection.execute(query.where(batches.c.number > after.batch).order_by(batches.c.number)).all()
        return cls(*np.array(rows, dtype=np.int64).reshape(-1, 3).T)

    def known_from(self, batch: NDArray[np.int64], reported_at: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return since when rows of these batches count: a stamp, or when they were told where that is history."""
        place = np.searchsorted(self.number, batch)
        return np.where(self.historical[place] == 1, reported_at, self.recorded_at[place])


def _roll(database: Database, block: Block, stamps: _Stamps) -> Roll:
    """Return the roll of a block, without targets."""
    known_from = stamps.known_from(_numbers(block["batch"], 0), _numbers(block["reported_at"], NEVER))
    _refuse_strange(database, known_from)
    return call(block, _names(block["marking"]), known_from)


def _piece(database: Database, block: Block, stamps: _Stamps) -> tuple[Piece, list[bytes | None]]:
    """Return a block as a piece without targets, and the ids of what its corrections and retractions are about."""
    kind = _numbers(block["kind"], 0)
    known_from = stamps.known_from(_numbers(block["batch"], 0), _numbers(block["reported_at"], NEVER))
    observed_at = np.where(kind == RETRACTION, known_from, _numbers(block["observed_at"], NEVER))
    _refuse_strange(database, observed_at)
    grade = _names(block["grade"])
    used, grade_of = np.unique(grade.codes, return_inverse=True)  # a reader of files may have met words of no row
    texts = [grade.names[code] for code in used.tolist()]
    grades = np.array(_grades(database, texts), dtype=np.int8).reshape(-1, 2)
    piece = Piece(
        seq=_numbers(block["seq"], 0),
        kind=kind.astype(np.int8),
        marking=places_of(_names(block["marking"])),
        target=np.full(len(kind), NO_TARGET),
        observed_at=observed_at,
        known_from=known_from,
        value=_numbers(block["value"], np.nan),
        reliability=grades[grade_of, 0],
        credibility=grades[grade_of, 1],
        **{name: _names(block[name]) for name in NAMED},
    )
    return piece, block["target"].take(np.flatnonzero(kind > 0)).to_pylist()


def _aimed(piece: Piece, names: Sequence[bytes | None], places: Mapping[bytes, int]) -> Piece:
    """Return a piece with its targets, without what is about outcomes."""
    asking = np.flatnonzero(piece.kind > 0)
    piece.target[asking] = [NO_TARGET if name is None else places.get(name, NO_TARGET) for name in names]
    return piece.take((piece.kind == 0) | (piece.target != NO_TARGET))


def _refuse_strange(database: Database, *clocks: NDArray[np.int64]) -> None:
    """Refuse times outside the calendar: only what was tampered with holds them."""
    for times in clocks:
        if len(times) and (times.min() < EARLIEST or times.max() > LATEST):
            raise damaged(database, "a time lies outside the calendar")


def _grades(database: Database, texts: Sequence[str]) -> list[tuple[int, int]]:
    """Return each grade as two numbers, both -1 where there is none."""
    try:
        return [parse_grade(text) if text else (-1, -1) for text in texts]
    except ValueError as error:
        raise damaged(database, str(error)) from None


def _places(connection: sa.Connection, wanted: Sequence[bytes]) -> _Places:
    """Return where in the log the reports and outcomes with these ids stand, and their kinds."""
    query = sa.select(ids.c.id, ids.c.seq, entries.c.kind).join(entries, entries.c.seq == ids.c.seq)
    found: _Places = {}
    for start in range(0, len(wanted), _AT_ONCE):
        part = ids.c.id.in_(wanted[start : start + _AT_ONCE])
        rows = connection.execute(query.where(part, entries.c.kind <= OUTCOME))
        found |= {bytes(key): (seq, kind) for key, seq, kind in rows}
    return found


def _numbers(column: Any, none: float) -> NDArray[Any]:
    found: NDArray[Any] = column.fill_null(none).to_numpy(zero_copy_only=False)
    return found


def _names(column: Any) -> Names:
    """Return a column of text with each distinct text kept once, in the order of meeting; "" where there is none."""
    coded = column if types.is_dictionary(column.type) else column.dictionary_encode()
    codes = coded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int32) + np.int32(1)
    return Names(codes, ("", *coded.dictionary.to_pylist()))
