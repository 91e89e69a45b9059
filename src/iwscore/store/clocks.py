"""Columns of times as microseconds since 1970.

Here belongs reading one column of times, written or typed. How the times of a row relate belongs to ``store.rows``,
the form of a single time to ``domain.times``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from pyarrow import types

from iwscore.domain.times import DAY, parse_instant, to_micros
from iwscore.store.cells import Cells, read_cells
from iwscore.store.tables import Table
from iwscore.store.verdicts import Verdicts
from iwscore.store.wordings import EXAMPLE

__all__ = ["EARLIEST", "LATEST", "MICROSECONDS", "Times", "common_times", "read_times"]

EARLIEST, LATEST = to_micros(parse_instant("0001-01-01")), to_micros(parse_instant("9999-12-31", end_of_day=True))
_COMMON = r"^\d{4}-\d{2}-\d{2}[ T]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,6})?)?(Z|[+-]([01]\d|2[0-3]):?[0-5]\d)$"
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_NO_OFFSET = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}([.,]\d+)?)?", re.IGNORECASE)
_TOO_FINE = re.compile(r".*:\d{2}[.,]\d{7,}.*")
MICROSECONDS = {"d": DAY, "s": 1_000_000, "ms": 1000, "us": 1, "ns": 1}


@dataclass(frozen=True, slots=True, eq=False)
class Times:
    """N times: ``micros`` (N,), and which are given, sound, and bare dates; ``micros`` is 0 where not sound."""

    micros: NDArray[np.int64]
    given: NDArray[np.bool_]
    sound: NDArray[np.bool_]
    bare: NDArray[np.bool_]

    @property
    def known(self) -> NDArray[np.int64]:
        """As knowledge times, a bare date being the end of its day. Shape (N,)."""
        return self.micros + np.where(self.bare, DAY - 1, 0)


def read_times(table: Table, name: str, verdicts: Verdicts) -> Times:
    """Return a column of times; each that cannot be read is noted."""
    column = table.columns.get(name)
    if column is None or types.is_dictionary(column.type):
        return _written(read_cells(table, name, verdicts), name, verdicts)
    return _typed(column, name, verdicts)


def _typed(column: Any, name: str, verdicts: Verdicts) -> Times:
    """Return timestamps with a zone, or days, as times; the calendar ends with the year 9999."""
    given = column.is_valid().to_numpy(zero_copy_only=False)
    days = types.is_date(column.type)
    unit = "d" if days else column.type.unit
    raw = column.cast(pa.int32() if days else pa.int64()).cast(pa.int64()).fill_null(0).to_numpy()
    micros_each = MICROSECONDS[unit]
    fine = raw % 1000 != 0 if unit == "ns" else np.zeros(len(raw), dtype=bool)
    numbers = raw // 1000 if unit == "ns" else raw
    off = (numbers < EARLIEST // micros_each) | (numbers > LATEST // micros_each)

    def value(row: int) -> str:
        return f"{raw[row]} {unit} since 1970"

    verdicts.against(fine, "IW323", name, value)
    verdicts.against(off, "IW321", name, value, example=EXAMPLE)
    sound = given & ~fine & ~off
    return Times(np.where(sound, numbers, 0) * micros_each, given, sound, sound & days)


def _written(cells: Cells, name: str, verdicts: Verdicts) -> Times:
    """Return texts as times; each distinct text is read once."""
    micros, read = _regular(cells.texts)
    bare = np.zeros(len(micros), dtype=bool)
    for place in np.flatnonzero(~read).tolist():
        try:
            micros[place] = to_micros(parse_instant(cells.texts[place]))
        except ValueError:
            continue
        read[place] = True
        bare[place] = _DAY.fullmatch(cells.texts[place]) is not None
    sound = cells.sound & read[cells.codes]
    unread = np.flatnonzero(cells.sound & ~sound)
    reasons = np.array([_reason(cells.text(row)) for row in unread.tolist()])
    for code in np.unique(reasons).tolist():
        where = np.zeros(len(sound), dtype=bool)
        where[unread[reasons == code]] = True
        verdicts.against(where, code, name, cells.text, example=EXAMPLE)
    return Times(np.where(sound, micros[cells.codes], 0), cells.given, sound, sound & bare[cells.codes])


def _regular(texts: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return what Arrow makes of texts of the common form, and of which: none if any of them is off the calendar."""
    words = pa.array(texts, pa.large_string())
    common = pc.match_substring_regex(words, _COMMON)
    read = common.to_numpy(zero_copy_only=False).copy()
    micros = np.zeros(len(texts), dtype=np.int64)
    try:
        micros[read] = words.filter(common).cast(pa.timestamp("us", tz="UTC")).cast(pa.int64()).to_numpy()
    except pa.ArrowInvalid:
        read[:] = False
    if ((micros < EARLIEST) | (micros > LATEST)).any():
        read[:] = False
    return micros, read


def common_times(words: Any) -> NDArray[np.int64] | None:
    """Return Arrow texts as microseconds, or None unless all of them are of the common form and of the calendar."""
    try:
        words = words.cast(pa.large_binary()).cast(pa.large_string())
        if not pc.all(pc.match_substring_regex(words, _COMMON)).as_py():
            return None
        micros: NDArray[np.int64] = words.cast(pa.timestamp("us", tz="UTC")).cast(pa.int64()).to_numpy()
    except pa.ArrowInvalid:
        return None
    return micros if ((micros >= EARLIEST) & (micros <= LATEST)).all() else None


def _reason(text: str) -> str:
    """Return the code for a text that is no time."""
    if _TOO_FINE.fullmatch(text):
        return "IW323"
    return "IW322" if _NO_OFFSET.fullmatch(text) else "IW321"
