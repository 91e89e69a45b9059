"""Mappings out of their YAML files.

Here belongs the way from a file to a ``domain`` mapping. Its shape belongs to ``mapping_documents``, its rules to
``mapping_rules``, its fit to a catalog to ``mapping_names``; reading files by it belongs to ``store``.
"""

from __future__ import annotations

from collections.abc import Mapping as Mappings
from datetime import date
from pathlib import Path

from iwscore.catalog.codes import CODES
from iwscore.catalog.folders import read_file
from iwscore.catalog.mapping_documents import (
    AmountEntry,
    CellEntry,
    ClockEntry,
    ConditionEntry,
    CountEntry,
    MappingFile,
    ObservationEntry,
)
from iwscore.catalog.mapping_names import check_names
from iwscore.catalog.mapping_rules import CELLS, CELLS_OF_ALL, check_rules
from iwscore.domain.catalogs import Catalog
from iwscore.domain.mappings import Amount, Cell, Clock, Condition, Count, Cuts, MappedObservation, Mapping, parse_span
from iwscore.errors import DocumentFaults, Unreachable

__all__ = ["load_mapping"]

Lists = Mappings[str, list[str] | dict[str, str]]


def load_mapping(path: Path, catalog: Catalog | None = None) -> Mapping:
    """Return the mapping in a file; with a catalog, only if the names and units in it are the catalog's.

    Raises
    ------
    DocumentFaults
        If the file has an error; it holds every error.
    Unreachable
        If the file cannot be read.
    """
    sheet = read_file(path, MappingFile)
    unread = [fault for fault in sheet.faults if fault.code == "IW101"]
    if unread:
        what, must, remedy = CODES["IW101"]
        raise Unreachable("IW101", what, f"{path.as_posix()}: {unread[0].value}", must, remedy)
    check_rules(sheet)
    if catalog is not None and not sheet.faults:
        check_names(sheet, catalog)
    if sheet.faults:
        raise DocumentFaults(sheet.faults)
    return _mapping(MappingFile.model_validate(sheet.tree))


def _mapping(file: MappingFile) -> Mapping:
    return Mapping(
        id=file.id,
        title=file.title or file.id,
        delimiter="\t" if file.delimiter == "tab" else file.delimiter,
        missing=tuple(file.missing),
        columns={name: _cell(entry, file.lists) for name, entry in file.columns.items()},
        time=_clock(file.time),
        reported=_clock(file.reported) if file.reported else None,
        covers=(_day(file.covers.since), _day(file.covers.to)) if file.covers else (None, None),
        where=tuple(_condition(entry, file.lists) for entry in file.where),
        observations=tuple(_observation(entry, file) for entry in file.observations),
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _cell(entry: CellEntry | str, lists: Lists) -> Cell:
    if isinstance(entry, str):
        return Cell(template=entry)
    codes = lists[entry.codes] if isinstance(entry.codes, str) else entry.codes
    return Cell(
        template=_template(entry),
        extract=entry.extract,
        codes=codes if isinstance(codes, dict) else None,
        otherwise=entry.otherwise,
        blank=entry.blank,
    )


def _template(entry: CellEntry | ClockEntry) -> str:
    return entry.text or f"{{{entry.column}}}"


def _clock(entry: ClockEntry) -> Clock:
    kept = entry.model_dump(exclude={"column", "text"})
    return Clock(cell=Cell(template=_template(entry)), **kept)


def _observation(entry: ObservationEntry, file: MappingFile) -> MappedObservation:
    settings = {name: getattr(entry, name) for name in CELLS}
    settings |= {name: settings[name] or getattr(file, name) for name in CELLS_OF_ALL}
    lag = entry.lag or (file.lag if file.lag else None)
    return MappedObservation(
        cells={name: _cell(setting, file.lists) for name, setting in settings.items() if setting is not None},
        amount=_amount(entry.value) if entry.value else None,
        count=_count(entry.count, file.lists) if entry.count else None,
        cuts=Cuts(cuts=tuple(entry.levels.cuts), names=tuple(entry.levels.names)) if entry.levels else None,
        lag=parse_span(lag) if lag else None,
        where=tuple(_condition(each, file.lists) for each in entry.where),
    )


def _amount(entry: AmountEntry) -> Amount:
    return Amount(**entry.model_dump())


def _count(entry: CountEntry, lists: Lists) -> Count:
    kept = entry.model_dump(exclude={"window", "where"})
    where = tuple(_condition(each, lists) for each in entry.where)
    return Count(**kept, window=parse_span(entry.window), where=where)


def _condition(entry: ConditionEntry, lists: Lists) -> Condition:
    kept = entry.model_dump(exclude={"among", "not_among"})
    return Condition(**kept, among=_words(entry.among, lists), not_among=_words(entry.not_among, lists))


def _words(words: str | list[str] | None, lists: Lists) -> tuple[str, ...] | None:
    if words is None:
        return None
    return tuple(lists[words] if isinstance(words, str) else words)
