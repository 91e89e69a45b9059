"""Rows in which nothing can be wrong, seen at once from whole columns.

Here belongs the quick way from typed columns to a lot. Any doubt sends the rows to the judge of ``store.rows``, whose
word is final: both find the same.

What a column says in other words is looked up: its distinct texts are judged as a column of their own, once for all
rows and all batches that share them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any, NamedTuple, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from pyarrow import types

from iwscore.core.bundles import NEVER
from iwscore.domain.catalogs import Catalog
from iwscore.domain.grades import parse_grade
from iwscore.domain.observations import MARKINGS
from iwscore.domain.times import DAY
from iwscore.store.cells import Cells, is_plain, read_cells
from iwscore.store.clocks import EARLIEST, LATEST, MICROSECONDS, common_times, read_times
from iwscore.store.lots import Lot, repeated
from iwscore.store.numbering import BLANK, Numbering
from iwscore.store.rows import letters_begin
from iwscore.store.tables import Table
from iwscore.store.verdicts import Verdicts

__all__ = ["PlainRows"]

_FREE = ("external_id", "note", "url", "reason", "id", "author")  # any text will do
_FEW = {"kind": ("observation",), "marking": MARKINGS, "target": ()}  # nothing else is plain
_NAMES = ("indicator", "level", "source", "origin", "subject")
Found = NDArray[Any]
Judged = TypeVar("Judged")


class _Doubt(Exception):
    """These rows are not plain."""


class _Clock(NamedTuple):
    """A column of times: microseconds, those that count for knowledge, and which are given; None is all of them."""

    micros: NDArray[np.int64]
    known: NDArray[np.int64]
    given: NDArray[np.bool_] | None


class PlainRows:
    """The quick way for one reading: it keeps what it has found out about the texts of each column."""

    def __init__(self, catalog: Catalog, numberings: Mapping[str, Numbering]) -> None:
        self._catalog = catalog
        self._numberings = numberings
        self._words: dict[str, tuple[Any, tuple[Found, ...]]] = {}
        self._begins = letters_begin(catalog, numberings["source"].names)

    def lot(self, columns: Mapping[str, Any], rows: int) -> Lot | None:
        """Return the rows of these Arrow columns as a lot, or None in doubt."""
        try:
            return self._lot(columns, rows)
        except _Doubt:
            return None

    def _lot(self, columns: Mapping[str, Any], rows: int) -> Lot:
        for name in columns.keys() & {*_FREE, *_FEW}:
            self._words_of(name, columns[name], _free if name in _FREE else _few(_FEW[name]))
        names = {name: self._numbers(name, columns.get(name), rows) for name in _NAMES}
        names["subject"] = self._subjects(names["subject"])
        for name in ("indicator", "source"):
            _require(names[name].all())
        value = _measures(columns.get("value"), names["level"], rows)
        observed, known = self._clocks(columns, rows)
        reliability, credibility = self._looked_up("grade", columns.get("grade"), _grades)
        _require((credibility >= 0).all())
        if reliability.min(initial=0) < 0:
            _require(not ((reliability < 0) & (observed < self._begins[names["source"]])).any())
        return {
            **names,
            "value": value,
            "observed_at": observed,
            "known_from": known,
            "stands_until": repeated(np.int64(NEVER), rows),
            "reliability": reliability,
            "credibility": credibility,
            "kind": repeated(np.int8(0), rows),
        }

    def _numbers(self, name: str, column: Any, rows: int) -> Found:
        """Return a column of names as numbers."""
        numbering = self._numberings[name]
        if column is None or column.null_count == rows:
            return repeated(np.int16(BLANK), rows)

        if name == "subject":
            column = _without_unused(column)

        def numbers(words: Any) -> tuple[Found, ...]:
            cells = _cells(name, words)
            return (numbering.of(cells.texts)[cells.codes],)

        return self._looked_up(name, column, numbers)[0]

    def _subjects(self, subject: Found) -> Found:
        if subject.all():
            return subject
        only = self._catalog.only_subject
        _require(only is not None)
        (number,) = self._numberings["subject"].of([only or ""])
        return np.where(subject == BLANK, number, subject)

    def _words_of(self, name: str, column: Any, meaning: Callable[[Any], tuple[Found, ...]]) -> tuple[Found, ...]:
        """Return what the column's distinct texts mean, one after another, and last what a blank cell means."""
        words, (before, found) = column.dictionary, self._words.get(name, (None, ()))
        if before is None or not words.equals(before):
            found = meaning(words)
            self._words[name] = words, found
        return found

    def _looked_up(self, name: str, column: Any, meaning: Callable[[Any], tuple[Found, ...]]) -> tuple[Found, ...]:
        """Return what the column's texts mean, row by row."""
        _require(column is not None)
        found = self._words_of(name, column, meaning)
        if len(column.dictionary) == 1 and not column.null_count:
            return tuple(repeated(each[0], len(column)) for each in found)
        indices = column.indices.fill_null(len(column.dictionary)) if column.null_count else column.indices
        places = indices.to_numpy()
        return tuple(each.take(places) for each in found)

    def _clocks(self, columns: Mapping[str, Any], rows: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the times of observation and of knowledge; one array where they are the same."""
        clocks = {
            name: self._clock(name, columns[name])
            for name in ("observed_at", "reported_at", "known_from", "recorded_at")
            if name in columns and columns[name].null_count < rows
        }
        _require(rows == 0 or ("observed_at" in clocks and clocks["observed_at"].given is None))
        if not rows:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
        observed = clocks["observed_at"]
        known = observed.known
        for name in ("reported_at", "known_from"):
            if name in clocks:
                given, own = clocks[name].given, clocks[name].known
                known = own if given is None else np.where(given, own, known)
                _require((known >= observed.micros).all())
        return observed.micros, known

    def _clock(self, name: str, column: Any) -> _Clock:
        if types.is_dictionary(column.type):
            micros, known, given = self._looked_up(name, column, lambda words: _written(name, words))
            return _Clock(micros, known, None if given.all() else given)
        _require(types.is_date32(column.type) or (types.is_timestamp(column.type) and column.type.tz is not None))
        return _typed(column)


def _require(holds: Any) -> None:
    if not holds:
        raise _Doubt


def _cells(name: str, words: Any) -> Cells:
    """Return distinct texts, and after them a blank cell, judged as a column."""
    return _sound(read_cells, name, words)


def _sound(read: Callable[[Table, str, Verdicts], Judged], name: str, words: Any) -> Judged:
    """Return what a judge of columns makes of distinct texts and, after them, a blank cell."""
    count = len(words) + 1
    column = pa.DictionaryArray.from_arrays(pa.array([*range(count - 1), None], pa.int32()), words)
    table = Table("", np.arange(count), {name: column})
    verdicts = Verdicts("", table.rows, [], np.zeros(count, dtype=np.bool_))
    judged = read(table, name, verdicts)
    _require(not verdicts.faults)
    return judged


def _free(words: Any) -> tuple[Found, ...]:
    _require(is_plain(words))
    return ()


def _few(admitted: Collection[str]) -> Callable[[Any], tuple[Found, ...]]:
    def judge(words: Any) -> tuple[Found, ...]:
        _require(len(words) <= len(admitted) + 1 and is_plain(words))
        _require(set(words.cast(pa.large_string()).to_pylist()) <= {"", *admitted})
        return ()

    return judge


def _grades(words: Any) -> tuple[Found, ...]:
    cells, pairs = _cells("grade", words), []
    for text in cells.texts:
        try:
            pairs.append(parse_grade(text))
        except ValueError:
            pairs.append((-1, -1))
    reliability, credibility = np.array(pairs, dtype=np.int8).T
    return reliability[cells.codes], credibility[cells.codes]


def _written(name: str, words: Any) -> tuple[Found, ...]:
    common = common_times(words)
    if common is not None:
        micros = np.append(common, 0)
        return micros, micros, np.append(np.ones(len(common), dtype=np.bool_), False)
    times = _sound(read_times, name, words)
    return times.micros, times.known, times.given


def _typed(column: Any) -> _Clock:
    """Return timestamps, or days, that are all of the calendar and not too fine."""
    days = types.is_date32(column.type)
    micros_each = MICROSECONDS["d" if days else column.type.unit]
    raw = (column.view(pa.int32()).cast(pa.int64()) if days else column.view(pa.int64())).fill_null(0).to_numpy()
    if not days and column.type.unit == "ns":
        _require(not (raw % 1000).any())
        raw = raw // 1000
    if len(raw):
        _require(EARLIEST // micros_each <= raw.min() and raw.max() <= LATEST // micros_each)
    micros = raw if micros_each == 1 else raw * micros_each
    given = column.is_valid().to_numpy(zero_copy_only=False) if column.null_count else None
    return _Clock(micros, micros + (DAY - 1) if days else micros, given)


def _measures(column: Any, level: Found, rows: int) -> NDArray[np.float64]:
    """Return the values, after seeing that each row has a level or a finite value."""
    if column is None or column.null_count == rows:
        _require(level.all())
        return repeated(np.nan, rows)
    _require(types.is_float64(column.type))
    numbers = column.fill_null(np.nan).to_numpy()
    finite = np.isfinite(numbers)
    _require((finite == column.is_valid().to_numpy(zero_copy_only=False)).all())
    _require((finite != (level != BLANK)).all())
    measured: NDArray[np.float64] = numbers + 0.0
    return measured


def _without_unused(column: Any) -> Any:
    """Return a column without the words that no row has: whom nobody reports on is no subject."""
    if len(pc.unique(column.indices.drop_null())) == len(column.dictionary):
        return column
    return column.dictionary_decode().dictionary_encode()
