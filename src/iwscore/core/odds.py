"""Odds: how far each of many draws of one problem moves its scenarios.

Here belongs the arithmetic of likelihoods over a last axis of draws, in few passes over arrays that stay in a
processor's cache. How tables are drawn belongs to ``core.draws``; what becomes of the likelihoods, to ``core.bands``.

Indicators that stand alone and count in full are multiplied, without a logarithm; all others take the formulas of
``core.likelihoods``. Every sum runs term by term and every pass is over single numbers, so that neither the times
that are asked together nor the blocks they come in show in any bit.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from iwscore.core.bundles import Expectations, Floats, Ints
from iwscore.core.draws import Widths, draw_nats, draw_rows, generator
from iwscore.core.likelihoods import group_nats, indicator_nats

__all__ = ["Drawn", "Room"]

_FACTORS_IN_A_ROW = 64  # each at least about 0.001, so that their product is no subnormal number
# Numbers of times x scenarios x draws: more would not stay in a processor's cache, fewer are not worth a pass.
_FACTORS_AT_ONCE = 1 << 18
_NATS_AT_ONCE = 1 << 16  # of these more arrays are alive at once
_TURNS = 4  # so much longer are the passes of threads: before each one they wait for their turn
_CACHE_LINE = 64  # bytes; arrays that begin with one are read and written quicker


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """A problem drawn D times: what each cell of the table of trust is worth, and the rows of what is heard.

    Attributes
    ----------
    priors
        Not drawn. Shape (S,).
    nats
        What each cell is worth; D is at least 2. Shape (cells, D).
    plain, others
        The indicators that are heard: those that stand alone and count in full, and the others.
    groups
        For each group the places of its members on axis I, and its correlation.

    Examples
    --------
    >>> from iwscore.core.examples import tiny_problem, tiny_widths
    >>> one_pair = (np.array([1]), np.array([0]))
    >>> drawn = Drawn.of(tiny_problem(), tiny_widths(cases=1e14, trust=0.5), *one_pair, draws=3, seed=0)
    >>> drawn.likelihood(np.array([[1.0], [0.0]]), drawn.room()).round(3)[0]
    array([[0.65, 0.65, 0.65],
           [0.5 , 0.5 , 0.5 ]])
    """

    priors: Floats
    nats: Floats
    plain: tuple[_Sign, ...]
    others: tuple[_Sign, ...]
    groups: tuple[tuple[Ints, float], ...]

    @classmethod
    def of(
        cls, expectations: Expectations, widths: Widths, channel: Ints, cell: Ints, *, draws: int, seed: int
    ) -> Drawn:
        """Return the draws for the indicators of P pairs of channel and cell, ascending. Two arrays of shape (P,)."""
        heard = np.unique(np.searchsorted(expectations.offsets, channel, side="right") - 1).tolist()
        signs = [_sign(expectations, widths, i, channel, cell, draws=draws, seed=seed) for i in heard]
        grouped = {int(i) for members, _ in expectations.groups for i in members}
        plain = tuple(sign for sign in signs if sign.weight == 1.0 and sign.place not in grouped)
        others = tuple(sign for sign in signs if sign.weight != 1.0 or sign.place in grouped)
        nats = draw_nats(widths.trust, widths.spread, draws=draws, rng=generator(seed))
        return cls(expectations.priors, _never_one(nats), plain, others, expectations.groups)

    def room(self, *, threads: int = 1) -> Room:
        """Return room for one of so many threads to work in, for as many times as are answered quickest at once."""
        scenarios, draws = len(self.priors), int(self.nats.shape[1])
        numbers = (_NATS_AT_ONCE if self.others else _FACTORS_AT_ONCE) * (_TURNS if threads > 1 else 1)
        times = max(numbers // ((scenarios + 4) * draws), 1)
        return Room.of(self.plain + self.others, scenarios, times, draws)

    def likelihood(self, left: Floats, room: Room) -> Floats:
        """Return the likelihoods of each draw at each time, until the room is used again.

        Parameters
        ----------
        left
            How often over each of P cells is told, faded and shared; T no more than there is room for. Shape (T, P).
        room
            To work in.

        Returns
        -------
        Floats
            0 to 1. Shape (S, T, D).
        """
        room = room.first(len(left))
        moved = room.moved
        spoken = np.logical_or.reduce(left, axis=0)
        moved[...] = self.priors[:, None, None]
        if self.others:
            nats = self._nats(left, spoken, room)
            moved *= np.exp(nats - nats.max(axis=1, keepdims=True)).swapaxes(0, 1)
        speaking = (sign for sign in self.plain if spoken[sign.all_pairs].any())
        for count, sign in enumerate(speaking, 1):
            sign.multiply(moved, sign.evidence(left, spoken, self.nats, room), room)
            if count % _FACTORS_IN_A_ROW == 0:
                # A power of 2 changes no digit, so that it does not matter how many indicators went before.
                np.ldexp(moved, -np.frexp(moved.max(axis=0))[1], out=moved)
        moved /= reduce(np.add, moved)
        return moved

    def _nats(self, left: Floats, spoken: NDArray[np.bool_], room: Room) -> Floats:
        """Return what the indicators that are not plain say together in each draw. Shape (T, S, D)."""
        said = {
            sign.place: sign.nats(sign.evidence(left, spoken, self.nats, room), self.priors)
            for sign in self.others
            if spoken[sign.all_pairs].any()
        }
        total = np.zeros((len(left), len(self.priors), self.nats.shape[1]))
        members = [[said.pop(i) for i in places.tolist() if i in said] for places, _ in self.groups]
        for alone in said.values():
            total += alone
        for group, (_, correlation) in zip(members, self.groups, strict=True):
            if group:
                total += group_nats(np.stack(group, axis=1), correlation)
        return total


@dataclass(frozen=True, slots=True, eq=False)
class Room:
    """Arrays to be written over and over: fresh ones would have to be fetched from the system each time."""

    levels: Floats
    passing: Floats
    worth: Floats
    moved: Floats

    @classmethod
    def of(cls, signs: tuple[_Sign, ...], scenarios: int, times: int, draws: int) -> Room:
        """Return room for the greatest of these signs."""
        levels = max((len(sign.pairs) for sign in signs), default=0)
        pairs = max((len(cells) for sign in signs for cells in sign.cells), default=0)
        return cls(
            _aligned(levels, times, draws),
            _aligned(2, times, draws),
            _aligned(pairs, draws),
            _aligned(scenarios, times, draws),
        )

    @property
    def times(self) -> int:
        """How many times there is room for."""
        return int(self.moved.shape[1])

    def first(self, times: int) -> Room:
        """Return room for fewer times."""
        return Room(self.levels[:, :times], self.passing[:, :times], self.worth, self.moved[:, :times])


@dataclass(frozen=True, slots=True, eq=False)
class _Sign:
    """One indicator that is heard.

    Attributes
    ----------
    place
        On axis I.
    pairs, cells
        For each level its pairs of channel and cell, as a slice of axis P, and the cells of these.
    rows
        Rows of expectations drawn. Shape (J, L, D).
    judgment
        Which row each scenario has. Shape (S,).
    scenarios
        The scenarios of each row.
    error, weight
        0 to 0.5, and 0 to 1.
    """

    place: int
    pairs: tuple[slice, ...]
    cells: tuple[Ints, ...]
    rows: Floats
    judgment: Ints
    scenarios: tuple[tuple[int, ...], ...]
    error: float
    weight: float

    @property
    def all_pairs(self) -> slice:
        """The pairs of all levels."""
        return slice(self.pairs[0].start, self.pairs[-1].stop)

    def evidence(self, left: Floats, spoken: NDArray[np.bool_], nats: Floats, room: Room) -> Floats:
        """Return what speaks for each level in each draw. Shape (L, T, D)."""
        found = room.levels[: len(self.pairs)]
        for pairs, cells, total in zip(self.pairs, self.cells, found, strict=True):
            (told,) = spoken[pairs].nonzero()
            worth = np.take(nats, cells[told], axis=0, out=room.worth[: len(told)], mode="clip")
            # Not a product of matrices in BLAS: that adds in an order which depends on how many times there are.
            np.einsum("tp,pd->td", left[:, told + pairs.start], worth, out=total)
        return found

    def nats(self, evidence: Floats, priors: Floats) -> Floats:
        """Return the nats by which this alone moves each scenario in each draw. Shape (T, S, D)."""
        given = self.rows[self.judgment]
        by_level = evidence.swapaxes(0, 1)
        return indicator_nats(by_level, given, priors, common_error=self.error, weight=self.weight)

    def multiply(self, moved: Floats, evidence: Floats, room: Room) -> None:
        """Multiply each scenario by what this says alone, in full: by exactly 1 where it does not speak."""
        one, two = room.passing
        evidence -= np.maximum.reduce(evidence, out=one)
        scaled = np.exp(evidence, out=evidence)
        mean = reduce(lambda total, level: np.add(total, level, out=one), scaled)
        mean /= len(scaled)
        for level in scaled:
            np.subtract(level, mean, out=two)
            two *= self.error
            level -= two
        lowest, rises = scaled[0], scaled[1:]
        rises -= lowest
        for row, scenarios in zip(self.rows, self.scenarios, strict=True):
            factor = np.multiply(row[1], rises[0], out=one)
            for p, rise in zip(row[2:], rises[1:], strict=True):
                factor += np.multiply(p, rise, out=two)
            factor += lowest
            for s in scenarios:
                moved[s] *= factor


def _sign(
    expectations: Expectations, widths: Widths, place: int, channel: Ints, cell: Ints, *, draws: int, seed: int
) -> _Sign:
    """Return one indicator drawn."""
    channels = expectations.channels(place)
    ends = np.searchsorted(channel, np.arange(channels.start, channels.stop + 1)).tolist()
    pairs = tuple(slice(first, last) for first, last in pairwise(ends))
    judgment, rng = widths.judgments[place], generator(seed, widths.streams[place])
    rows = _never_one(draw_rows(expectations.given[place], widths.cases[place], judgment, draws=draws, rng=rng))
    return _Sign(
        place=place,
        pairs=pairs,
        cells=tuple(cell[part] for part in pairs),
        rows=rows,
        judgment=judgment,
        scenarios=tuple(tuple(np.flatnonzero(judgment == j).tolist()) for j in range(len(rows))),
        error=float(expectations.common_error[place]),
        weight=float(expectations.weight[place]),
    )


def _never_one(drawn: Floats) -> Floats:
    """Return draws, a lone one twice: over a last axis of one NumPy sums in an order of its own."""
    return np.repeat(drawn, 2, axis=-1) if drawn.shape[-1] == 1 else drawn


def _aligned(*shape: int) -> Floats:
    """Return an array of any numbers that begins with a cache line."""
    size = int(np.prod(shape))
    whole = np.empty(size + _CACHE_LINE // 8)
    first = -whole.__array_interface__["data"][0] % _CACHE_LINE // 8
    return whole[first : first + size].reshape(shape)
