"""Rows judged one by one: what each must hold, by its kind, and what its cells mean.

Here belongs what a row's own cells and the catalog decide. What other rows decide belongs to ``store.targets``, the
form of a file to its reader, and the words to ``store.wordings``.

Unknown indicators, levels, sources and origins pass: a question counts them as unplaced. Of a retraction only its
target, times, external_id, marking, note, url and reason are kept.

======  ======================================================  ======================
Code    What is wrong                                           Said by
======  ======================================================  ======================
IW300   the file's suffix is none that is read                  ``store.files``
IW301   the file cannot be opened                               ``store.files``
IW303   text is not UTF-8                                       the readers, ``store.cells``
IW304   the file is damaged                                     the readers
IW305   an unknown column                                       ``store.tables``
IW306   a required column is missing                            ``store.tables``
IW307   a column or field twice                                 ``store.tables``
IW308   a column or field of another type                       the readers
IW309   a row with more or fewer cells than the header          ``store.comma_rows``
IW310   a line that is not a JSON object                        ``store.json_lines``
IW311   a quote inside a cell, or never closed                  ``store.comma_rows``
IW312   a NUL in a cell                                         ``store.cells``
IW313   a cell over 100,000 characters                          ``store.cells``
IW314   white space around a code                               ``store.cells``
IW320   a blank cell that the row needs                         here
IW321   not a time                                              ``store.clocks``
IW322   a time without an offset                                ``store.clocks``
IW323   a time finer than a microsecond                         ``store.clocks``
IW324   known before it was so                                  here
IW325   a value that is not a finite number                     ``store.measures``
IW326   both level and value, or neither                        here
IW327   not an Admiralty grade                                  here
IW328   a digit alone where the source has no letter in force   here
IW330   not a TLP 2.0 marking                                   here
IW331   an unknown kind                                         here
IW332   an observation with a target                            here
IW333   a target that is not in the file                        ``store.targets``
IW334   a target that several rows answer to                    ``store.targets``
IW335   a target that is a retraction                           ``store.targets``
IW336   targets in a circle                                     ``store.targets``
IW337   an external_id with different contents                  ``store.targets``
IW340   an indicator that the catalog does not know             ``store.placing``
IW341   a level that the indicator does not have                ``store.placing``
IW342   a source that the register does not know                ``store.placing``
IW343   an origin that the register does not know               ``store.placing``
IW344   a value of an indicator without a measure               ``store.placing``
IW345   a target neither here nor in the log                    ``services.intakes``
IW346   a name that is in the log with other content            ``services.intakes``
IW347   history that does not say when it was reported          ``store.placing``
IW348   history known later than now                            ``store.placing``
IW349   observed later than now                                 ``store.placing``
IW350-  what a mapping cannot read                              ``store.foreign`` and those it asks
IW360   reported later than now                                 ``store.placing``
IW361   more faults than are kept                               ``store.column_reading``
IW362   a marking above the writer's ceiling                    ``services.submissions``
======  ======================================================  ======================
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from iwscore.domain.catalogs import Catalog
from iwscore.domain.grades import parse_grade
from iwscore.domain.observations import KINDS, MARKINGS, NEVER
from iwscore.domain.times import from_micros, print_instant, to_micros
from iwscore.errors import nearest
from iwscore.store.cells import Cells, read_cells
from iwscore.store.clocks import EARLIEST, read_times
from iwscore.store.measures import read_measures
from iwscore.store.tables import Table
from iwscore.store.verdicts import Verdicts

__all__ = ["Clocks", "Rows", "judge", "letters_begin"]

_OBSERVATION, _RETRACTION, _UNKNOWN = 0, 2, -1
_STATING = ("indicator", "level", "source", "grade", "subject", "origin")
_TEXTS = (*_STATING, "external_id", "note", "url", "marking", "target", "reason", "id", "author")
_NEEDED = {
    "indicator": ("a row says which sign it is about", "Name the indicator."),
    "source": ("a row says who reported", "Name the source."),
    "grade": ("a missing grade is never assumed", "Write the report's grade, such as B2."),
}
_SUBJECT = ("it may be blank only where the catalog names one subject", "Name the subject.")
_TARGET = ("a correction or retraction says of what", "Write the id or external_id of that row.")
_OBSERVED = ("a row says when it was so", "Write the time or the day.")
_WITHDRAWN = ("a retraction needs a time", "Fill in known_from, reported_at or observed_at.")


@dataclass(frozen=True, slots=True, eq=False)
class Clocks:
    """The times of N rows in microseconds since 1970.

    ``observed_at`` (N,) and ``known_from`` (N,) are equal in a retraction; ``reported_at`` (N,) is ``NEVER`` where
    not given, and a bare date is the end of its day.
    """

    observed_at: NDArray[np.int64]
    known_from: NDArray[np.int64]
    reported_at: NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """N rows in the order of the file; what is at fault is noted elsewhere and neutral here.

    Attributes
    ----------
    number
        Place in the file, as a reader counts. Shape (N,).
    kind
        Place in ``KINDS``, -1 where it is none. Shape (N,).
    value
        NaN where not given. Shape (N,).
    """

    number: NDArray[np.int64]
    kind: NDArray[np.int8]
    clocks: Clocks
    value: NDArray[np.float64]
    reliability: NDArray[np.int8]
    credibility: NDArray[np.int8]
    cells: Mapping[str, Cells]


def judge(table: Table, catalog: Catalog, verdicts: Verdicts) -> Rows:
    """Return the rows with what their cells mean, after noting every fault of their own."""
    kind = _kinds(table, verdicts)
    retraction = kind == _RETRACTION
    stating = (kind >= 0) & ~retraction
    cells = {name: read_cells(table, name, verdicts) for name in _TEXTS}
    cells |= {name: cells[name].blanked(retraction) for name in _STATING}
    for name, (must, remedy) in _NEEDED.items():
        _need(table, stating & ~cells[name].given & table.has(name), name, verdicts, (must, remedy))
    cells["subject"] = _subjects(table, cells["subject"], catalog, stating, verdicts)
    cells["marking"] = _markings(cells["marking"], verdicts)
    _targets(table, cells["target"], kind, verdicts)
    value, measured = read_measures(table, verdicts)
    _one_of_two(table, stating, cells["level"].given, measured, verdicts)
    clocks = _clocks(table, retraction, stating, verdicts)
    reliability, credibility = _grades(cells["grade"], verdicts)
    _lone_digits(cells, reliability, clocks.observed_at, catalog, verdicts)
    value = np.where(retraction, np.nan, value)
    return Rows(table.rows, kind, clocks, value, reliability, credibility, cells)


def _need(table: Table, where: NDArray[np.bool_], field: str, verdicts: Verdicts, words: tuple[str, str]) -> None:
    if not table.dropped(field):
        verdicts.against(where, "IW320", field, must=words[0], remedy=words[1])


def _kinds(table: Table, verdicts: Verdicts) -> NDArray[np.int8]:
    cells = read_cells(table, "kind", verdicts)
    unknown = cells.which(lambda text: text not in KINDS)
    verdicts.against(unknown, "IW331", "kind", cells.text, nearest=lambda row: nearest(cells.text(row), KINDS))
    places = [KINDS.index(text) if text in KINDS else _UNKNOWN for text in cells.texts]
    kind = np.array([_OBSERVATION, *places[1:]], dtype=np.int8)[cells.codes]
    return np.where(cells.bad | table.dropped("kind"), np.int8(_UNKNOWN), kind)


def _one_of_two(
    table: Table,
    stating: NDArray[np.bool_],
    levelled: NDArray[np.bool_],
    measured: NDArray[np.bool_],
    verdicts: Verdicts,
) -> None:
    both, neither = "Remove one of the two.", "Fill in one of the two."
    verdicts.against(stating & levelled & measured, "IW326", "level", given="given", remedy=both)
    judged = table.has("level") or table.has("value")
    if judged and not table.dropped("level") and not table.dropped("value"):
        verdicts.against(stating & ~levelled & ~measured, "IW326", "level", given="blank", remedy=neither)


def _subjects(table: Table, cells: Cells, catalog: Catalog, stating: NDArray[np.bool_], verdicts: Verdicts) -> Cells:
    blank = stating & ~cells.given
    if catalog.only_subject is not None:
        return cells.filled(blank, catalog.only_subject)
    _need(table, blank, "subject", verdicts, _SUBJECT)
    return cells


def _markings(cells: Cells, verdicts: Verdicts) -> Cells:
    unknown = cells.which(lambda text: text not in MARKINGS)

    def near(row: int) -> str:
        return nearest(cells.text(row).lower().removeprefix("tlp:"), MARKINGS)

    verdicts.against(unknown, "IW330", "marking", cells.text, nearest=near)
    return cells.filled(~cells.given, "amber")


def _targets(table: Table, cells: Cells, kind: NDArray[np.int8], verdicts: Verdicts) -> None:
    verdicts.against(cells.given & (kind == _OBSERVATION), "IW332", "target", cells.text)
    _need(table, ~cells.given & (kind > _OBSERVATION), "target", verdicts, _TARGET)


def _clocks(table: Table, retraction: NDArray[np.bool_], stating: NDArray[np.bool_], verdicts: Verdicts) -> Clocks:
    """Return each row's times; the first given of known_from, reported_at and observed_at is the knowledge time."""
    observed, reported, own = (
        read_times(table, name, verdicts) for name in ("observed_at", "reported_at", "known_from")
    )
    read_times(table, "recorded_at", verdicts)
    _need(table, stating & ~observed.given & table.has("observed_at"), "observed_at", verdicts, _OBSERVED)
    timed = observed.given | reported.given | own.given
    _need(table, retraction & ~timed, "observed_at", verdicts, _WITHDRAWN)
    known = np.where(own.given, own.known, np.where(reported.given, reported.known, observed.known))
    for name, times in (("known_from", own), ("reported_at", reported)):
        serving = times.sound & (name == "known_from" or ~own.given)
        early = serving & observed.sound & (known < observed.micros)
        verdicts.against(
            early,
            "IW324",
            name,
            lambda row: print_instant(from_micros(int(known[row]))),
            observed=lambda row: print_instant(from_micros(int(observed.micros[row]))),
        )
    return Clocks(
        observed_at=np.where(retraction, known, observed.micros),
        known_from=known,
        reported_at=np.where(reported.sound, reported.known, NEVER),
    )


def _grades(cells: Cells, verdicts: Verdicts) -> tuple[NDArray[np.int8], NDArray[np.int8]]:
    pairs, wrong = [], []
    for text in cells.texts:
        try:
            pairs.append(parse_grade(text))
            wrong.append(False)
        except ValueError:
            pairs.append((-1, -1))
            wrong.append(True)
    verdicts.against(cells.sound & np.array(wrong)[cells.codes], "IW327", "grade", cells.text)
    reliability, credibility = np.array(pairs, dtype=np.int8).T
    return reliability[cells.codes], credibility[cells.codes]


def _lone_digits(
    cells: Mapping[str, Cells],
    reliability: NDArray[np.int8],
    observed_at: NDArray[np.int64],
    catalog: Catalog,
    verdicts: Verdicts,
) -> None:
    """Note digits that stand alone although the register knows the source and had no letter for it then."""
    grades, sources = cells["grade"], cells["source"]
    alone = ~verdicts.bad & grades.sound & sources.sound & (reliability < 0)
    first = letters_begin(catalog, sources.texts)
    verdicts.against(alone & (observed_at < first[sources.codes]), "IW328", "grade", grades.text, source=sources.text)


def letters_begin(catalog: Catalog, sources: Sequence[str]) -> NDArray[np.int64]:
    """Return since when each of these sources has a letter in force; one that the register does not know, always."""
    begins = {s.id: to_micros(s.grades[0].since) if s.grades else NEVER for s in catalog.sources.values()}
    return np.array([begins.get(name, EARLIEST) for name in sources], dtype=np.int64)
