"""Vintages: which catalog was in force at which time.

Here belongs the choice of the catalog. What it answers belongs to the verbs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from iwscore.core.bundles import EVERYTHING, Times
from iwscore.core.spans import starts
from iwscore.domain.catalogs import Catalog
from iwscore.domain.times import from_micros, to_micros

__all__ = ["InForce"]


@dataclass(frozen=True, slots=True, eq=False)
class InForce:
    """K catalogs and since when each is in force, ascending; what comes before the first is the first one's too.

    Attributes
    ----------
    since
        Microseconds since 1970, K of them; none where one catalog answers at every time.
    catalogs
        K of them, at least one.
    """

    since: tuple[int, ...]
    catalogs: tuple[Catalog, ...]

    @classmethod
    def of(cls, catalog: Catalog | InForce) -> InForce:
        """Return it as it is; a single catalog answers at every time."""
        return catalog if isinstance(catalog, InForce) else cls((), (catalog,))

    @property
    def last(self) -> Catalog:
        """The one in force now."""
        return self.catalogs[-1]

    def at(self, at: datetime) -> Catalog:
        """Return the one in force at that time, as known then."""
        return next(one for one, _ in self.stretches(np.array([to_micros(at)]), EVERYTHING))

    def named(self) -> tuple[tuple[datetime, str], ...]:
        """Return since when which digest is in force; nothing where one catalog is meant to answer at every time."""
        return tuple((from_micros(t), one.digest) for t, one in zip(self.since, self.catalogs, strict=False))

    def stretches(self, times: Times, known_at: int) -> Iterator[tuple[Catalog, slice]]:
        """Yield each catalog and the ascending times it answers: it was in force then, as known at ``known_at``."""
        place = np.searchsorted(np.array(self.since[1:]), np.minimum(times, known_at), side="right")
        first = starts(place)
        for begin, end in zip(first.tolist(), [*first[1:].tolist(), len(times)], strict=True):
            yield self.catalogs[int(place[begin])], slice(begin, end)
