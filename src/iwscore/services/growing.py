"""Columns that grow at their end, and the names that codes in them stand for.

Here belongs that adding rows costs as much as the rows added. What the columns mean is their owner's business.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from iwscore.domain.observations import Names

__all__ = ["Growing", "Vocabulary"]


class Growing:
    """Columns of one length that grow at their end; each growth of room doubles it."""

    def __init__(self, **columns: NDArray[Any]) -> None:
        self._columns = dict(columns)
        self._length = len(next(iter(columns.values())))

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, name: str) -> NDArray[Any]:
        """Return a column as long as it is now."""
        return self._columns[name][: self._length]

    def extend(self, **columns: NDArray[Any]) -> None:
        """Add rows; what was there stays where it is, or is copied into twice the room."""
        end = self._length + len(next(iter(columns.values())))
        for name, column in columns.items():
            held = self._columns[name]
            if end > len(held):
                self._columns[name] = np.empty(max(2 * len(held), end, 8), dtype=held.dtype)
                self._columns[name][: self._length] = held[: self._length]
            self._columns[name][self._length : end] = column
        self._length = end

    def cut(self, length: int) -> None:
        """Forget the rows behind so many."""
        self._length = min(self._length, length)


class Vocabulary:
    """Names in the order in which they were met."""

    def __init__(self) -> None:
        self._places: dict[str, int] = {}
        self._names: tuple[str, ...] = ()

    def place(self, name: str) -> int:
        """Return the place of a name; a new one is taken in."""
        return self._places.setdefault(name, len(self._places))

    def find(self, name: str) -> int | None:
        """Return the place of a name, None where it has not been met."""
        return self._places.get(name)

    def codes(self, names: Names) -> NDArray[np.int32]:
        """Return the places of a column of names here; new ones are taken in."""
        used = np.unique(names.codes)
        places = np.zeros(len(names.names), dtype=np.int32)
        for code in used.tolist():
            places[code] = self.place(names.names[code])
        return places[names.codes]

    @property
    def names(self) -> tuple[str, ...]:
        """Every name met so far."""
        if len(self._names) < len(self._places):
            self._names = tuple(self._places)
        return self._names
