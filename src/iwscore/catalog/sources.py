"""Sources and the table of trust out of their sheets.

Here belong the rules of the register. What trust is worth belongs to ``core.trust``.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path as FilePath

from iwscore.catalog.documents import GradeEntry, RegradeEntry, SourceEntry, SourcesFile, TrustEntry, TrustRows
from iwscore.catalog.folders import read_file
from iwscore.catalog.homes import Homes
from iwscore.catalog.sheets import Path, Sheet
from iwscore.domain.grades import RELIABILITIES, TrustTable
from iwscore.domain.sources import GradeRow, Regrade, Source
from iwscore.domain.times import parse_instant

__all__ = ["Sources", "house_trust", "read_sources"]

_MOST_TRUST = 0.99


@dataclass(slots=True, eq=False)
class Sources:
    """What is known of the sources: their names, those without a fault, and the catalog's own table of trust."""

    homes: Homes
    sources: dict[str, Source] = field(default_factory=dict)
    trust: TrustTable | None = None


def read_sources(sheets: Iterable[Sheet]) -> Sources:
    """Return what is known of the sources on these sheets."""
    sheets = tuple(sheets)
    read = Sources(Homes.of("sources", sheets))
    entered = [(read.homes.enter(sheet, path), sheet, path) for sheet in sheets for _, path in sheet.items("sources")]
    links: dict[str, str | None] = {}
    for name, sheet, path in entered:
        _check_times(sheet, path)
        origin = (*path, "origin")
        if sheet.sound(*origin):
            read.homes.look_up("IW207", sheet, origin, str(sheet.at(*origin)))
        if name:
            links[name] = str(sheet.at(*origin)) if sheet.sound(*origin) else None
    _check_circles(read.homes, links)
    for name, sheet, path in entered:
        entry = sheet.read(SourceEntry, *path)
        if name and entry:
            read.sources[name] = _source(entry)
    read.trust = _only_trust(sheets)
    return read


def _check_times(sheet: Sheet, path: Path) -> None:
    """Add a fault for every row of the register that takes effect at the same moment as one before it."""
    for rows, clock in (("grades", "from"), ("regraded", "known_from")):
        seen = set()
        for _, inside in sheet.items(*path, rows):
            place = (*inside, clock)
            if sheet.sound(*place):
                instant = parse_instant(str(sheet.at(*place)), end_of_day=clock == "known_from")
                if instant in seen:
                    sheet.fault("IW125", place, value=sheet.at(*place))
                seen.add(instant)


def _check_circles(homes: Homes, links: dict[str, str | None]) -> None:
    """Add a fault for every circle of origins, at the first of its names."""
    done: set[str] = set()
    for start in sorted(links):
        chain: list[str] = []
        name: str | None = start
        while name is not None and name not in done:
            done.add(name)
            chain.append(name)
            name = links.get(name)
        if name in chain:
            circle = chain[chain.index(name) :]
            first = circle.index(min(circle))
            sheet, path = homes.places[circle[first]]
            round_trip = [*circle[first:], *circle[: first + 1]]
            sheet.fault("IW208", (*path, "origin"), value=" → ".join(round_trip))


def _source(entry: SourceEntry) -> Source:
    kept = entry.model_dump(exclude={"grades", "regraded", "title"})
    grades = sorted(map(_grade, entry.grades), key=lambda row: row.since)
    regraded = sorted(map(_regrade, entry.regraded), key=lambda row: row.known_from)
    return Source(**kept, title=entry.title or entry.id, grades=tuple(grades), regraded=tuple(regraded))


def _grade(entry: GradeEntry) -> GradeRow:
    letter = RELIABILITIES.index(entry.reliability)
    return GradeRow(since=parse_instant(entry.since), reliability=letter, reason=entry.reason)


def _regrade(entry: RegradeEntry) -> Regrade:
    known_from = parse_instant(entry.known_from, end_of_day=True)
    return Regrade(known_from=known_from, reliability=RELIABILITIES.index(entry.reliability), reason=entry.reason)


def _only_trust(sheets: tuple[Sheet, ...]) -> TrustTable | None:
    """Return the one table of trust, None where there is none or it has a fault."""
    having = [sheet for sheet in sheets if sheet.at("trust") is not None]
    for sheet in having[1:]:
        first = ":".join(map(str, (having[0].file, *having[0].spot(("trust",), key=True))))
        sheet.fault("IW209", ("trust",), key=True, first=first)
    entry = having[0].read(TrustEntry, "trust") if len(having) == 1 else None
    return _trust(entry) if entry else None


def _trust(entry: TrustEntry) -> TrustTable:
    """Return the table; a spread is cut short where table and spread would leave 0 to 0.99."""
    table = _rows(entry.table)
    wide = _rows(entry.spread) if isinstance(entry.spread, TrustRows) else tuple((entry.spread,) * 6 for _ in table)
    spread = tuple(
        tuple(min(far, worth, round(_MOST_TRUST - worth, 9)) for far, worth in zip(*rows, strict=True))
        for rows in zip(wide, table, strict=True)
    )
    return TrustTable.model_validate({"label": entry.label, "table": table, "spread": spread})


def _rows(rows: TrustRows) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(getattr(rows, letter)) for letter in RELIABILITIES)


@functools.cache
def house_trust() -> TrustTable:
    """Return the table of trust that serves where a catalog has none."""
    sheet = read_file(FilePath(__file__).with_name("trust.yaml"), SourcesFile)
    return _trust(TrustEntry.model_validate(sheet.at("trust")))
