"""What has been met before in a long stream of rows: by key, in memory that grows by a few numbers a row.

Here belongs the index alone. What follows from meeting a name again belongs to ``services.intakes``.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["Repeats", "text_keys"]

Numbers = NDArray[np.int64]
_LONGEST = 1 << 19  # of a run: merging longer ones would take more memory than it saves time


def text_keys(texts: Sequence[str], codes: NDArray[np.int32]) -> Numbers:
    """Return a number for each row's text; two texts share one as good as never. Shape (N,)."""
    return np.array([hash(text) for text in texts], dtype=np.int64)[codes]


class Repeats:
    """Keys with the facts of their first row: sorted runs, of which the shorter are merged into longer ones."""

    def __init__(self, width: int) -> None:
        self._width = width
        self._runs: list[tuple[Numbers, Numbers]] = []

    def meet(self, keys: Numbers, facts: Numbers) -> Numbers:
        """Return for each row the facts of the first row ever met with its key, then know all of them.

        ``keys`` has shape (N,), ``facts`` and the answer (N, width).
        """
        used, first, place = np.unique(keys, return_index=True, return_inverse=True)
        told, found = self._look_up(used)
        told[~found] = facts[first[~found]]
        self._add(used[~found], told[~found])
        return told[place]

    def new(self, keys: Numbers) -> NDArray[np.bool_]:
        """Return which rows are the first ever with their key, then know all of them; for keys without facts."""
        used, first = np.unique(keys, return_index=True)
        told, found = self._look_up(used)
        self._add(used[~found], told[~found])
        new = np.zeros(len(keys), dtype=bool)
        new[first[~found]] = True
        return new

    def find(self, key: int) -> tuple[int, ...] | None:
        """Return the facts of a key, None where it has not been met."""
        told, found = self._look_up(np.array([key], dtype=np.int64))
        return tuple(told[0].tolist()) if found[0] else None

    def _look_up(self, used: Numbers) -> tuple[Numbers, NDArray[np.bool_]]:
        told = np.zeros((len(used), self._width), dtype=np.int64)
        found = np.zeros(len(used), dtype=bool)
        for keys, facts in self._runs:
            place = np.minimum(np.searchsorted(keys, used), len(keys) - 1)
            here = keys[place] == used
            told[here] = facts[place[here]]
            found |= here
        return told, found

    def _add(self, keys: Numbers, facts: Numbers) -> None:
        if not len(keys):
            return
        while self._runs and len(self._runs[-1][0]) <= min(2 * len(keys), _LONGEST - len(keys)):
            more, told = self._runs.pop()
            keys, facts = np.concatenate([more, keys]), np.concatenate([told, facts])
        order = np.argsort(keys, kind="stable")
        self._runs.append((keys[order], facts[order]))
