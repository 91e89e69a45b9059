"""Foreign files read by a mapping into the columns of observations.

Here belongs the way from a file to a table like that of any reader: what follows, the judging of rows, is the same for
both. Counting events belongs to ``store.counts``.

A figure stands for its whole period: it was so when the period was over (``observed_at``), not when it began, and known
a publication lag later (``reported_at``). So no question is answered with what had not happened yet.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from iwscore.domain.mappings import MappedObservation, Mapping, Span
from iwscore.store.amounts import read_amounts
from iwscore.store.calendars import is_zone, shift_times
from iwscore.store.cells import Cells
from iwscore.store.conditions import passing
from iwscore.store.counts import count_statements
from iwscore.store.foreign_rows import ForeignRows, read_rows
from iwscore.store.foreign_tables import read_foreign_table
from iwscore.store.periods import Periods, read_periods
from iwscore.store.statements import Statements, levels_of, table_of
from iwscore.store.tables import Table, faulty_table
from iwscore.store.terms import Term, read_term
from iwscore.store.wordings import row_fault

__all__ = ["read_mapped"]


def read_mapped(path: Path, mapping: Mapping) -> Table:
    """Return what the file says, in the columns of observations; rows are numbered as in the file.

    A row at fault gives nothing. A count has the row of its latest event; where it has none, that of the last row of
    the file before the step; 0 where there is none either.

    Raises
    ------
    QuestionError
        If the suffix is not one of a foreign file.
    Unreachable
        If the file is out of reach.
    """
    table = read_foreign_table(path, mapping)
    zones = {mapping.time.zone, mapping.reported.zone if mapping.reported else "UTC"}
    astray = [row_fault(table.file, 0, "IW359", "", zone) for zone in sorted(zones) if not is_zone(zone)]
    if astray or set(mapping.wanted) - table.columns.keys():
        return faulty_table(table.file, [*table.faults, *astray])
    rows = read_rows(table, mapping)
    said = [_said(each, rows) for each in mapping.observations if each.count is None]
    parts = _row_statements(said, rows, mapping)
    parts += [count_statements(each, each.count, rows, mapping) for each in mapping.observations if each.count]
    return table_of(table.file, parts, rows.verdicts.faults, lost=table.lost or bool(rows.verdicts.bad.any()))


@dataclass(frozen=True, slots=True, eq=False)
class _Said:
    """What N rows say of one kind of observation, and which of them do; when it was known is left open."""

    each: MappedObservation
    terms: dict[str, Term]
    value: NDArray[np.float64]
    among: NDArray[np.bool_]


def _said(each: MappedObservation, rows: ForeignRows) -> _Said:
    count = len(rows.number)
    terms = {name: read_term(cell, rows.columns, count, name) for name, cell in each.cells.items()}
    among = passing(each.where, rows.columns, rows.among, rows.verdicts)
    for term in terms.values():
        among = term.used(among, rows.verdicts)
    value = np.full(count, np.nan)
    if each.amount:
        value, among = read_amounts(each.amount, rows.columns[each.amount.column], among, rows.verdicts)
    return _Said(each, terms, value, among)


def _row_statements(said: list[_Said], rows: ForeignRows, mapping: Mapping) -> list[Statements]:
    release = _release(said, rows, mapping)
    parts = []
    for one in said:
        if one.each.lag is None and release is not None:
            reported = release.end
        else:
            lag = one.each.lag or Span()
            reported = shift_times(rows.periods.local, rows.periods.end, lag, mapping.time.zone)
        parts.append(_statements(one, rows, reported))
    return parts


def _statements(one: _Said, rows: ForeignRows, reported: NDArray[np.int64]) -> Statements:
    """Return the rows without fault as statements."""
    chosen = np.flatnonzero(one.among & ~rows.verdicts.bad)
    sound = np.zeros(len(chosen), dtype=bool)
    texts = {name: Cells(term.cells.codes[chosen], term.cells.texts, sound) for name, term in one.terms.items()}
    value = one.value[chosen]
    if one.each.cuts:
        texts["level"] = levels_of(value, one.each.cuts)
        value = np.full(len(value), np.nan)
    return Statements(rows.number[chosen], texts, value, rows.periods.end[chosen], reported[chosen])


def _release(said: list[_Said], rows: ForeignRows, mapping: Mapping) -> Periods | None:
    """Return when rows were published, where a column tells, after noting those that need it and do not say."""
    if mapping.reported is None:
        return None
    needed = np.zeros(len(rows.number), dtype=bool)
    for one in said:
        if one.each.lag is None:
            needed |= one.among
    times = read_term(mapping.reported.cell, rows.columns, len(rows.number), "reported")
    needed = times.used(needed, rows.verdicts)
    return read_periods(times.cells, mapping.reported, times.field, needed, rows.verdicts)
