"""Columns of times in a mapping's form as periods: which days each covers, and when it was over.

Here belong forms, and which times are none. The calendar and time zones belong to ``store.calendars``; which column is
read belongs to the mapping.

A time of day that is written out is not bent: one that a clock put forward leaves out is a fault, and one that a clock
put back shows twice is too, unless the mapping says which is meant.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from iwscore.domain.forms import form_pattern
from iwscore.domain.mappings import Clock
from iwscore.domain.times import DAY
from iwscore.store.calendars import from_utc, local_to_utc, month_starts, period_days
from iwscore.store.cells import Cells
from iwscore.store.verdicts import Verdicts

__all__ = ["Periods", "read_periods"]

_HOUR, _MINUTE, _SECOND = 3_600_000_000, 60_000_000, 1_000_000
_UNREAD, _TWICE, _NEVER = 1, 2, 3
_FAULTS = {_UNREAD: "IW352", _TWICE: "IW353", _NEVER: "IW354"}


@dataclass(frozen=True, slots=True, eq=False)
class Periods:
    """N periods, neutral where not sound.

    Attributes
    ----------
    first_day, end_day
        Days since 1970 in the zone: the first of the period, and the one after its last; of an instant, those of the
        day it falls in. Shape (N,).
    local, end
        When it was over, in microseconds since 1970: on the zone's clocks, and in UTC. Shape (N,).
    sound
        Which could be read. Shape (N,).
    """

    first_day: NDArray[np.int64]
    end_day: NDArray[np.int64]
    local: NDArray[np.int64]
    end: NDArray[np.int64]
    sound: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class _Parts:
    """U distinct texts taken apart: the day since 1970, the time of day, the offset where there is one."""

    day: NDArray[np.int64]
    clock: NDArray[np.int64]
    clocked: NDArray[np.bool_]
    offset: NDArray[np.int64]
    shifted: NDArray[np.bool_]
    wrong: NDArray[np.bool_]


def read_periods(cells: Cells, clock: Clock, field: str, among: NDArray[np.bool_], verdicts: Verdicts) -> Periods:
    """Return a column of times as periods; each of ``among`` that cannot be read is noted."""
    local, end, state = _instants(cells.texts, clock)
    first_day, end_day = period_days(local // DAY, clock.period)
    if clock.period != "instant":
        local = end_day * DAY
        end = local_to_utc(local, clock.zone)
    states = state[cells.codes]
    for wrong, code in _FAULTS.items():
        where = among & ~cells.bad & (states == wrong)
        verdicts.against(where, code, field, lambda row: cells.text(row) or "blank", form=clock.form, zone=clock.zone)
    sound = (states == 0) & ~cells.bad
    codes = cells.codes
    return Periods(first_day[codes], end_day[codes], local[codes], end[codes], sound)


def _instants(texts: Sequence[str], clock: Clock) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int8]]:
    """Return for each distinct text the time on local clocks and in UTC, and what is wrong with it."""
    parts = _taken_apart(texts, clock)
    state = np.where(parts.wrong | (~parts.clocked & (clock.period == "instant")), _UNREAD, 0).astype(np.int8)
    local = np.where(state, 0, parts.day * DAY + parts.clock)
    first, second, before = (
        local_to_utc(local, clock.zone, ambiguous=ambiguous, nonexistent=nonexistent)
        for ambiguous, nonexistent in (("earliest", "latest"), ("latest", "latest"), ("earliest", "earliest"))
    )
    judged = (state == 0) & parts.clocked & ~parts.shifted
    if clock.ambiguous == "refuse":
        state[judged & (first != second)] = _TWICE
    state[judged & (first != before)] = _NEVER
    utc = np.where(parts.shifted, local - parts.offset, second if clock.ambiguous == "later" else first)
    return np.where(parts.shifted, from_utc(utc, clock.zone), local), utc, state


def _taken_apart(texts: Sequence[str], clock: Clock) -> _Parts:
    found = pc.extract_regex(pa.array(texts, pa.string()), f"^(?:{form_pattern(clock.form)})$")
    fields = {field.name: pc.struct_field(found, field.name).fill_null("") for field in found.type}
    year, quarter, month, day, hour, minute, second = (
        _numbers(fields.get(name), len(texts), blank)
        for name, blank in zip("YqmdHMS", (1970, 0, 1, 1, 0, 0, 0), strict=True)
    )
    fraction = _numbers(pc.utf8_rpad(fields["f"], 6, "0") if "f" in fields else None, len(texts), 0)
    months = (year - 1970) * 12 + np.where(quarter > 0, quarter * 3 - 2, month) - 1
    first = month_starts(months)
    wrong = found.is_null().to_numpy(zero_copy_only=False) | (month < 1) | (month > 12)
    wrong |= (day < 1) | (day > month_starts(months + 1) - first) | (hour > 23) | (minute > 59) | (second > 59)
    offset, shifted = _offsets(fields.get("z"), len(texts))
    clocked = pc.not_equal(fields["H"], "").to_numpy(zero_copy_only=False) if "H" in fields else np.zeros_like(wrong)
    time = hour * _HOUR + minute * _MINUTE + second * _SECOND + fraction
    return _Parts(first + day - 1, time, clocked, offset, shifted, wrong)


def _numbers(texts: Any, count: int, blank: int) -> NDArray[np.int64]:
    """Return a column of digits as numbers; what is blank, or not in the form, is as if left out."""
    if texts is None:
        return np.full(count, blank, dtype=np.int64)
    filled = pc.if_else(pc.equal(texts, ""), str(blank), texts)
    numbers: NDArray[np.int64] = filled.cast(pa.int64()).to_numpy()
    return numbers


def _offsets(texts: Any, count: int) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return offsets from UTC in microseconds, 0 where there is none, and where there is one."""
    if texts is None:
        return np.zeros(count, dtype=np.int64), np.zeros(count, dtype=bool)
    words = texts.dictionary_encode()
    places = words.indices.to_numpy()
    spelt = words.dictionary.to_pylist()
    micros = np.array([_offset(word) for word in spelt], dtype=np.int64)
    return micros[places], np.array([word != "" for word in spelt])[places]


def _offset(text: str) -> int:
    if text in ("", "Z", "z"):
        return 0
    micros = int(text[1:3]) * _HOUR + int(text[-2:]) * _MINUTE
    return -micros if text[0] == "-" else micros
