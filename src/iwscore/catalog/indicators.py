"""Indicators out of their sheets.

Here belong the rules an indicator keeps by itself. What is expected of it belongs to ``expectations``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

from iwscore.catalog.documents import IndicatorEntry
from iwscore.catalog.homes import Homes
from iwscore.catalog.sheets import Path, Sheet
from iwscore.domain.indicators import Indicator, Measure
from iwscore.domain.times import parse_span_days
from iwscore.errors import nearest

__all__ = ["Signs", "no_repeats", "read_indicators"]

_DEFAULT_LEVELS: tuple[str, ...] = tuple(IndicatorEntry.model_fields["levels"].default)


@dataclass(slots=True, eq=False)
class Signs:
    """What is known of the indicators: their names, their levels, and those without a fault."""

    homes: Homes
    levels: dict[str, tuple[str, ...]] = field(default_factory=dict)
    indicators: dict[str, Indicator] = field(default_factory=dict)


def read_indicators(sheets: Iterable[Sheet]) -> Signs:
    """Return what is known of the indicators on these sheets."""
    sheets = tuple(sheets)
    signs = Signs(Homes.of("indicators", sheets))
    for sheet in sheets:
        for _, path in sheet.items("indicators"):
            name = signs.homes.enter(sheet, path)
            levels = _levels(sheet, path)
            if levels:
                _check_half_lives(sheet, path, levels)
                _check_cuts(sheet, path, levels)
            if name and levels:
                signs.levels[name] = levels
                if entry := sheet.read(IndicatorEntry, *path):
                    signs.indicators[name] = _indicator(entry)
    return signs


def no_repeats(sheet: Sheet, *path: str | int) -> None:
    """Add a fault for every item of a list of names that stands there a second time."""
    seen = set()
    for name, inside in sheet.items(*path):
        if sheet.sound(*inside):
            if name in seen:
                sheet.fault("IW125", inside, value=name)
            seen.add(name)


def _levels(sheet: Sheet, path: Path) -> tuple[str, ...]:
    """Return the levels, none where they have a fault."""
    inside = (*path, "levels")
    if inside not in sheet.values:
        return _DEFAULT_LEVELS
    no_repeats(sheet, *inside)
    for level, place in sheet.items(*inside):
        if level == "unknown":
            sheet.fault("IW126", place, value=level, reserved="a report of unknown says that nobody could tell")
    return tuple(str(level) for level, _ in sheet.items(*inside)) if sheet.sound(*inside) else ()


def _check_half_lives(sheet: Sheet, path: Path, levels: tuple[str, ...]) -> None:
    inside = (*path, "half_life")
    if not isinstance(sheet.at(*inside), dict):
        return
    named = dict(sheet.entries(*inside))
    wanted = ", ".join(levels)
    odd = [name for name in named if name not in levels]
    for name in odd:
        sheet.fault("IW127", named[name], value=name, key=True, levels=wanted, remedy=nearest(name[:80], levels))
    missing = [level for level in levels if level not in named]
    if missing and not odd:
        sheet.fault("IW127", inside, value=f"no {', '.join(missing)}", levels=wanted, remedy="Add what is missing.")


def _check_cuts(sheet: Sheet, path: Path, levels: tuple[str, ...]) -> None:
    inside = (*path, "measure", "cuts")
    if not sheet.sound(*inside):
        return
    cuts = [(sheet.number(*place), place) for _, place in sheet.items(*inside)]
    if len(cuts) != len(levels) - 1:
        sheet.fault("IW128", inside, value=len(cuts), levels=len(levels))
    for (before, _), (cut, place) in pairwise(cuts):
        if before >= cut:
            sheet.fault("IW129", place, value=sheet.at(*place))


def _indicator(entry: IndicatorEntry) -> Indicator:
    lives = entry.half_life
    by_level = lives if isinstance(lives, dict) else dict.fromkeys(entry.levels, lives)
    kept = entry.model_dump(exclude={"half_life", "levels", "measure", "references", "title"})
    return Indicator(
        **kept,
        title=entry.title or entry.id,
        levels=tuple(entry.levels),
        half_life_days=tuple(parse_span_days(by_level[level]) for level in entry.levels),
        measure=Measure(unit=entry.measure.unit, cuts=tuple(entry.measure.cuts)) if entry.measure else None,
        references=tuple(entry.references),
    )
