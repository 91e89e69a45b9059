"""Bands: between what likelihoods an answer lies when its tables are drawn instead of taken at their word.

Here belongs the way from draws to low and high ends. How tables are drawn belongs to ``core.draws``; what an answer
is, to ``core.assessing``. Who speaks, and how sources share a voice, is decided by the table of trust as it stands; a
draw changes what voices are worth. Evidence is then a sum over cells of that table, the same weights in every draw.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property, reduce

import numpy as np
from numpy.typing import NDArray

from iwscore.core.assessing import combine, weigh
from iwscore.core.bundles import Expectations, Floats, Ints, Times
from iwscore.core.draws import Widths, draw_nats, draw_rows, generator
from iwscore.core.evidence import say_by_voice
from iwscore.core.hearings import Hearings
from iwscore.core.speaking import Statements, speak

__all__ = ["Bands", "bands"]

_LOW, _HIGH = 0.05, 0.95
_WEIGHTS_AT_ONCE = 1 << 22  # bounds memory: times x pairs of channel and cell
_ANSWERS_AT_ONCE = 1 << 14  # bounds memory: times x draws; so many fit a processor's cache
_FACTORS_AT_ONCE = 64  # each at least about 0.001, so that their product is no subnormal number


@dataclass(frozen=True, slots=True, eq=False)
class Bands:
    """Where the middle nine tenths of the draws lie. Both of shape (T, S), 0 to 1."""

    low: Floats
    high: Floats


def bands(
    hearings: Hearings, expectations: Expectations, widths: Widths, times: Times, *, draws: int, seed: int
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
    drawn = _Drawn.of(expectations, widths, weights.channel, draws=draws, seed=seed)
    for begin in range(0, len(times), weights.times_at_once):
        block = times[begin : begin + weights.times_at_once]
        left = weights.at(hearings, statements, block)
        for t in range(0, len(block), drawn.times_at_once):
            here = slice(begin + t, begin + min(t + drawn.times_at_once, len(block)))
            likelihood = drawn.likelihood(left[t : t + drawn.times_at_once], weights)
            low, high = np.quantile(likelihood, (_LOW, _HIGH), axis=2)
            silent = ~left[t : t + drawn.times_at_once].any(axis=1, keepdims=True)
            found.low[here] = np.where(silent, expectations.priors, low.T)
            found.high[here] = np.where(silent, expectations.priors, high.T)
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

    def of_channel(self, channel: int) -> range:
        """Return the pairs of one channel."""
        first, last = np.searchsorted(self.channel, (channel, channel + 1))
        return range(int(first), int(last))


@dataclass(frozen=True, eq=False)
class _Drawn:
    """A problem drawn D times: what each cell of the table is worth, and the rows of each indicator that is heard.

    Attributes
    ----------
    nats
        Shape (cells, D).
    heard
        The heard indicators' places on axis I.
    rows, judgments
        For each of these, rows of shape (J, L, D) and the row of each scenario, shape (S,).
    plain
        Which of these stand alone and count in full: their ratios are multiplied, without a logarithm.
    """

    expectations: Expectations
    nats: Floats
    heard: Ints
    rows: tuple[Floats, ...]
    judgments: tuple[Ints, ...]
    plain: NDArray[np.bool_]

    @classmethod
    def of(cls, expectations: Expectations, widths: Widths, channels: Ints, *, draws: int, seed: int) -> _Drawn:
        """Return the draws for the indicators of these channels."""
        heard = np.unique(np.searchsorted(expectations.offsets, channels, side="right") - 1)
        rows = tuple(
            draw_rows(
                expectations.given[i],
                widths.cases[i],
                widths.judgments[i],
                draws=draws,
                rng=generator(seed, widths.streams[i]),
            )
            for i in heard.tolist()
        )
        plain = expectations.weight == 1.0
        for members, _ in expectations.groups:
            plain[members] = False
        nats = draw_nats(widths.trust, widths.spread, draws=draws, rng=generator(seed))
        return cls(expectations, nats, heard, rows, tuple(widths.judgments[i] for i in heard.tolist()), plain[heard])

    @property
    def draws(self) -> int:
        """D."""
        return int(self.nats.shape[1])

    @property
    def times_at_once(self) -> int:
        """How many times may be held at once."""
        return max(_ANSWERS_AT_ONCE // self.draws, 1)

    def likelihood(self, left: Floats, weights: _Weights) -> Floats:
        """Return the likelihoods of each draw at each time. Shape (S, T, D)."""
        priors = self.expectations.priors
        moved = np.tile(priors[:, None, None], (1, len(left), self.draws))
        if not self.plain.all():
            nats = self._nats(left, weights)
            moved *= np.exp(nats - nats.max(axis=0))
        for count, factors in enumerate(self._factors(left, weights), 1):
            for s, factor in enumerate(factors):
                moved[s] *= factor
            if count % _FACTORS_AT_ONCE == 0:
                # A power of 2 changes no digit, so that it does not matter how many indicators went before.
                moved = np.ldexp(moved, -np.frexp(moved.max(axis=0))[1])
        total: Floats = reduce(np.add, list(moved))
        return moved / total

    def _evidence(self, left: Floats, weights: _Weights, heard: int) -> list[Floats]:
        """Return what speaks for each level of an indicator in each draw. L arrays of shape (T, D)."""
        channels = self.expectations.channels(int(self.heard[heard]))
        found = []
        for channel in range(channels.start, channels.stop):
            total = np.zeros((len(left), self.draws))
            for pair in weights.of_channel(channel):
                if left[:, pair].any():
                    total += left[:, pair, None] * self.nats[weights.cell[pair]]
            found.append(total)
        return found

    def _factors(self, left: Floats, weights: _Weights) -> Iterator[list[Floats]]:
        """Yield for each plain indicator what it multiplies each scenario by: exactly 1 where it does not speak."""
        for n in np.flatnonzero(self.plain).tolist():
            error = float(self.expectations.common_error[self.heard[n]])
            evidence = self._evidence(left, weights, n)
            largest = reduce(np.maximum, evidence)
            scaled = [np.exp(level - largest) for level in evidence]
            mean = reduce(np.add, scaled) / len(scaled)
            lowest, *others = (level - error * (level - mean) for level in scaled)
            rises = [level - lowest for level in others]
            factors = [
                lowest + reduce(np.add, [p * rise for p, rise in zip(row[1:], rises, strict=True)])
                for row in self.rows[n]
            ]
            yield [factors[judgment] for judgment in self.judgments[n]]

    def _nats(self, left: Floats, weights: _Weights) -> Floats:
        """Return what the indicators that are not plain say together in each draw. Shape (S, T, D)."""
        evidence = [
            level.ravel() for n in np.flatnonzero(~self.plain).tolist() for level in self._evidence(left, weights, n)
        ]
        tables = self._others
        tables = replace(tables, given=tuple(np.tile(given, len(left)) for given in tables.given))
        nats = combine(weigh(np.stack(evidence, axis=1), tables), tables)
        return nats.T.reshape(-1, len(left), self.draws)

    @cached_property
    def _others(self) -> Expectations:
        """The problem with the indicators that are not plain, ``given`` drawn. I arrays of shape (S, L, D)."""
        chosen = np.zeros(len(self.expectations.given), dtype=np.bool_)
        chosen[self.heard[~self.plain]] = True
        fewer, _ = self.expectations.only(chosen)
        given = (self.rows[n][self.judgments[n]] for n in np.flatnonzero(~self.plain).tolist())
        return replace(fewer, given=tuple(given))
