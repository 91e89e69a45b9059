"""Bands: between what likelihoods an answer lies when its tables are drawn instead of taken at their word.

Here belongs the way from draws to low and high ends. How tables are drawn belongs to ``core.draws``; what an answer
is, to ``core.assessing``. Who speaks, and how sources share a voice, is decided by the table of trust as it stands; a
draw changes what voices are worth. Evidence is then a sum over cells of that table, the same weights in every draw.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from iwscore.core.bundles import Expectations, Floats, Ints, Times
from iwscore.core.draws import Widths
from iwscore.core.evidence import say_by_voice
from iwscore.core.hearings import Hearings
from iwscore.core.odds import Drawn
from iwscore.core.speaking import Statements, speak

__all__ = ["Bands", "bands"]

_LOW, _HIGH = 0.05, 0.95
_WEIGHTS_AT_ONCE = 1 << 22  # bounds memory: times x pairs of channel and cell


@dataclass(frozen=True, slots=True, eq=False)
class Bands:
    """Where the middle nine tenths of the draws lie. Both of shape (T, S), 0 to 1."""

    low: Floats
    high: Floats


def bands(
    hearings: Hearings,
    expectations: Expectations,
    widths: Widths,
    times: Times,
    *,
    draws: int,
    seed: int,
    threads: int = 1,
) -> Bands:
    """Return the 5 % and 95 % quantiles of the likelihoods over draws of expectations and trust.

    Parameters
    ----------
    hearings
        The reports that can be heard.
    expectations, widths
        One problem, and how unsure it is. Priors are not drawn.
    times
        Ascending, microseconds. Shape (T,).
    draws
        D, 1 or more; the same for all times.
    seed
        0 or more.
    threads
        How many share the times; no bit depends on it.

    Returns
    -------
    Bands
        Exactly the priors where nothing speaks; the same bits for a time alone as for that time among others.

    References
    ----------
    House rule, docs/method.md §12.

    Examples
    --------
    >>> from iwscore.core.examples import tiny_hearings, tiny_problem, tiny_widths
    >>> said = tiny_hearings(levels=[1], observed_at=[10])
    >>> found = bands(said, tiny_problem(), tiny_widths(cases=50), np.array([9, 10]), draws=1000, seed=0)
    >>> found.low.round(2), found.high.round(2)
    (array([[0.5 , 0.5 ],
           [0.62, 0.32]]), array([[0.5 , 0.5 ],
           [0.68, 0.38]]))
    """
    shape = (len(times), len(expectations.priors))
    found = Bands(np.empty(shape), np.empty(shape))
    statements = speak(hearings, times)
    weights = _Weights.of(hearings, statements, widths.trust.size)
    drawn = Drawn.of(expectations, widths, weights.channel, weights.cell, draws=draws, seed=seed)
    for begin in range(0, len(times), weights.times_at_once):
        block = slice(begin, begin + weights.times_at_once)
        left = weights.at(hearings, statements, times[block])
        here = Bands(found.low[block], found.high[block])
        with ThreadPoolExecutor(threads) as pool:
            for share in [pool.submit(_fill, here, drawn, left, first, threads) for first in range(threads)]:
                share.result()
    return found


def _fill(found: Bands, drawn: Drawn, left: Floats, first: int, threads: int) -> None:
    """Fill in the share of the times that falls to one of so many threads."""
    room = drawn.room(threads=threads)
    for begin in range(first * room.times, len(left), threads * room.times):
        block = slice(begin, begin + room.times)
        low, high = _ends(drawn.likelihood(left[block], room))
        silent = ~left[block].any(axis=1, keepdims=True)
        found.low[block] = np.where(silent, drawn.priors, low.T)
        found.high[block] = np.where(silent, drawn.priors, high.T)


def _ends(likelihood: Floats) -> tuple[Floats, Floats]:
    """Sort and return the quantiles over the last axis, those of `numpy.quantile`, which is slower."""
    likelihood.sort(axis=-1)
    last = likelihood.shape[-1] - 1
    low, high = (_between(likelihood, q * last) for q in (_LOW, _HIGH))
    return low, high


def _between(ascending: Floats, place: float) -> Floats:
    """Return what stands at a place of the last axis, between its neighbours if it is no whole number."""
    under = int(place)
    first, second = ascending[..., under], ascending[..., min(under + 1, ascending.shape[-1] - 1)]
    past, gap = place - under, second - first
    found: Floats = second - gap * (1.0 - past) if past >= 0.5 else first + gap * past
    return found


@dataclass(frozen=True, slots=True, eq=False)
class _Weights:
    """The P pairs of channel and cell of the table that are heard, ascending. Both arrays of shape (P,)."""

    channel: Ints
    cell: Ints

    @classmethod
    def of(cls, hearings: Hearings, statements: Statements, cells: int) -> _Weights:
        """Return the pairs of these statements."""
        row = statements.hearing
        pairs = np.unique(hearings.channel[row] * cells + hearings.cell[row])
        return cls(pairs // cells, pairs % cells)

    @property
    def times_at_once(self) -> int:
        """How many times may be held at once."""
        return max(_WEIGHTS_AT_ONCE // max(len(self.channel), 1), 1)

    def at(self, hearings: Hearings, statements: Statements, times: Times) -> Floats:
        """Return how often over each cell is told on each channel, faded and shared. Shape (T, P)."""
        pairs = len(self.channel)
        cells = int(self.cell.max(initial=0)) + 1
        place = np.searchsorted(self.channel * cells + self.cell, hearings.channel * cells + hearings.cell)
        left = np.zeros(len(times) * pairs)
        for row, said in say_by_voice(hearings, statements, times):
            np.add.at(left, said.time * pairs + place[row], said.nats / hearings.nats[row])
        return left.reshape(len(times), pairs)
