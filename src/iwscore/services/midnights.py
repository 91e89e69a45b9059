"""Midnights: the ladder's past, kept while the log grows.

What is recorded now is not known then: only what was told as history, or nights that are new, are answered again. Here
belongs which those are. The ladder itself belongs to ``core.answering``.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from iwscore.core.answering import Folding, first_known, series_of, steps
from iwscore.core.assessing import Assessed
from iwscore.core.bundles import NEVER, Floats, Times
from iwscore.core.hearings import Clocks
from iwscore.core.ladders import Series
from iwscore.services.growing import Growing
from iwscore.services.inquiries import Changed, Inquiry

__all__ = ["Midnights"]

_FEW = 4  # new nights, so many at most, are answered one after another


class Midnights:
    """The ladder's steps, each as then known, up to one knowledge time; ``answer`` gives the one at one time."""

    def __init__(self, inquiry: Inquiry, folding: Folding, known_at: int, answer: Callable[[int], Assessed]) -> None:
        self._inquiry, self._folding, self._known_at, self._answer = inquiry, folding, known_at, answer
        self._clocks = Clocks.known_at(known_at, vintage=True)
        self._first, self._steps = NEVER, _none()
        self._begin()

    def touch(self, changed: Changed) -> None:
        """Take note of what does not hold any more."""
        if len(changed.withdrawn) or (self._inquiry["known_from"][changed.new] < self._first).any():
            self._begin()
        self._steps.cut(int(np.searchsorted(self._steps["times"], changed.since)))

    def series(self, last: int) -> Series:
        """Return the steps up to that time."""
        times = steps(self._folding, self._first, last)
        missing = times[len(self._steps) :]
        if len(missing):
            self._steps.extend(times=missing, **self._answered(missing))
        held = self._steps
        return Series(times, held["adverse"][: len(times)], held["coverage"][: len(times)])

    def _begin(self) -> None:
        """Find out when the first report is known; were it another time than it was, so may be the steps."""
        before = self._first
        self._first = first_known(self._inquiry.reports, self._known_at)
        if self._first != before:
            self._steps = _none()

    def _answered(self, times: Times) -> dict[str, Floats]:
        """Return the answers at new steps, as far as a ladder sees them."""
        if len(times) <= _FEW:
            parts = [series_of(self._folding, times, self._answer(at)) for at in times.tolist()]
        else:
            parts = [series_of(self._folding, times, self._inquiry.assess(self._clocks, times))]
        return {name: np.concatenate([getattr(part, name) for part in parts]) for name in ("adverse", "coverage")}


def _none() -> Growing:
    return Growing(times=np.empty(0, dtype=np.int64), adverse=np.empty(0), coverage=np.empty(0))
