"""A folder of sheets into a catalog, with every fault of every file.

Here belongs the order in which the parts are read, since the later ones name the earlier ones.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from iwscore.catalog.findings import Place
from iwscore.catalog.folders import Folder
from iwscore.catalog.homes import Homes
from iwscore.catalog.indicators import read_indicators
from iwscore.catalog.problems import read_problems
from iwscore.catalog.sources import house_trust, read_sources
from iwscore.catalog.waivers import read_waivers
from iwscore.domain.catalogs import Catalog, Waiver
from iwscore.errors import Fault

__all__ = ["Resolved", "resolve_folder"]


@dataclass(frozen=True, slots=True)
class Resolved:
    """What a folder says: where each id stands, and either its faults or the catalog."""

    homes: Mapping[str, Homes]
    faults: tuple[Fault, ...] = ()
    waivers: tuple[tuple[Waiver, Place], ...] = ()
    catalog: Catalog | None = None


def resolve_folder(folder: Folder, *, checks: Collection[str]) -> Resolved:
    """Return the catalog of the folder, or all of its faults; waivers may name the checks given."""
    signs = read_indicators(folder.indicators)
    sources = read_sources(folder.sources)
    problems = read_problems(folder.scenarios, signs)
    waivers = read_waivers(folder.sheets, checks)
    homes = {"indicators": signs.homes, "problems": problems.homes, "sources": sources.homes}
    faults = tuple(fault for sheet in folder.sheets for fault in sheet.faults)
    if faults:
        return Resolved(homes, faults)
    catalog = Catalog(
        indicators=dict(sorted(signs.indicators.items())),
        problems=dict(sorted(problems.problems.items())),
        sources=dict(sorted(sources.sources.items())),
        trust=sources.trust or house_trust(),
        waivers=tuple(waiver for waiver, _ in waivers),
    )
    return Resolved(homes, (), waivers, catalog)
