"""The rows of a foreign file that a mapping is about, with their columns and times read.

Here belongs what all observations of a mapping share. What each of them says belongs to ``store.foreign`` and
``store.counts``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from iwscore.domain.mappings import Mapping
from iwscore.store.cells import read_cells
from iwscore.store.conditions import passing
from iwscore.store.periods import Periods, read_periods
from iwscore.store.tables import Table
from iwscore.store.terms import Term, read_term
from iwscore.store.verdicts import Verdicts

__all__ = ["ForeignRows", "read_rows"]

_FIRST_DAY = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True, eq=False)
class ForeignRows:
    """N rows as read.

    Attributes
    ----------
    number
        Place in the file, as a reader counts. Shape (N,).
    columns
        The columns of the file, and those that the mapping makes of them.
    among
        Which rows the mapping is about and could be read so far. Shape (N,).
    periods
        What their times stand for.
    covered
        The first day that the file tells of and the one after the last; None where nothing says so.
    verdicts
        The faults, by rows and columns of the file.
    """

    number: NDArray[np.int64]
    columns: dict[str, Term]
    among: NDArray[np.bool_]
    periods: Periods
    covered: tuple[int, int] | None
    verdicts: Verdicts


def read_rows(table: Table, mapping: Mapping) -> ForeignRows:
    """Return the rows of a table that has every column the mapping names."""
    verdicts = Verdicts(table.file, table.rows, list(table.faults), np.zeros(len(table.rows), dtype=bool))
    columns = {name: _column(table, name, mapping.missing, verdicts) for name in mapping.wanted}
    made = {name: read_term(cell, columns, len(table.rows), name) for name, cell in mapping.columns.items()}
    columns = columns | made
    among = passing(mapping.where, columns, ~verdicts.bad, verdicts)
    times = read_term(mapping.time.cell, columns, len(table.rows), "time")
    among = times.used(among, verdicts)
    periods = read_periods(times.cells, mapping.time, times.field, among, verdicts)
    among = among & periods.sound
    first, last = mapping.covers
    among = _inside(periods, first, last, times, among, verdicts)
    return ForeignRows(table.rows, columns, among, periods, _covered(periods, first, last, among), verdicts)


def _column(table: Table, name: str, missing: tuple[str, ...], verdicts: Verdicts) -> Term:
    """Return a column of the file, blank where it holds what the mapping says is missing."""
    cells = read_cells(table, name, verdicts, coded=False)
    for text in missing:
        cells = cells.blanked(cells.which(text.__eq__))
    return Term.of(cells, name)


def _inside(
    periods: Periods,
    first: date | None,
    last: date | None,
    times: Term,
    among: NDArray[np.bool_],
    verdicts: Verdicts,
) -> NDArray[np.bool_]:
    """Return which rows lie within what the mapping says the file covers, after noting those that do not."""
    early = among & (periods.first_day < _day(first)) if first else np.zeros_like(among)
    late = among & (periods.end_day > _day(last) + 1) if last else np.zeros_like(among)
    verdicts.against(early, "IW358", times.field, times.cells.text, side=f"before {first}")
    verdicts.against(late, "IW358", times.field, times.cells.text, side=f"after {last}")
    return among & ~early & ~late


def _covered(
    periods: Periods, first: date | None, last: date | None, among: NDArray[np.bool_]
) -> tuple[int, int] | None:
    if not among.any() and (first is None or last is None):
        return None
    begins = _day(first) if first else int(periods.first_day[among].min())
    ends = _day(last) + 1 if last else int(periods.end_day[among].max())
    return begins, ends


def _day(day: date) -> int:
    """Return a day as the number of days since 1970."""
    return day.toordinal() - _FIRST_DAY
