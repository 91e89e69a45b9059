"""Shelves: the reports of a large input by subject, in memory or on the disk.

Here belongs what a question asks of them. How they came there belongs to ``store.column_reading``, how they lie there
to ``store.piles``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

import numpy as np

from iwscore.domain.columns import Columns
from iwscore.domain.observations import Names
from iwscore.store.lots import FIELDS, Lot, repeated
from iwscore.store.piles import Pile

__all__ = ["Shelf"]

_NAMED = ("subject", "indicator", "level", "source", "origin")
_TIMES = ("observed_at", "known_from", "stands_until")


@dataclass(frozen=True, eq=False)
class Shelf:
    """Reports by subject: ``pile`` has them as numbers, ``texts`` what these stand for.

    ``first`` and ``last`` are the earliest time of an observation and the latest time at all, microseconds; None where
    the input has no row.
    """

    texts: Mapping[str, tuple[str, ...]]
    pile: Pile
    first: int | None
    last: int | None
    log: ClassVar[str] = ""

    @property
    def names(self) -> tuple[str, ...]:
        """The subjects that are reported on, sorted."""
        return tuple(sorted(name for name in self.texts["subject"] if name))

    @property
    def most(self) -> int:
        """How many rows on the disk the subject has that has most of them."""
        return max((sum(each.values()) for each in self.pile.counts.values()), default=0)

    @property
    def most_of_one(self) -> int:
        """How many rows on the disk the indicator of a subject has that has most of them."""
        return max((count for each in self.pile.counts.values() for count in each.values()), default=0)

    def whole(self) -> Columns:
        """Return all reports of a pile that is in memory, which gives them up."""
        return self._columns(self.pile.whole())

    def of(self, subject: str) -> Columns:
        """Return a subject's reports from the disk, of none where it is not reported on."""
        number = self._numbers.get(subject)
        return self._columns(None if number is None else self.pile.of(number))

    def too_many(self, subject: str) -> int:
        """Return how many rows on the disk a subject has if there is no room for them in memory, else 0."""
        count = sum(self.pile.counts.get(self._numbers.get(subject, -1), {}).values())
        return count if count > self.pile.room else 0

    def pieces(self, subject: str) -> Iterator[Columns]:
        """Yield a subject's reports from the disk: whole indicators, as many as there is room for, or a single one."""
        number = self._numbers.get(subject, -1)
        span: list[int] = []
        taken = 0
        for indicator, count in sorted(self.pile.counts.get(number, {}).items()):
            if span and taken + count > self.pile.room:
                yield self._columns(self.pile.of(number, span[0], span[-1]))
                span, taken = [], 0
            span.append(indicator)
            taken += count
        if span:
            yield self._columns(self.pile.of(number, span[0], span[-1]))

    @cached_property
    def _numbers(self) -> Mapping[str, int]:
        return {name: number for number, name in enumerate(self.texts["subject"])}

    def _columns(self, lot: Lot | None) -> Columns:
        columns: dict[str, Any] = dict(lot or _nothing())
        columns |= {name: Names(columns[name], self.texts[name]) for name in _NAMED}
        return Columns(**columns, last=self.last)


def _nothing() -> Lot:
    types = dict.fromkeys(_NAMED, np.int16) | dict.fromkeys(_TIMES, np.int64) | {"value": np.float64}
    return {name: repeated(types.get(name, np.int8)(0), 0) for name in FIELDS}
