"""Ladders out of a problem's sheet.

Here belong the rules that rungs keep. Whether evidence can reach a rung belongs to ``weighings``.
"""

from __future__ import annotations

import math

from iwscore.catalog.documents import LadderEntry, RungEntry
from iwscore.catalog.homes import Homes
from iwscore.catalog.indicators import no_repeats
from iwscore.catalog.sheets import Path, Sheet
from iwscore.domain.problems import Ladder, Rung
from iwscore.domain.times import parse_span_days

__all__ = ["read_ladder"]


def read_ladder(sheet: Sheet, scenarios: Homes, priors: tuple[float, ...]) -> Ladder | None:
    """Return the ladder, None where there is none or it has a fault; ``priors`` are empty where one has."""
    no_repeats(sheet, "ladder", "adverse")
    for name, path in sheet.items("ladder", "adverse"):
        if sheet.sound(*path):
            scenarios.look_up("IW132", sheet, path, str(name))
    rungs = Homes("rungs")
    paths = [path for _, path in sheet.items("ladder", "rungs")]
    for path in paths:
        rungs.enter(sheet, path)
        _check_clear(sheet, path)
    _check_order(sheet, paths)
    _check_priors(sheet, paths, scenarios, priors)
    entry = sheet.read(LadderEntry, "ladder")
    return _ladder(entry, tuple(scenarios.places)) if entry else None


def _check_clear(sheet: Sheet, path: Path) -> None:
    raise_at, clear_at = (*path, "raise_at"), (*path, "clear_at")
    both = sheet.sound(*raise_at) and sheet.sound(*clear_at)
    if both and sheet.number(*clear_at) > sheet.number(*raise_at):
        sheet.fault("IW138", clear_at, value=sheet.at(*clear_at), raise_at=sheet.at(*raise_at))


def _check_order(sheet: Sheet, paths: list[Path]) -> None:
    """Add a fault for every rung that is not above all before it."""
    highest = -1.0
    for path in paths:
        raise_at = (*path, "raise_at")
        if sheet.sound(*raise_at):
            number = sheet.number(*raise_at)
            if number <= highest:
                sheet.fault("IW137", raise_at, value=sheet.at(*raise_at), before=highest)
            highest = max(highest, number)


def _check_priors(sheet: Sheet, paths: list[Path], scenarios: Homes, priors: tuple[float, ...]) -> None:
    """Add a fault for every rung but the lowest that stands raised before anything is reported."""
    if not priors or not sheet.sound("ladder", "adverse"):
        return
    adverse = sheet.at("ladder", "adverse")
    pairs = zip(scenarios.places, priors, strict=False)
    total = math.fsum(prior for name, prior in pairs if isinstance(adverse, list) and name in adverse)
    for path in paths[1:]:
        raise_at = (*path, "raise_at")
        if sheet.sound(*raise_at) and sheet.number(*raise_at) <= total:
            sheet.fault("IW139", raise_at, value=sheet.at(*raise_at), sum=f"{total:.6g}")


def _ladder(entry: LadderEntry, scenarios: tuple[str, ...]) -> Ladder:
    return Ladder(
        adverse=tuple(name for name in scenarios if name in entry.adverse),
        coverage_floor=entry.coverage_floor,
        blind_hold_days=_hold_days(entry.blind_hold),
        every_days=parse_span_days(entry.every),
        rungs=tuple(map(_rung, entry.rungs)),
    )


def _rung(entry: RungEntry) -> Rung:
    clear_at = entry.raise_at if entry.clear_at is None else entry.clear_at
    return Rung(
        id=entry.id, title=entry.title, raise_at=entry.raise_at, clear_at=clear_at, hold_days=_hold_days(entry.hold)
    )


def _hold_days(text: str) -> float:
    """Return days; unlike other spans a hold may be nothing."""
    return parse_span_days(text) if text.strip("0.minhdw") else 0.0
