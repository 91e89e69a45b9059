"""What a check is given and what it finds: cases and findings.

Here belongs what all checks share. What each looks for belongs to ``omissions``, ``lifecycles`` and ``weighings``,
their list to ``checks``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from iwscore.catalog.homes import Homes
from iwscore.domain.catalogs import Catalog, Waiver

__all__ = ["Case", "Finding", "Findings", "Place"]

Place = tuple[str, int, int]


class Finding(NamedTuple):
    """One thing worth a look; ``about`` holds the ids that a waiver may name."""

    about: tuple[str, ...]
    place: Place
    value: str
    must: str
    remedy: str


Findings = Iterator[Finding]


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """A catalog without faults and all that a check may look at.

    Attributes
    ----------
    catalog
        What the files mean.
    homes
        Where indicators, problems and sources stand.
    strays
        What else lay in the folders.
    today
        The day it is looked at, None where that does not matter.
    waivers
        Each with its place.
    found
        What the checks before this one have found, each with the name of its check.
    """

    catalog: Catalog
    homes: Mapping[str, Homes]
    strays: tuple[str, ...] = ()
    today: date | None = None
    waivers: tuple[tuple[Waiver, Place], ...] = ()
    found: tuple[tuple[str, Finding], ...] = ()

    def place(self, kind: str, name: str, *path: str | int) -> Place:
        """Return file, line and column of a part of an indicator, a problem or a source.

        The last name in ``path`` may be the id of an item of a list. A key is preferred to its value.
        """
        sheet, inside = self.homes[kind].places[name]
        for part in path:
            ids = [item.get("id") if isinstance(item, dict) else item for item, _ in sheet.items(*inside)]
            inside = (*inside, ids.index(part) if part in ids else part)
        return (sheet.file, *sheet.spot(inside, key=inside in sheet.keys))
