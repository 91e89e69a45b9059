"""The whole log as the bundle that every question reads.

Here belongs the way from entries to ``domain.observations``, column by column. Single entries belong to
``store.listing``.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pyarrow.compute as pc
import sqlalchemy as sa
from numpy.typing import NDArray
from pyarrow import types

from iwscore.domain.grades import parse_grade
from iwscore.domain.observations import NEVER, Names, Observations
from iwscore.store.clocks import EARLIEST, LATEST
from iwscore.store.databases import Database, damaged
from iwscore.store.digests import Block, keys_of
from iwscore.store.entries import RETRACTION, Head
from iwscore.store.naming import Index
from iwscore.store.reading import freeze
from iwscore.store.schema import batches
from iwscore.store.segments import READ, read_columns

__all__ = ["known_since", "recall", "refuse_grades", "refuse_times"]

_NAMED = ("subject", "indicator", "level", "source", "origin", "marking", "grade")
_WRITTEN = ("external_id", "note", "url", "reason")
_TIMES = ("observed_at", "reported_at")
_KEYS = ("id", "target")
_NUMBERS = ("seq", "batch", "kind")
_NONE, _ELSEWHERE = -1, -2


def recall(database: Database, connection: sa.Connection, head: Head) -> Observations:
    """Return every observation, correction and retraction up to that head, by ``known_from``, then by place."""
    columns = _Columns()
    for block in read_columns(database, connection):
        columns.add(_reports(block))
    known_from = known_since(database, connection, columns.whole("batch"), columns.whole("reported_at"))
    refuse_times(database, *map(columns.whole, _TIMES), known_from)
    refuse_grades(database, columns.names("grade", np.arange(len(known_from))).names)
    order = np.argsort(known_from, kind="stable")
    targets = _targets(columns)
    order = order[(targets[order] != _ELSEWHERE) & (columns.whole("batch")[order] <= head.batch)]
    return _bundle(columns, known_from, targets, order, head.digest)


def refuse_times(database: Database, *columns: NDArray[np.int64]) -> None:
    """Refuse times outside the calendar: only a log that was tampered with holds them."""
    told = [times[times != NEVER] for times in columns]
    if any(len(times) and (times.min() < EARLIEST or times.max() > LATEST) for times in told):
        raise damaged(database, "a time lies outside the calendar")


def refuse_grades(database: Database, texts: Iterable[str]) -> None:
    """Refuse grades that are none."""
    try:
        for text in filter(None, texts):
            parse_grade(text)
    except ValueError:
        raise damaged(database, f"{text} is no grade") from None


def _reports(block: Block) -> Block:
    """Return the rows of a block that are no outcomes and no catalogs."""
    wanted = pc.less_equal(block["kind"], RETRACTION)
    return block if pc.all(wanted).as_py() else {name: column.filter(wanted) for name, column in block.items()}


class _Columns:
    """Columns that grow by blocks; each distinct name is kept once."""

    def __init__(self) -> None:
        self._parts: dict[str, list[Any]] = {name: [] for name in READ}
        self._index = {name: Index() for name in _NAMED}

    def add(self, block: Any) -> None:
        """Take in a block of rows."""
        for name in (*_NUMBERS, *_TIMES):
            self._parts[name].append(block[name].fill_null(NEVER).to_numpy(zero_copy_only=False))
        self._parts["value"].append(block["value"].fill_null(np.nan).to_numpy(zero_copy_only=False))
        for name in _KEYS:
            self._parts[name].append(keys_of(block[name].fill_null(bytes(16))))
        for name in _NAMED:
            self._parts[name].append(self._index[name].codes(block[name]))
        for name in _WRITTEN:
            self._parts[name].append(_texts(block[name]))

    def whole(self, name: str) -> NDArray[Any]:
        """Return a column of every row so far; of names, the codes. Shape (N,)."""
        parts = self._parts[name]
        if not parts:
            return np.zeros(0, dtype={"value": "f8", "id": "S16", "target": "S16"}.get(name, "i8"))
        if len(parts) > 1:
            self._parts[name] = parts = [np.concatenate(parts)]
        whole: NDArray[Any] = parts[0]
        return whole

    def names(self, name: str, order: NDArray[np.int64]) -> Names:
        """Return a column of names in that order, the names sorted."""
        held = self._index[name].names()
        codes = self.whole(name)[order]
        used = np.unique(codes).tolist()
        texts = sorted(held[code] for code in used)
        index = {text: place for place, text in enumerate(texts)}
        places = np.array([index.get(text, -1) for text in held] or [-1], dtype=np.int32)
        return Names(places[codes], tuple(texts))


def _texts(column: Any) -> NDArray[Any]:
    """Return a column of text as objects; what a dictionary holds is made once."""
    if column.null_count == len(column):
        return np.full(len(column), "", dtype=object)
    if types.is_dictionary(column.type):
        held = np.array([*column.dictionary.to_pylist(), ""], dtype=object)
        shared: NDArray[Any] = held[column.indices.fill_null(-1).to_numpy(zero_copy_only=False)]
        return shared
    texts: NDArray[Any] = column.fill_null("").to_numpy(zero_copy_only=False)
    return texts


def known_since(
    database: Database, connection: sa.Connection, batch: NDArray[np.int64], reported_at: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return since when each row counts: its batch's stamp, or when it was told where the batch is history."""
    query = sa.select(batches.c.number, batches.c.recorded_at, batches.c.historical).order_by(batches.c.number)
    if len(batch):
        query = query.where(batches.c.number.between(int(batch.min()), int(batch.max())))
    number, recorded_at, historical = np.array(connection.execute(query).all(), dtype=np.int64).reshape(-1, 3).T
    place = np.searchsorted(number, batch)
    if not np.array_equal(np.append(number, 0)[place], batch):
        raise damaged(database, "an entry is of no batch")
    return np.where(historical[place] == 1, reported_at, recorded_at[place])


def _targets(columns: _Columns) -> NDArray[np.int64]:
    """Return the row each row is about, -1 for none and -2 where it is about an outcome. Shape (N,)."""
    targets = np.full(len(columns.whole("seq")), _NONE, dtype=np.int64)
    asking = np.flatnonzero(columns.whole("kind") > 0)
    if not len(asking):
        return targets
    ids = columns.whole("id")
    order = np.argsort(ids)
    wanted = columns.whole("target")[asking]
    place = np.minimum(np.searchsorted(ids, wanted, sorter=order), len(ids) - 1)
    targets[asking] = np.where(ids[order[place]] == wanted, order[place], _ELSEWHERE)
    return targets


def _bundle(
    columns: _Columns, known_from: NDArray[np.int64], targets: NDArray[np.int64], order: NDArray[np.int64], log: str
) -> Observations:
    """Return the columns in that order, no longer writeable."""
    at = np.full(len(targets) + 1, -1, dtype=np.int64)
    at[order] = np.arange(len(order))
    kind = columns.whole("kind")[order]
    known = known_from[order]
    grade = columns.names("grade", order)
    grades = np.array([parse_grade(text) if text else (-1, -1) for text in grade.names], dtype=np.int8).reshape(-1, 2)
    texts: dict[str, NDArray[Any]] = {name: columns.whole(name)[order].astype(object) for name in _WRITTEN}
    for name, names in (("marking", columns.names("marking", order)), ("grade", grade)):
        texts[name] = np.array(names.names, dtype=object)[names.codes]
    observed_at = np.where(kind == RETRACTION, known, columns.whole("observed_at")[order])
    bundle = Observations(
        id=np.frombuffer(columns.whole("id")[order].tobytes().hex().encode(), dtype="S32"),
        row=columns.whole("seq")[order],
        observed_at=observed_at,
        known_from=known,
        **{name: columns.names(name, order) for name in ("subject", "indicator", "level", "source", "origin")},
        value=columns.whole("value")[order],
        reliability=grades[grade.codes, 0],
        credibility=grades[grade.codes, 1],
        kind=kind.astype(np.int8),
        target=at[targets[order]],
        texts=texts,
        last=int(known[-1]) if len(known) else None,
        log=log,
        ended=None,
    )
    freeze(bundle)
    return bundle
