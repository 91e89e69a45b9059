"""Expectations out of a problem's sheet: words and rows into probabilities.

Here belongs what makes a row right. Scenarios and the ladder belong to ``problems``.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from iwscore.catalog.documents import ExpectationEntry
from iwscore.catalog.homes import Homes
from iwscore.catalog.indicators import Signs
from iwscore.catalog.sheets import Path, Sheet
from iwscore.domain.problems import Expectation
from iwscore.domain.words import SCALES
from iwscore.errors import nearest

__all__ = ["read_expectations", "shares", "sum_remedy"]

_TOLERANCE = 1e-6


def shares(numbers: Iterable[float]) -> tuple[float, ...] | None:
    """Return the numbers brought to a sum of 1, as they are where it is 1; None where it is not nearly so.

    Examples
    --------
    >>> shares([0.7, 0.2, 0.1]), shares([0.5, 0.4])
    ((0.7, 0.2, 0.1), None)
    """
    given = tuple(map(float, numbers))
    total = math.fsum(given)
    if abs(total - 1) > _TOLERANCE:
        return None
    return given if total == 1 else tuple(number / total for number in given)


def sum_remedy(numbers: Iterable[float]) -> tuple[str, str]:
    """Return the sum as a message shows it, and what to do about it.

    Examples
    --------
    >>> sum_remedy([0.5, 0.4])
    ('sum 0.9', 'Add 0.1 in all.')
    """
    total = math.fsum(numbers)
    verb = "Add" if total < 1 else "Take off"
    return f"sum {total:.8g}", f"{verb} {abs(1 - total):.7g} in all."


def read_expectations(sheet: Sheet, signs: Signs, scenarios: Homes) -> tuple[Expectation, ...]:
    """Return the expectations, by the name of their indicator; none of one whose sheet or indicator has a fault."""
    found = []
    for name, path in sorted(sheet.entries("expectations")):
        signs.homes.look_up("IW203", sheet, path, name, key=True)
        levels = signs.levels.get(name, ())
        row_paths = dict(sheet.entries(*path, "given"))
        if (*path, "otherwise") in sheet.values:
            row_paths[""] = (*path, "otherwise")
        rows = {inside: _row(sheet, inside, name, levels) for inside in row_paths.values()}
        _look_up_scenarios(sheet, path, row_paths, scenarios)
        entry = sheet.read(ExpectationEntry, *path)
        if entry and name in signs.indicators and not sheet.faults:
            chosen = [row_paths.get(scenario, row_paths.get("", ())) for scenario in scenarios.places]
            written = list(dict.fromkeys(chosen))
            found.append(
                Expectation(
                    indicator=name,
                    given=tuple(rows[inside] for inside in chosen),
                    words=tuple(word if isinstance(word := sheet.at(*inside), str) else None for inside in chosen),
                    judgments=tuple(map(written.index, chosen)),
                    **entry.model_dump(exclude={"given", "otherwise"}),
                )
            )
    return tuple(found)


def _look_up_scenarios(sheet: Sheet, path: Path, row_paths: Mapping[str, Path], scenarios: Homes) -> None:
    """Add a fault for every row of an unknown scenario, and for scenarios without one; "" is for all others."""
    named = {scenario: inside for scenario, inside in row_paths.items() if scenario}
    for scenario, inside in named.items():
        scenarios.look_up("IW132", sheet, inside, scenario, key=True)
    missing = [scenario for scenario in scenarios.places if scenario not in named]
    whole = "" in row_paths or not set(named) <= set(scenarios.places)
    if missing and not whole and isinstance(sheet.at(*path), dict):
        sheet.fault("IW133", path, value=", ".join(missing), key=True)


def _row(sheet: Sheet, path: Path, indicator: str, levels: tuple[str, ...]) -> tuple[float, ...]:
    """Return the row at a path, none where it has a fault; without ``levels``, what needs them is not checked."""
    if not sheet.sound(*path):
        return ()
    value = sheet.at(*path)
    if isinstance(value, dict):
        return _row_by_level(sheet, path, indicator, levels)
    scale = SCALES.get(str(sheet.at("scale") or "icd203"))
    words = scale.middles if scale else {}
    if isinstance(value, str) and scale and value not in words:
        sheet.fault("IW134", path, value=value, scale=scale.id, nearest=nearest(value[:80], words))
    elif levels and len(levels) != 2:
        like = "{" + ", ".join(f"{level}: …" for level in levels) + "}"
        sheet.fault("IW206", path, value=value, indicator=indicator, count=len(levels), like=like)
    second = words.get(value, 0.0) if isinstance(value, str) else sheet.number(*path)
    return (1 - second, second)


def _row_by_level(sheet: Sheet, path: Path, indicator: str, levels: tuple[str, ...]) -> tuple[float, ...]:
    row = {level: sheet.number(*inside) for level, inside in sheet.entries(*path)}
    odd = [level for level in row if level not in levels] if levels else []
    for level in odd:
        near = nearest(level[:80], levels)
        sheet.fault("IW204", (*path, level), value=level, key=True, indicator=indicator, nearest=near)
    missing = [level for level in levels if level not in row]
    if missing and not odd:
        sheet.fault("IW205", path, value=", ".join(missing), indicator=indicator)
    fitted = shares(row.values())
    if fitted is None and not odd and not missing:
        shown, remedy = sum_remedy(row.values())
        sheet.fault("IW131", path, value=shown, remedy=remedy)
    by_level = dict(zip(row, fitted or (), strict=False))
    return tuple(by_level.get(level, 0.0) for level in levels)
