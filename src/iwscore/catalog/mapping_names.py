"""Whether a mapping fits a catalog: the names and units that it uses are the catalog's.

Here belongs what a mapping says of the catalog. Names that a column of the file holds are judged row by row in
``store``, like those of any file.
"""

from __future__ import annotations

from collections.abc import Iterator

from iwscore.catalog.mapping_rules import setting
from iwscore.catalog.sheets import Path, Sheet
from iwscore.domain.catalogs import Catalog
from iwscore.domain.indicators import Indicator
from iwscore.errors import nearest

__all__ = ["check_names"]

_UNKNOWN = "unknown"  # a level that every indicator has: somebody looked and could not tell


def check_names(sheet: Sheet, catalog: Catalog) -> None:
    """Add a fault for every name and unit of a mapping without other faults that is not the catalog's."""
    for _, path in sheet.items("observations"):
        signs = dict(_said(sheet, (*path, "indicator")))
        for name, place in signs.items():
            if name not in catalog.indicators:
                sheet.fault("IW203", place, value=name, nearest=nearest(name[:80], catalog.indicators))
        for key, code in (("source", "IW211"), ("origin", "IW207")):
            for name, place in _said(sheet, setting(sheet, path, key)):
                if name not in catalog.sources:
                    sheet.fault(code, place, value=name, nearest=nearest(name[:80], catalog.sources))
        for name in signs:
            if name in catalog.indicators:
                _check_sign(sheet, path, catalog.indicators[name])


def _check_sign(sheet: Sheet, path: Path, sign: Indicator) -> None:
    """Hold levels and units against one of the indicators that an observation may be about."""
    levels = [*_said(sheet, (*path, "level"))]
    levels += [(str(name), place) for name, place in sheet.items(*path, "levels", "names")]
    for name, place in levels:
        if name not in (*sign.levels, _UNKNOWN):
            sheet.fault("IW204", place, value=name, indicator=sign.id, nearest=nearest(name[:80], sign.levels))
    number = next((key for key in ("value", "count") if sheet.at(*path, key) is not None), None)
    if number is None or sheet.at(*path, "levels") is not None:
        return
    if sign.measure is None:
        sheet.fault("IW212", (*path, number), key=True, value=sign.id)
    elif sheet.at(*path, number, "unit") != sign.measure.unit:
        unit = (*path, number, "unit")
        sheet.fault("IW213", unit, value=sheet.at(*unit), indicator=sign.id, unit=sign.measure.unit)


def _said(sheet: Sheet, path: Path | None) -> Iterator[tuple[str, Path]]:
    """Yield the names that a cell can only hold, each with its place; nothing where any text may come."""
    value = sheet.at(*path) if path else None
    if isinstance(value, str) and path and "{" not in value:
        yield value, path
    if not isinstance(value, dict) or not path or value.get("otherwise") == "keep":
        return
    codes: Path = (*path, "codes")
    if isinstance(name := sheet.at(*codes), str):
        codes = ("lists", name)
    for _, place in sheet.entries(*codes):
        if meaning := sheet.at(*place):
            yield str(meaning), place
