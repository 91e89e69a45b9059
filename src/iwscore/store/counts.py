"""Events of a foreign file counted into observations of one measure: one statement a subject and step.

Here belongs whose events are counted, and when nothing is said. The counting belongs to ``store.windows``.

Every step is told, also one that counted nothing: repeating a count refreshes it, and a feed that saw nothing has
looked. A step is left out only where its window is not wholly covered, for there a count would be too small.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from iwscore.domain.mappings import Cell, Count, MappedObservation, Mapping, Span
from iwscore.domain.times import DAY
from iwscore.store.amounts import read_whole_numbers
from iwscore.store.calendars import local_to_utc, shift_times
from iwscore.store.cells import Cells
from iwscore.store.conditions import passing
from iwscore.store.foreign_rows import ForeignRows
from iwscore.store.statements import Statements, levels_of
from iwscore.store.terms import Term, read_term
from iwscore.store.windows import Events, Windows, count_windows, plan_windows
from iwscore.store.wordings import row_fault

__all__ = ["count_statements"]


@dataclass(frozen=True, slots=True, eq=False)
class _Groups:
    """G subjects, the place of each row's among them (N,), and which rows are asked about their subject (N,)."""

    names: list[str]
    places: NDArray[np.int64]
    asked: NDArray[np.bool_]


def count_statements(each: MappedObservation, count: Count, rows: ForeignRows, mapping: Mapping) -> Statements:
    """Return what the counts of one kind of event say."""
    about = passing(each.where, rows.columns, rows.among, rows.verdicts)
    counted = passing(count.where, rows.columns, about, rows.verdicts)
    amount = np.ones(len(counted), dtype=np.int64)
    if count.of is not None:
        amount, counted = read_whole_numbers(rows.columns[count.of], counted, rows.verdicts)
    cell = each.cells.get("subject", Cell(template=""))
    declared = _declared(cell, mapping)
    watched = about if declared is None or count.covered == "subject" else counted
    groups = _groups(cell, declared or set(), watched, rows)
    windows = _windows(count, rows)
    chosen = np.flatnonzero(counted & groups.asked & ~rows.verdicts.bad)
    events = Events(groups.places[chosen], rows.periods.end_day[chosen], amount[chosen], rows.number[chosen])
    counts, latest = count_windows(events, len(groups.names), windows)
    who, when = np.nonzero(_covered(count, groups, windows, rows))
    value = counts[who, when].astype(np.float64)
    observed = local_to_utc(windows.steps * DAY, mapping.time.zone)
    reported = shift_times(windows.steps * DAY, observed, each.lag or Span(), mapping.time.zone)
    texts = _texts(each, groups, windows, who, when, mapping.id)
    if each.cuts:
        texts["level"] = levels_of(value, each.cuts)
        value = np.full(len(value), np.nan)
    row = np.where(latest[who, when] > 0, latest[who, when], _seen_last(rows, windows)[when])
    return Statements(row, texts, value, observed[when], reported[when])


def _groups(cell: Cell, declared: set[str], watched: NDArray[np.bool_], rows: ForeignRows) -> _Groups:
    """Return the subjects: those that a list of codes declares, and those of the watched rows."""
    term = read_term(cell, rows.columns, len(watched), "subject") if cell.template else _nobody(len(watched))
    asked = term.used(watched, rows.verdicts)
    seen = {term.cells.texts[code] for code in np.unique(term.cells.codes[asked]).tolist()}
    names = sorted(declared | seen if cell.columns else {cell.template})
    index = {name: place for place, name in enumerate(names)}
    places = np.array([index.get(text, 0) for text in term.cells.texts], dtype=np.int64)[term.cells.codes]
    return _Groups(names, places, asked)


def _nobody(rows: int) -> Term:
    """Return blank subjects: the catalog's only one."""
    return Term.of(Cells(np.zeros(rows, dtype=np.int32), [""], np.zeros(rows, dtype=bool)), "subject")


def _declared(cell: Cell, mapping: Mapping) -> set[str] | None:
    """Return the subjects that codes name, the cell's own or those of the one column it is; None where any may come."""
    if cell.codes is None and cell.extract is None and cell.literals == ("", "") and cell.columns[0] in mapping.columns:
        cell = mapping.columns[cell.columns[0]]
    if cell.codes is None or cell.otherwise == "keep":
        return None
    return set(cell.codes.values()) - {""}


def _windows(count: Count, rows: ForeignRows) -> Windows:
    """Return the windows that the file covers; a fault is noted if it covers some days but no window."""
    if rows.covered is None:
        return Windows(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))
    first, end = rows.covered
    windows = plan_windows(first, end, count)
    if not len(windows.steps):
        days = [str(np.datetime64(day, "D")) for day in (first, end - 1)]
        rows.verdicts.faults.append(row_fault(rows.verdicts.file, 0, "IW357", first=days[0], last=days[1]))
    return windows


def _covered(count: Count, groups: _Groups, windows: Windows, rows: ForeignRows) -> NDArray[np.bool_]:
    """Return of which windows something is said for each subject. Shape (G, T)."""
    covered = np.ones((len(groups.names), len(windows.steps)), dtype=bool)
    if count.covered == "file":
        return covered
    asked = np.flatnonzero(groups.asked)
    first = np.full(len(groups.names), np.iinfo(np.int64).max)
    end = np.full(len(groups.names), np.iinfo(np.int64).min)
    np.minimum.at(first, groups.places[asked], rows.periods.first_day[asked])
    np.maximum.at(end, groups.places[asked], rows.periods.end_day[asked])
    return (windows.opens >= first[:, None]) & (windows.steps <= end[:, None])


def _seen_last(rows: ForeignRows, windows: Windows) -> NDArray[np.int64]:
    """Return for each window the last row of the file before its end: nothing had been counted by then. Shape (T,)."""
    those = np.flatnonzero(rows.among)
    end_day = rows.periods.end_day[those]
    order = np.lexsort((rows.number[those], end_day))
    places = np.searchsorted(end_day[order], windows.steps, side="right")
    return np.append(0, rows.number[those][order])[places]


def _texts(
    each: MappedObservation,
    groups: _Groups,
    windows: Windows,
    who: NDArray[np.int64],
    when: NDArray[np.int64],
    mapping: str,
) -> dict[str, Cells]:
    """Return the columns of text; a count is known again by mapping, indicator, subject and step."""
    sound = np.zeros(len(who), dtype=bool)
    constant = np.ones(len(who), dtype=np.int32)
    texts = {
        name: Cells(constant, ["", cell.template], sound) for name, cell in each.cells.items() if name != "subject"
    }
    texts["subject"] = Cells(who.astype(np.int32), groups.names, sound)
    steps = windows.steps.astype("datetime64[D]").astype(str).tolist()
    sign = each.cells["indicator"].template
    named = [f"{mapping}/{sign}/{name}/{step}" for name in groups.names for step in steps]
    places = (who * len(steps) + when).astype(np.int32)
    texts["external_id"] = Cells(places, named, sound)
    return texts
