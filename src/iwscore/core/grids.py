"""A grid of question times, and where on it things begin.

Here belongs the way from microseconds to places on axis T. What happens between two places belongs to
``core.folding``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from iwscore.core.bundles import Ints, Times

__all__ = ["Grid"]


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """Question times and how far apart they are.

    Attributes
    ----------
    times
        Ascending, microseconds since 1970. Shape (T,).
    step
        Microseconds from each time to the next where that is the same everywhere, else 0.
    """

    times: Times
    step: int

    @classmethod
    def of(cls, times: Times) -> Grid:
        """Return the grid of these times.

        Raises
        ------
        ValueError
            If times do not ascend.

        Examples
        --------
        >>> Grid.of(np.array([10, 20, 30])).step
        10
        """
        backwards = np.flatnonzero(times[1:] < times[:-1])
        if len(backwards):
            raise ValueError(f"times[{backwards[0] + 1}] is {times[backwards[0] + 1]}; times must ascend")
        step = int(times[1] - times[0]) if len(times) > 1 else 0
        even = step > 0 and bool((np.diff(times) == step).all())
        return cls(times, step if even else 0)

    def __len__(self) -> int:
        """Return T."""
        return len(self.times)

    def first_at(self, since: Times) -> Ints:
        """Return the place of the first time at or after each of these; T where there is none. Shape (N,).

        Examples
        --------
        >>> Grid.of(np.array([10, 20, 30])).first_at(np.array([-5, 20, 21, 31]))
        array([0, 1, 2, 3])
        """
        if not self.step:
            return np.searchsorted(self.times, since)
        start = int(self.times[0])
        place = np.clip(since, start, int(self.times[-1]) + 1)
        place -= start - self.step + 1
        place //= self.step
        return place
