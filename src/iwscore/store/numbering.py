"""Names as numbers, the same for every lot of a reading.

Here belong the numbers of names. Which names a catalog knows belongs to the catalog, the columns of numbers to
``store.lots``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from iwscore.domain.catalogs import Catalog

__all__ = ["BLANK", "STRANGE", "Numbering", "numberings"]

BLANK = 0
STRANGE = " "  # stands for every name that the catalog does not know: no name is written so
_SMALL = np.iinfo(np.int16).max


class Numbering:
    """The names of one column, each with a number; "" has 0.

    A closed one knows its names from the start and has one number more, for all others; an open one takes in every
    name that it meets.
    """

    def __init__(self, known: Iterable[str] | None = None) -> None:
        self._closed = known is not None
        names = ["", *sorted(set(known or ()))]
        self._numbers = {name: number for number, name in enumerate([*names, STRANGE] if self._closed else names)}
        self._type: type = np.int16 if self._closed and len(self._numbers) < _SMALL else np.int32

    @property
    def names(self) -> tuple[str, ...]:
        """Every name, in the order of the numbers."""
        return tuple(self._numbers)

    @property
    def strange(self) -> int:
        """The number of names that are not known; -1 where all are taken in."""
        return self._numbers[STRANGE] if self._closed else -1

    def of(self, texts: Sequence[str]) -> NDArray[np.signedinteger]:
        """Return the number of each text."""
        if self._closed:
            strange = self.strange
            return np.array([self._numbers.get(text, strange) for text in texts], dtype=self._type)
        return np.array([self._numbers.setdefault(text, len(self._numbers)) for text in texts], dtype=self._type)


def numberings(catalog: Catalog) -> dict[str, Numbering]:
    """Return a numbering for each column of names: open for subjects, for the others of what the catalog knows."""
    levels = {level for one in catalog.indicators.values() for level in one.levels}
    return {
        "subject": Numbering(),
        "indicator": Numbering(catalog.indicators),
        "level": Numbering({"unknown", *levels}),
        "source": Numbering(catalog.sources),
        "origin": Numbering(catalog.sources),
    }
