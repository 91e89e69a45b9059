"""The rules that a mapping keeps by itself, over and above its shape.

Here belongs what one file can be held against. Whether it fits a catalog belongs to ``mapping_names``, what it means
to ``mappings``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

from iwscore.catalog.mapping_documents import ClockEntry, ConditionEntry, CoversEntry, CutsEntry
from iwscore.catalog.sheets import Path, Sheet
from iwscore.domain.forms import finest, form_pattern
from iwscore.domain.mappings import PERIODS
from iwscore.errors import nearest

__all__ = ["CELLS", "CELLS_OF_ALL", "check_rules", "conditions", "setting"]

CELLS_OF_ALL = ("subject", "source", "grade", "origin", "marking", "note", "url")
CELLS = (*CELLS_OF_ALL, "indicator", "external_id", "level")
_NUMBERS = ("level", "value", "count")
_TESTS = ("in", "not_in", "matches", "at_least", "at_most", "given", "differs_from")


def check_rules(sheet: Sheet) -> None:
    """Add a fault for everything in a mapping that its rules do not allow."""
    for _, path in sheet.entries("columns"):
        _check_cell(sheet, path)
    for name in CELLS_OF_ALL:
        _check_cell(sheet, (name,))
    for clock in ("time", "reported"):
        _check_clock(sheet, (clock,))
    if {("lag",), ("reported",)} <= sheet.values.keys():
        sheet.fault("IW172", ("lag",), key=True)
    _check_covers(sheet)
    for path in conditions(sheet):
        _check_condition(sheet, path)
    for _, path in sheet.items("observations"):
        _check_observation(sheet, path)


def setting(sheet: Sheet, path: Path, name: str) -> Path | None:
    """Return where an observation's setting stands: with it, or on top for all; None where it is not given."""
    return next((place for place in ((*path, name), (name,)) if place in sheet.values), None)


def conditions(sheet: Sheet) -> Iterator[Path]:
    """Yield the path of every condition."""
    owners = [path for _, path in sheet.items("observations")]
    for above in ((), *owners, *((*path, "count") for path in owners)):
        yield from (path for _, path in sheet.items(*above, "where"))


def _check_cell(sheet: Sheet, path: Path) -> None:
    if not sheet.sound(*path):
        return
    if isinstance(sheet.at(*path), str):
        _check_braces(sheet, path)
    else:
        _check_place(sheet, path)
        _check_regex(sheet, (*path, "extract"), groups=1)
        _check_list(sheet, (*path, "codes"), meanings=True)


def _check_place(sheet: Sheet, path: Path) -> None:
    """Add a fault unless exactly one of column and text is given."""
    given = [name for name in ("column", "text") if (*path, name) in sheet.values]
    if len(given) != 1:
        sheet.fault("IW179", path, value=" and ".join(given) or "neither")
    for name in given:
        _check_braces(sheet, (*path, name), column=name == "column")


def _check_braces(sheet: Sheet, path: Path, *, column: bool = False) -> None:
    text = str(sheet.at(*path))
    if re.search("[{}]", text if column else re.sub(r"\{[^{}]+\}", "", text)):
        sheet.fault("IW184", path, value=text)


def _check_regex(sheet: Sheet, path: Path, *, groups: int | None = None) -> None:
    text = sheet.at(*path)
    if text is None:
        return
    try:
        found = re.compile(str(text)).groups
    except re.error as error:
        sheet.fault("IW173", path, value=text, form="a regular expression", remedy=f"{str(error).capitalize()}.")
        return
    if groups is not None and found != groups:
        sheet.fault("IW173", path, value=text, form="one with one group", remedy="Put what is to be kept in ( ).")


def _check_list(sheet: Sheet, path: Path, *, meanings: bool = False) -> None:
    """Add a fault for the name of a list that is not there, or lacks the meanings that are asked of it."""
    name = sheet.at(*path)
    if not isinstance(name, str):
        return
    lists = sheet.at("lists")
    known = lists if isinstance(lists, dict) else {}
    if name not in known:
        sheet.fault("IW178", path, value=name, nearest=nearest(name[:80], known))
    elif meanings and isinstance(known[name], list):
        sheet.fault("IW182", path, value=name)


def _check_clock(sheet: Sheet, path: Path) -> None:
    entry = sheet.read(ClockEntry, *path)
    if entry is None:
        return
    _check_place(sheet, path)
    if not _is_zone(entry.zone):
        near = nearest(entry.zone[:80], available_timezones())
        remedy = near if near.startswith("Did") else "Write it like Europe/Kyiv."
        sheet.fault("IW174", (*path, "zone"), value=entry.zone, nearest=remedy)
    try:
        form_pattern(entry.form)
    except ValueError as error:
        sheet.fault("IW175", (*path, "form"), value=entry.form, reason=str(error).capitalize())
        return
    told = finest(entry.form)
    if PERIODS.index(entry.period) < PERIODS.index(told):
        sheet.fault("IW176", (*path, "period"), value=entry.period, told=told)


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, OSError, ValueError):
        return False
    return True


def _check_covers(sheet: Sheet) -> None:
    covers = sheet.read(CoversEntry, "covers")
    if covers and covers.since and covers.to and covers.since > covers.to:
        sheet.fault("IW183", ("covers", "to"), value=covers.to, since=covers.since)


def _check_condition(sheet: Sheet, path: Path) -> None:
    if sheet.read(ConditionEntry, *path) is None:
        return
    given = [name for name in _TESTS if (*path, name) in sheet.values]
    if len(given) != 1:
        sheet.fault("IW177", path, value=", ".join(given) or "none", tests=", ".join(_TESTS))
    _check_regex(sheet, (*path, "matches"))
    for name in ("in", "not_in"):
        _check_list(sheet, (*path, name))


def _check_observation(sheet: Sheet, path: Path) -> None:
    if not isinstance(sheet.at(*path), dict):
        return
    for name in CELLS:
        _check_cell(sheet, (*path, name))
    given = [name for name in _NUMBERS if (*path, name) in sheet.values]
    if len(given) != 1:
        sheet.fault("IW170", path, value=", ".join(given) or "none")
    for name in ("source", "grade"):
        if setting(sheet, path, name) is None:
            sheet.fault("IW115", path, value=name)
    counted = (*path, "count") in sheet.values
    known = setting(sheet, path, "lag") or (setting(sheet, (), "reported") if not counted else None)
    if known is None:
        sheet.fault("IW171", path, given="lag" if counted else "lag, or reported on top")
    if counted:
        _check_constants(sheet, path)
        _check_step(sheet, path)
    _check_cuts(sheet, (*path, "levels"), beside=given)
    amount = (*path, "value")
    if sheet.sound(*amount) and sheet.at(*amount, "thousands") == (sheet.at(*amount, "decimal") or "."):
        sheet.fault("IW185", (*amount, "thousands"), value=sheet.at(*amount, "thousands"))


def _check_constants(sheet: Sheet, path: Path) -> None:
    """Add a fault for what a count would take from a column: it is one statement, not many."""
    for name in CELLS:
        place = setting(sheet, path, name)
        if name == "external_id" and place:
            sheet.fault("IW186", place, key=True)
        elif name != "subject" and place and sheet.sound(*place):
            value = sheet.at(*place)
            if not isinstance(value, str) or "{" in value:
                sheet.fault("IW180", place, value=name)


def _check_step(sheet: Sheet, path: Path) -> None:
    """Add a fault for steps shorter than the rows' periods: a month's events do not tell of its weeks."""
    step, period = (*path, "count", "step"), ("time", "period")
    if sheet.sound(*step) and sheet.sound(*period):
        shown, told = str(sheet.at(*step)), str(sheet.at(*period))
        if PERIODS.index(shown) < PERIODS.index(told):
            sheet.fault("IW187", step, value=shown, told=told)


def _check_cuts(sheet: Sheet, path: Path, *, beside: list[str]) -> None:
    entry = sheet.read(CutsEntry, *path)
    if entry is None:
        return
    if "level" in beside:
        sheet.fault("IW181", path, key=True)
    if len(entry.cuts) != len(entry.names) - 1:
        sheet.fault("IW128", (*path, "cuts"), value=len(entry.cuts), levels=len(entry.names))
    for place, (before, cut) in enumerate(pairwise(entry.cuts), 1):
        if before >= cut:
            sheet.fault("IW129", (*path, "cuts", place), value=sheet.at(*path, "cuts", place))
