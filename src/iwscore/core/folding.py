"""What is said for a while, folded onto a grid of times: sums that fade, and the freshest of what is heard.

Here belongs the arithmetic of intervals. Who speaks from when to when belongs to ``core.speaking`` and
``core.listening``.

Each statement is added where it begins and taken away where it ends. Its evidence is told in units of an anchor, a
point in time that the half-life alone sets, and as a whole number of small quanta: such sums are exact, so that
neither the order of rows, nor other times of the grid, nor what has ended leaves a trace in any bit.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from iwscore.core.bundles import NEVER, Expectations, Floats, Ints, Times
from iwscore.core.fading import DAY, fading
from iwscore.core.grids import Grid

__all__ = ["Folds", "Stays"]

_HALVINGS = 12  # from one anchor to the next
_GONE = 60.0  # halvings after which less than a quantum is left
_NOTHING = 1074.0  # halvings after which no evidence is left at all
_HIGH, _LOW = 2.0**24, 2.0**62  # quanta in a nat: sums of 2^24 statements, each 5.3 nats and 12 doublings, fit
_FINE = 2.0**35  # parts of a halving that tell which of two is fresher
_NEAR = 2.0 / _FINE  # halvings within which two may count as equally fresh
_PLACES = 20  # bits that hold the place of a statement among those of a chunk
_AT_ONCE = 1 << 17  # so many statements fit a processor's cache
_HEARD = ("channel", "trust", "observed_at")


@dataclass(frozen=True, slots=True, eq=False)
class Stays:
    """M statements, each heard at the times ``first <= t < last`` of a grid; every array has shape (M,).

    Attributes
    ----------
    channel
        Place on axis C.
    nats, trust
        Unfaded evidence, above 0, and worth, above 0 to 0.99.
    observed_at
        Microseconds since 1970.
    first, last
        Places on axis T, ``first < last``.
    """

    channel: Ints
    nats: Floats
    trust: Floats
    observed_at: Times
    first: Ints
    last: Ints

    def __len__(self) -> int:
        """Return M."""
        return len(self.channel)

    def take(self, rows: Ints | slice) -> Stays:
        """Return the statements at these places."""
        return Stays(*(getattr(self, name)[rows] for name in self.__slots__))


class Folds:
    """Sums and freshest statements of some channels in a row, growing as statements are added.

    Parameters
    ----------
    grid
        Question times. T of them.
    expectations
        One problem: its axes and half-lives.
    indicators
        Which of them: whole indicators in a row, so that L channels are folded.
    fresh
        Whether it is asked how fresh statements are; else they are as if nothing were heard.

    References
    ----------
    House rule, docs/method.md §3 and §4; Demmel, J., & Nguyen, H. D. (2015). Parallel reproducible summation. IEEE
    Transactions on Computers 64(7), 2060-2070 (sums made exact by splitting terms on a common lattice).

    Examples
    --------
    >>> from iwscore.core.examples import tiny_problem
    >>> folds = Folds(Grid.of(np.array([0, 20])), tiny_problem(), slice(0, 1))
    >>> one = np.array([1])
    >>> folds.add(Stays(one, np.array([2.0]), np.array([0.7]), one - 1, one - 1, one + 1))
    >>> folds.nats().round(3).tolist(), folds.fresh().round(3).tolist()
    ([[0.0, 2.0], [0.0, 2.0]], [[0.7], [0.7]])
    """

    def __init__(self, grid: Grid, expectations: Expectations, indicators: slice, *, fresh: bool = True) -> None:
        offsets = expectations.offsets[indicators.start : indicators.stop + 1]
        self._grid = grid
        self._start = int(offsets[0])
        self._offsets = offsets - offsets[0]
        self._width = len(grid) + 1
        half_life_days = expectations.half_life_days[offsets[0] : offsets[-1]]
        self._half_life = half_life_days * DAY
        self._days = half_life_days
        self._anchor, self._until = _anchors(grid.times, self._half_life)
        self._high = np.zeros(self._anchor.size, dtype=np.int64)
        self._low = np.zeros(self._anchor.size, dtype=np.int64)
        self._span = np.frexp(np.arange(self._width))[1].astype(np.int64) - 1  # whole powers of 2 in a stretch
        self._spans = max(int(self._span[-1]) + 1, 1)
        self._fresh = fresh
        self._best = np.full(self._anchor.size * self._spans if fresh else 0, -1, dtype=np.int64)
        self._shares = np.zeros(self._anchor.size)
        self._added: list[Stays] = []
        self._count = 0
        self._freshest = np.zeros((len(grid), len(offsets) - 1))
        self._speaking = np.zeros(self._width, dtype=np.int64)

    def add(self, stays: Stays) -> None:
        """Add statements; of those with no nats only how fresh they are.

        Parameters
        ----------
        stays
            M statements on the channels folded.
        """
        for begin in range(0, len(stays), _AT_ONCE):
            part = stays.take(slice(begin, begin + _AT_ONCE)) if len(stays) > _AT_ONCE else stays
            if self._fresh and self._count + len(part) > 1 << _PLACES:
                self._settle()
            self._count_speaking(part)
            place = np.arange(self._count, self._count + len(part))
            for rows, key, end, age in self._stretches(part):
                self._deposit(key, end, part.nats[rows] * np.exp2(age))
                if self._fresh:
                    self._compete(part, rows, key, end, age, place)
            if self._fresh:
                self._added.append(part)
                self._count += len(part)

    def add_shares(self, channel: Ints, time: Ints, nats: Floats) -> None:
        """Add nats at single times, in the order given: of voices that are shared, whose shares fade unlike nats.

        Parameters
        ----------
        channel, time
            Places on axis C and T. Shape (P,).
        nats
            0 or more. Shape (P,).
        """
        np.add.at(self._shares, (channel.astype(np.int64) - self._start) * self._width + time, nats)

    def nats(self) -> Floats:
        """Return the sums. Shape (T, L)."""
        high, low = (np.cumsum(words.reshape(-1, self._width)[:, :-1], axis=1) for words in (self._high, self._low))
        anchor = self._anchor.reshape(high.shape[0], self._width)[:, :-1]
        left = np.exp2((anchor - self._grid.times) / self._half_life[:, None])
        sums: Floats = high / _HIGH
        sums += low / _LOW
        sums *= left
        sums += self._shares.reshape(-1, self._width)[:, :-1]
        return sums.T

    def fresh(self) -> Floats:
        """Return the greatest trust times fading heard on each indicator. Shape (T, indicators)."""
        self._settle()
        return self._freshest

    def speaking(self) -> Ints:
        """Return how many statements are heard with any evidence left. Shape (T,)."""
        return np.cumsum(self._speaking[:-1])

    def _stretches(self, stays: Stays) -> Iterator[tuple[Ints | slice, Ints, Ints, Floats]]:
        """Yield statements, the places between which each is told by one anchor, and their age there, in halvings."""
        channel = stays.channel.astype(np.int64) - self._start
        half_life = self._half_life.take(channel)
        key = channel * self._width
        last = key + stays.last
        key += stays.first
        rows: Ints | slice = slice(None)
        while True:
            age = (stays.observed_at[rows] - self._anchor.take(key)) / half_life[rows]
            end = np.minimum(self._until.take(key), last[rows])
            yield rows, key, end, age
            more = np.flatnonzero((age > -_GONE) & (end < last[rows]))
            if not len(more):
                return
            rows, key = more if isinstance(rows, slice) else rows[more], end[more]

    def _deposit(self, key: Ints, end: Ints, nats: Floats) -> None:
        """Add nats, told as of the anchor, from a place to another."""
        nats *= _HIGH
        whole = np.rint(nats)
        nats -= whole
        nats *= _LOW / _HIGH
        for words, quanta in ((self._high, whole.astype(np.int64)), (self._low, np.rint(nats).astype(np.int64))):
            np.add.at(words, key, quanta)
            np.subtract.at(words, end, quanta)

    def _compete(self, stays: Stays, rows: Ints | slice, key: Ints, end: Ints, age: Floats, place: Ints) -> None:
        """Note statements for a stretch of times, each as two overlapping ones whose lengths are powers of 2."""
        # A statement that is all but gone is not heard, whatever else is asked: a time alone must hear no more.
        there = np.flatnonzero(age > -_GONE)
        rows, key, end = there if isinstance(rows, slice) else rows[there], key[there], end[there]
        lasting = np.log2(stays.trust[rows]) + age[there]
        lasting += _GONE + 4.0
        lasting *= _FINE
        rank = np.maximum(lasting, 0.0).astype(np.int64)
        rank <<= _PLACES
        rank |= place[rows]
        span = self._span.take(end - key)
        # A channel's tables of all spans lie together: place t of span p is (channel * spans + p) * width + t.
        floor = ((stays.channel[rows].astype(np.int64) - self._start) * (self._spans - 1) + span) * self._width
        np.maximum.at(self._best, floor + key, rank)
        np.maximum.at(self._best, floor + end - (1 << span), rank)

    def _settle(self) -> None:
        """Work out how fresh the freshest so far are, and forget who they were."""
        if not self._count:
            return
        trust, observed_at = self._in_order()
        left = np.zeros((len(self._half_life), len(self._grid)))
        for channel, best in enumerate(self._best.reshape(-1, self._spans, self._width)):
            for span in range(self._spans - 1, 0, -1):
                half = 1 << (span - 1)
                np.maximum(best[span - 1], best[span], out=best[span - 1])
                np.maximum(best[span - 1, half:], best[span, :-half], out=best[span - 1, half:])
            time = np.flatnonzero(best[0, :-1] >= 0)
            place = best[0].take(time) & ((1 << _PLACES) - 1)
            age = self._grid.times.take(time) - observed_at.take(place)
            left[channel, time] = trust.take(place) * fading(age, self._days[channel])
        np.maximum(self._freshest, np.maximum.reduceat(left, self._offsets[:-1]).T, out=self._freshest)
        self._best.fill(-1)
        self._added.clear()
        self._count = 0

    def _in_order(self) -> tuple[Floats, Times]:
        """Return trust and time by place; where two are almost equally fresh all compete again, placed by all bits."""
        channel, trust, observed_at = (np.concatenate([getattr(part, name) for part in self._added]) for name in _HEARD)
        lasting = np.log2(trust) + observed_at / self._half_life.take(channel.astype(np.int64) - self._start)
        gap = np.diff(np.sort(lasting))
        if not np.any((gap > 0.0) & (gap < _NEAR)):
            return trust, observed_at
        order = np.lexsort((trust, observed_at, lasting))
        place = np.empty_like(order)
        place[order] = np.arange(len(order))
        self._best.fill(-1)
        for part in self._added:
            own, place = place[: len(part)], place[len(part) :]
            for stretch in self._stretches(part):
                self._compete(part, *stretch, own)
        return trust[order], observed_at[order]

    def _count_speaking(self, stays: Stays) -> None:
        last = stays.last
        lasting = self._half_life.min() * _NOTHING
        if (stays.observed_at.min(initial=NEVER) < self._grid.times[-1:] - lasting).any():
            gone = stays.observed_at + _NOTHING * self._half_life.take(stays.channel.astype(np.int64) - self._start)
            last = np.minimum(last, np.searchsorted(self._grid.times, gone, side="right"))
            last = np.maximum(last, stays.first)
        self._speaking += np.bincount(stays.first, minlength=self._width)
        self._speaking -= np.bincount(last, minlength=self._width)


def _anchors(times: Times, half_life: Floats) -> tuple[Floats, Ints]:
    """Return for each channel and time its anchor, in microseconds, and the place at which the next one begins.

    Both of shape (L * (T + 1),), with a place more than there are times.
    """
    period = np.rint(half_life * _HALVINGS)[:, None]
    lasting = np.isfinite(period)
    number = np.floor(times / np.where(lasting, period, 1.0))
    anchor = np.where(lasting, number * np.where(lasting, period, 1.0), 0.0)
    anchor = np.concatenate([anchor, anchor[:, -1:] if len(times) else np.zeros((len(period), 1))], axis=1)
    width = anchor.shape[1]
    until = np.full(anchor.shape, width - 1)
    changes = anchor[:, 1:] != anchor[:, :-1]
    ends = np.where(changes, np.arange(1, width), width - 1)
    until[:, :-1] = np.minimum.accumulate(ends[:, ::-1], axis=1)[:, ::-1]
    until += np.arange(len(half_life))[:, None] * width
    return anchor.ravel(), until.ravel()
