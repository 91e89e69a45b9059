"""Reports in, evidence on a grid of times out: the whole pass, a few indicators at a time.

Here belongs the order of the work and the short way for what is common: a voice that is one source, whose reports join
in the order in which they were told, and which nobody withdraws. Every other voice goes the long way, through
``core.hearings`` and ``core.speaking``. Evidence is a sum over voices, so that which way a voice goes, and how many
threads share the indicators, is seen in no bit of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from iwscore.core.bundles import Expectations, Floats, Ints, Register, Reports, Times
from iwscore.core.evidence import Evidence, fold
from iwscore.core.fading import DAY
from iwscore.core.folding import Folds, Stays
from iwscore.core.grids import Grid
from iwscore.core.hearings import Clocks, hear
from iwscore.core.spans import starts
from iwscore.core.speaking import speak
from iwscore.core.trust import report_cell, trust_nats

__all__ = ["listen"]

_BLOCK = 1 << 19  # reports that are put into order of their indicator at once
_AT_ONCE = (1 << 16, 1 << 16)  # reports, and channels x times, that are folded at once, or else one indicator
_CACHE = 1 << 17  # reports of whole voices that fit a processor's cache


def listen(
    reports: Reports,
    register: Register,
    expectations: Expectations,
    clocks: Clocks,
    times: Times,
    *,
    fresh: bool = True,
    threads: int = 1,
) -> Evidence:
    """Return the evidence of reports on every channel at every time.

    Parameters
    ----------
    reports
        N reports on one subject, in any order.
    register, expectations
        What grades are worth, and one problem.
    clocks
        Up to when what is known.
    times
        Ascending, microseconds. Shape (T,).
    fresh
        Whether it is asked how fresh the reports are; else that is 0 everywhere.
    threads
        How many share the work, 1 or more.

    Returns
    -------
    Evidence
        The same bits for any order of reports, any number of threads, and for a time alone as among others.

    Raises
    ------
    ValueError
        If times do not ascend.

    References
    ----------
    House rule, docs/method.md §2 to §4.

    Examples
    --------
    >>> from iwscore.core.bundles import NEVER
    >>> from iwscore.core.examples import tiny_problem
    >>> one = np.array([0])
    >>> report = Reports(one, one, one, one, one, one + 10, one + 10, one + NEVER, one > 0, one + 1, one + 1, one - 1)
    >>> table = Register(np.array([[0.95, 0.8], [0.9, 0.6]]), one[:0], one[:0], one[:0])
    >>> listen(report, table, tiny_problem(), Clocks(), np.array([9, 10])).nats.round(4).tolist()
    [[0.0, 0.0], [1.3863, 0.0]]
    """
    worth = trust_nats(register.trust.ravel())
    work = _Work(reports, register, expectations, clocks, Grid.of(times), worth, _nothing(expectations, times), fresh)
    with ThreadPoolExecutor(threads) as pool:
        for speaking in (pool.map if threads > 1 else map)(work.take_in, work.chunks()):
            work.found.speaking[:] += speaking
    return work.found


def _nothing(expectations: Expectations, times: Times) -> Evidence:
    """Return the evidence of no reports, to be written into; each channel and indicator lies in one piece."""
    nats, fresh = (
        np.zeros((axis, len(times))).T for axis in (len(expectations.half_life_days), len(expectations.given))
    )
    return Evidence(nats, fresh, np.zeros(len(times), dtype=np.int64))


@dataclass(frozen=True, slots=True, eq=False)
class _Sorted:
    """A block of reports that count by the clocks, in the order of their indicators.

    Attributes
    ----------
    ends
        Where each indicator ends. Shape (I,).
    row
        Places among all reports.
    enter
        From when each can be heard, microseconds; with no vintage that is ``observed_at`` itself.
    relayed
        Whether any source is not the origin.
    """

    ends: Ints
    row: Ints
    observed_at: Times
    enter: Times
    origin: Ints
    channel: Ints
    cell: Ints
    relayed: bool


@dataclass(frozen=True, slots=True, eq=False)
class _Chunk:
    """The reports of indicators ``first`` to ``stop - 1``, block by block."""

    first: int
    stop: int
    parts: tuple[tuple[_Sorted, slice], ...]

    @property
    def relayed(self) -> bool:
        """Whether any source may not be the origin."""
        return any(block.relayed for block, _ in self.parts)

    def column(self, name: str) -> NDArray[Any]:
        """Return one column of all parts."""
        return np.concatenate([getattr(block, name)[where] for block, where in self.parts])

    def voice(self) -> Ints:
        """Return a number for the indicator and the origin of each report."""
        origin: Ints = self.column("origin")
        if self.stop == self.first + 1:
            return origin
        counts = [np.diff(block.ends[self.first : self.stop], prepend=where.start) for block, where in self.parts]
        places = np.arange(self.stop - self.first) * (int(origin.max()) + 1)
        return np.concatenate([np.repeat(places, count) for count in counts]) + origin


@dataclass(frozen=True, slots=True, eq=False)
class _Work:
    """One pass over the reports of a subject; ``worth`` is the evidence of each cell of the table of trust."""

    reports: Reports
    register: Register
    expectations: Expectations
    clocks: Clocks
    grid: Grid
    worth: Floats
    found: Evidence
    fresh: bool

    def chunks(self) -> Iterator[_Chunk]:
        """Yield the reports by whole indicators, some at a time."""
        blocks = [self._sort(slice(begin, begin + _BLOCK)) for begin in range(0, len(self.reports), _BLOCK)]
        sizes = np.sum([np.diff(block.ends, prepend=0) for block in blocks], axis=0)
        told, folded = np.append(0, np.cumsum(sizes)), self.expectations.offsets * len(self.grid)
        first = 0
        while blocks and first < len(sizes):
            room = (
                np.searchsorted(ends, ends[first] + most, side="right")
                for ends, most in zip((told, folded), _AT_ONCE, strict=True)
            )
            stop = max(min(map(int, room)) - 1, first + 1)
            parts = ((b, slice(int(b.ends[first - 1]) if first else 0, int(b.ends[stop - 1]))) for b in blocks)
            yield _Chunk(first, stop, tuple(part for part in parts if part[1].stop > part[1].start))
            first = stop

    def take_in(self, chunk: _Chunk) -> Ints:
        """Fold what the chunk's indicators say, and return how many statements are heard. Shape (T,)."""
        if not chunk.parts:
            return np.zeros(len(self.grid), dtype=np.int64)
        folds = Folds(self.grid, self.expectations, slice(chunk.first, chunk.stop), fresh=self.fresh)
        told = _Telling.of(self, chunk)
        odd = told.odd(self, chunk)
        if odd.any():
            self._take_the_long_way(folds, np.sort(chunk.column("row")[told.order[odd]]))
            told = told.take(np.flatnonzero(~odd))
        for part in told.by_voice():
            folds.add(self._stays(part))
        channels = slice(int(self.expectations.offsets[chunk.first]), int(self.expectations.offsets[chunk.stop]))
        self.found.nats[:, channels] = folds.nats()
        self.found.fresh[:, chunk.first : chunk.stop] = folds.fresh()
        return folds.speaking()

    def _sort(self, rows: slice) -> _Sorted:
        """Return the reports of a block that are known and stand, by indicator."""
        reports = self.reports.take(rows)
        counted = _counted(reports, self.clocks)
        row = np.arange(len(reports)) if counted.all() else np.flatnonzero(counted)
        indicators, bits = len(self.expectations.given), (_BLOCK - 1).bit_length()
        narrow = indicators << bits < 1 << 31
        packed: NDArray[Any] = reports.indicator.take(row).astype(np.int32 if narrow else np.int64)
        packed <<= bits
        packed |= row.astype(packed.dtype)
        packed.sort()
        ends = np.searchsorted(packed, np.arange(1, indicators + 1, dtype=packed.dtype) << bits)
        packed &= _BLOCK - 1
        row = packed.astype(np.intp)
        observed_at = reports.observed_at.take(row)
        late = self.clocks.vintage and reports.known_from is not reports.observed_at
        return _Sorted(
            ends=ends,
            row=row + rows.start,
            observed_at=observed_at,
            enter=np.maximum(observed_at, reports.known_from.take(row)) if late else observed_at,
            origin=reports.origin.take(row),
            channel=reports.channel.take(row),
            cell=report_cell(reports, self.register, self.clocks.regrades).take(row),
            relayed=reports.source is not reports.origin and bool((reports.source != reports.origin).any()),
        )

    def _take_the_long_way(self, folds: Folds, rows: Ints) -> None:
        """Fold voices of which several sources tell, or that do not only grow."""
        hearings = hear(self.reports.take(rows), self.register, self.expectations, self.clocks)
        fold(folds, hearings, speak(hearings, self.grid.times), self.grid)

    def _stays(self, told: _Telling) -> Stays:
        """Return the statements of voices of one source each, whose reports join in the order of the telling."""
        voiced = np.append(True, told.voice[1:] != told.voice[:-1])
        goes_on = np.append(False, told.channel[1:] == told.channel[:-1])
        goes_on &= ~voiced
        channel, cell = told.channel.astype(np.intp), told.cell.astype(np.intp)
        with np.errstate(divide="ignore"):
            lasting = np.log2(self.worth).take(cell)
        lasting += told.observed_at / (self.expectations.half_life_days * DAY).take(channel)
        heard = np.flatnonzero(lasting >= _greatest_so_far(lasting, goes_on))
        first = self.grid.first_at(told.enter.take(heard))
        last = np.append(first[1:], len(self.grid))
        last[:-1][voiced.take(heard[1:])] = len(self.grid)
        nats = self.worth.take(cell.take(heard))
        said = np.flatnonzero((first < last) & (nats > 0))
        heard = heard.take(said)
        return Stays(
            channel=channel.take(heard),
            nats=nats.take(said),
            trust=self.register.trust.ravel().take(cell.take(heard)),
            observed_at=told.observed_at.take(heard),
            first=first.take(said),
            last=last.take(said),
        )


def _counted(reports: Reports, clocks: Clocks) -> NDArray[np.bool_]:
    """Return which reports are known and, where no vintage is asked for, stand. Shape (N,)."""
    counted = reports.known_from <= clocks.reports
    if clocks.withdrawals != clocks.reports:
        counted[reports.correction] = reports.known_from[reports.correction] <= clocks.withdrawals
    if not clocks.vintage:
        counted &= reports.stands_until > clocks.withdrawals
    return counted


def _greatest_so_far(numbers: Floats, goes_on: NDArray[np.bool_]) -> Floats:
    """Return at each place the greatest number of its run so far; a run begins where none goes on. Shape (N,)."""
    greatest, reach = numbers.copy(), 1
    later = np.flatnonzero(goes_on)
    while len(later):  # each round looks twice as far back
        before = later - reach
        greatest[later] = np.maximum(greatest.take(later), greatest.take(before))
        far = later[goes_on.take(before)]
        goes_on = np.zeros_like(goes_on)
        goes_on[far] = True
        later, reach = far, reach * 2
    return greatest


@dataclass(frozen=True, slots=True, eq=False)
class _Telling:
    """Reports voice by voice, in the order in which each was told; every array has shape (N,).

    Attributes
    ----------
    order
        Place in the chunk.
    voice
        A number for the indicator and the origin.
    enter
        From when the report can be heard, microseconds.
    """

    order: Ints
    voice: Ints
    channel: Ints
    cell: Ints
    observed_at: Times
    enter: Times

    @classmethod
    def of(cls, work: _Work, chunk: _Chunk) -> _Telling:
        """Return the reports of a chunk."""
        voice, observed_at = chunk.voice(), chunk.column("observed_at")
        order, told, spoken = _order(voice, observed_at)
        channel, cell = chunk.column("channel"), chunk.column("cell")
        unclear = (told[1:] <= told[:-1]) & (spoken[1:] == spoken[:-1])
        if unclear.any():
            place = np.flatnonzero(_whole(spoken, np.append(False, unclear)))
            rows = order[place]
            known_from = work.reports.known_from[chunk.column("row")[rows]]
            trust = work.register.trust.ravel()[cell[rows]]
            later = np.lexsort((rows, channel[rows], trust, known_from, observed_at[rows], voice[rows]))
            order[place] = rows[later]
            told = observed_at.take(order)
        late = any(block.enter is not block.observed_at for block, _ in chunk.parts)
        enter = chunk.column("enter").take(order) if late else told
        return cls(order, spoken, channel.take(order), cell.take(order), told, enter)

    def take(self, rows: Ints | slice) -> _Telling:
        """Return the reports at these places."""
        return _Telling(*(getattr(self, name)[rows] for name in self.__slots__))

    def odd(self, work: _Work, chunk: _Chunk) -> NDArray[np.bool_]:
        """Return which reports are of a voice that must go the long way. Shape (N,)."""
        vintage, found = work.clocks.vintage, np.zeros(len(self.voice), dtype=np.bool_)
        if not (vintage or chunk.relayed):
            return found
        row = chunk.column("row").take(self.order)
        source = work.reports.source[row]
        found[1:] = source[1:] != source[:-1]
        if vintage:
            found[1:] |= self.enter[1:] < self.enter[:-1]
        found[1:] &= self.voice[1:] == self.voice[:-1]
        if vintage:
            found |= work.reports.stands_until[row] <= work.clocks.withdrawals
            if len(work.register.regraded_source):
                found |= np.isin(source, work.register.regraded_source)
                found |= np.isin(work.reports.origin[row], work.register.regraded_source)
        return _whole(self.voice, found) if found.any() else found

    def by_voice(self) -> Iterator[_Telling]:
        """Yield whole voices, as many at once as fit a processor's cache."""
        begin = 0
        while begin < len(self.voice):
            stop = begin + _CACHE
            if stop < len(self.voice):
                stop = int(np.searchsorted(self.voice, self.voice[stop]))
                if stop <= begin:
                    stop = int(np.searchsorted(self.voice, self.voice[begin], side="right"))
            yield self.take(slice(begin, stop))
            begin = stop


def _order(voice: Ints, observed_at: Times) -> tuple[Ints, Times, Ints]:
    """Return places by voice, then time, and both columns in that order; nearly the same times may be out of order."""
    bits = max(len(voice) - 1, 1).bit_length()
    start = observed_at.min()
    room = 62 - bits - int(voice.max()).bit_length()
    packed = voice.astype(np.int64)
    packed <<= room
    packed |= (observed_at - start) >> max(int(observed_at.max() - start).bit_length() - room, 0)
    packed <<= bits
    packed |= np.arange(len(voice))
    packed.sort()
    order = packed & ((1 << bits) - 1)
    packed >>= bits + room
    return order, observed_at.take(order), packed


def _whole(voice: Ints, some: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return which places are of a voice that has some of these; voices lie together. Shape (N,)."""
    begin = starts(voice)
    return np.repeat(np.logical_or.reduceat(some, begin), np.diff(np.append(begin, len(voice))))
