"""Grids: what each indicator says at the times of a trend, kept while the log grows.

Here belongs which indicators have to be asked again. How they are asked belongs to ``core.sayings``.
"""

from __future__ import annotations

from dataclasses import fields

import numpy as np

from iwscore.core.assessing import Assessed
from iwscore.core.bundles import Ints, Times
from iwscore.core.hearings import Clocks
from iwscore.core.sayings import Sayings, conclude, hear_out
from iwscore.core.speaking import speak
from iwscore.services.inquiries import Changed, Inquiry

__all__ = ["Grid"]

_FIELDS = tuple(field.name for field in fields(Sayings))


class Grid:
    """Answers at ascending times by some clocks, for as long as both stay the same."""

    def __init__(self, inquiry: Inquiry, clocks: Clocks, times: Times) -> None:
        self._inquiry, self._clocks, self._times = inquiry, clocks, times
        self._open: set[int] = set()  # indicators to be asked again
        self._said: Sayings | None = None
        self._assessed: Assessed | None = None

    def touch(self, changed: Changed) -> None:
        """Take note of what does not hold any more."""
        self._open.update(self._inquiry["indicator"][changed.reports].tolist())
        self._assessed = None

    def assessed(self) -> Assessed:
        """Return the answers, one a time."""
        if self._assessed is None:
            every = np.arange(len(self._inquiry))
            said = self._ask(every) if self._said is None else self._asked_again(self._said)
            self._open.clear()
            self._said, self._assessed = said, conclude(said, self._inquiry.frame.expectations, self._inquiry.most)
        return self._assessed

    def _asked_again(self, said: Sayings) -> Sayings:
        """Ask the indicators that are open, and put what they say in the place of what they said."""
        indicators = sorted(self._open)
        some = self._ask(np.flatnonzero(np.isin(self._inquiry["indicator"], indicators)))
        for name in _FIELDS:
            getattr(said, name)[:, indicators] = getattr(some, name)[:, indicators]
        return said

    def _ask(self, reports: Ints) -> Sayings:
        hearings = self._inquiry.hear(reports, self._clocks)
        return hear_out(hearings, speak(hearings, self._times), self._inquiry.frame.expectations, self._times)
