"""Rows judged one by one as lots, and which reports a catalog can place.

Here belongs the way from rows to lots that holds for every row. The quick way, for rows in which nothing can be
wrong, belongs to ``store.plain_rows``.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from iwscore.core.bundles import NEVER
from iwscore.domain.catalogs import Catalog
from iwscore.store.lots import Lot, repeated
from iwscore.store.numbering import Numbering
from iwscore.store.rows import Rows

__all__ = ["Places", "lot_of_rows"]

_NAMES = ("subject", "indicator", "level", "source", "origin")


def lot_of_rows(rows: Rows, numberings: Mapping[str, Numbering]) -> Lot:
    """Return rows that are not at fault as a lot."""
    names = {name: numberings[name].of(rows.cells[name].texts)[rows.cells[name].codes] for name in _NAMES}
    return {
        **names,
        "value": rows.value,
        "observed_at": rows.clocks.observed_at,
        "known_from": rows.clocks.known_from,
        "stands_until": repeated(np.int64(NEVER), len(rows.kind)),
        "reliability": rows.reliability,
        "credibility": rows.credibility,
        "kind": rows.kind,
    }


class Places:
    """Which reports a catalog has a place for; the others are counted, and a report that is there twice is one."""

    def __init__(self, catalog: Catalog, numberings: Mapping[str, Numbering]) -> None:
        levels = numberings["level"].names
        self._levels = len(levels)
        placed = np.zeros((len(numberings["indicator"].names), len(levels)), dtype=np.bool_)
        for i, name in enumerate(numberings["indicator"].names):
            one = catalog.indicators.get(name)
            if one is not None:
                held = {"unknown", *one.levels} | ({""} if one.measure else set())
                placed[i] = [level in held for level in levels]
        self._placed = placed.ravel()
        self._strange = {name: numberings[name].strange for name in ("source", "origin")}

    def strays(self, lot: Lot) -> NDArray[np.bool_]:
        """Return which of the lot's reports have no place. Shape (N,)."""
        sign = np.multiply(lot["indicator"], self._levels, dtype=np.int32)
        sign += lot["level"]
        placed = self._placed.take(sign)
        for name, number in self._strange.items():
            placed &= lot[name] != number
        return ~placed
