"""Who speaks when: for each origin the reports that are heard, over the whole of question time.

Here belongs the rule that a source stands at its latest word, that repeating refreshes, and that sources of one
origin are one voice. How loud a voice is at a time belongs to ``core.evidence``.

Most voices are one source whose reports only ever join: they are settled by running maxima. Where sources share an
origin, or a report stops standing, each stretch of question time in which nothing changes is settled by itself.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from iwscore.core.bundles import NEVER, Ints, Times
from iwscore.core.hearings import Hearings
from iwscore.core.spans import blocks, flatten, starts

__all__ = ["Statements", "speak"]


@dataclass(frozen=True, slots=True, eq=False)
class Statements:
    """Who is heard from when to when, ordered by voice, then start, then level; every array has shape (M,).

    Attributes
    ----------
    hearing
        Place of the row that is heard.
    start, stop
        It is heard for questions at ``start <= t < stop``, microseconds.
    shared
        Whether other sources of the origin may be heard on another level at the same time.
    """

    hearing: Ints
    start: Times
    stop: Times
    shared: NDArray[np.bool_]

    def __len__(self) -> int:
        """Return M."""
        return len(self.hearing)


def speak(hearings: Hearings, times: Times) -> Statements:
    """Return the statements that stand at any of these times.

    Each source stands at the level of its latest report, with the strongest of its reports since it last named
    another level. Per origin and level only the strongest source is heard. A relay's report is dropped once the
    origin itself has later reported another level with trust above 0.

    Parameters
    ----------
    hearings
        N rows.
    times
        Question times, ascending, microseconds. Shape (T,).

    Returns
    -------
    Statements
        Those with evidence only; a report worth nothing silences its source's earlier word and says nothing.

    References
    ----------
    House rule, docs/method.md §2.

    Examples
    --------
    >>> from iwscore.core.examples import tiny_hearings
    >>> said = speak(tiny_hearings(levels=[1, 1, 0], observed_at=[10, 20, 30]), np.array([15, 25, 35]))
    >>> said.hearing.tolist(), said.start.tolist()
    ([0, 1, 2], [10, 20, 30])
    """
    plain = _plain(hearings)
    parts = [_single(hearings, np.flatnonzero(plain)), _joint(hearings, np.flatnonzero(~plain), times)]
    hearing, start, stop = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    first, last = np.searchsorted(times, start), np.searchsorted(times, stop)
    kept = np.flatnonzero((first < last) & (hearings.nats[hearing] > 0))
    order = kept[np.lexsort((hearings.level[hearing[kept]], start[kept], hearings.voice[hearing[kept]]))]
    return Statements(hearing[order], start[order], stop[order], ~plain[hearing[order]])


def _plain(hearings: Hearings) -> NDArray[np.bool_]:
    """Return which rows belong to a voice of one source whose reports never stop standing. Shape (N,)."""
    if not len(hearings):
        return np.empty(0, dtype=np.bool_)
    begin = starts(hearings.voice)
    sole = np.maximum.reduceat(hearings.source, begin) == np.minimum.reduceat(hearings.source, begin)
    lasting = np.minimum.reduceat(hearings.leave, begin) == NEVER
    return np.repeat(sole & lasting, np.diff(np.append(begin, len(hearings))))


def _single(hearings: Hearings, rows: Ints) -> tuple[Ints, Times, Times]:
    """Settle voices of one source whose reports only join, possibly out of order: one statement a joining."""
    if not len(rows):
        return rows, rows, rows
    voice, level, enter, strength = (
        column[rows] for column in (hearings.voice, hearings.level, hearings.enter, hearings.strength)
    )
    n = len(rows)
    places = np.arange(n)
    joining = np.lexsort((places, enter, voice))
    turn = np.empty(n, dtype=np.int64)
    turn[joining] = places
    begin = starts(voice[joining])
    floor = np.repeat(begin, np.diff(np.append(begin, n))) - 1  # voices lie together in both orders
    top, other = _latest_two(joining, level[joining], floor)
    runs = starts(floor, other)
    run = np.repeat(np.arange(len(runs)), np.diff(np.append(runs, n)))
    candidate = np.where(joining > other, strength[joining], -1)
    candidate[runs] = _strongest_before(runs, top, other, turn, strength)
    step = int(strength.max()) + 2
    heard = np.maximum.accumulate(run * step + candidate + 1) - run * step - 1
    row_of = np.full(step, -1, dtype=np.int64)
    row_of[strength] = rows
    start = enter[joining]
    stop = np.append(start[1:], NEVER)
    stop[np.append(begin[1:] - 1, n - 1)] = NEVER
    said = start < stop
    return row_of[heard[said]], start[said], stop[said]


def _latest_two(joining: Ints, level: Ints, floor: Ints) -> tuple[Ints, Ints]:
    """Return at each joining the latest report so far, and the latest that names another level than it.

    A source that has named no other level yet has ``floor``, the place before its first, in the second.
    """
    top = other = floor
    for one in range(int(level.max()) + 1):
        latest = np.maximum(np.maximum.accumulate(np.where(level == one, joining, -1)), floor)
        other = np.maximum(other, np.minimum(top, latest))
        top = np.maximum(top, latest)
    return top, other


def _strongest_before(runs: Ints, top: Ints, other: Ints, turn: Ints, strength: Ints) -> Ints:
    """Return the strongest of the reports that a run starts with: those after ``other`` that have joined."""
    counts = top[runs] - other[runs]
    best = np.empty(len(runs), dtype=np.int64)
    for block in blocks(counts):
        which, place = flatten(other[runs[block]] + 1, counts[block])
        joined = np.where(turn[place] <= runs[block][which], strength[place], -1)
        best[block] = np.maximum.reduceat(joined, starts(which))
    return best


def _joint(hearings: Hearings, rows: Ints, times: Times) -> tuple[Ints, Times, Times]:
    """Settle all other voices: one stretch of question time at a time, where it holds one of the times."""
    if not len(rows):
        return rows, rows, rows
    begin = starts(hearings.voice[rows])
    ends = np.append(begin[1:], len(rows))
    voice, start, stop = _stretches(hearings, rows, times)
    place = np.searchsorted(hearings.voice[rows[begin]], voice)
    counts = (ends - begin)[place]
    picked = hearings.take(rows)
    found = []
    for block in blocks(counts):
        which, flat = flatten(begin[place[block]], counts[block])
        stretch, heard = _settle(picked, which, flat, start[block])
        found.append((rows[heard], start[block][stretch], stop[block][stretch]))
    if not found:
        return rows[:0], rows[:0], rows[:0]
    hearing, since, until = (np.concatenate(columns) for columns in zip(*found, strict=True))
    return hearing, since, until


def _stretches(hearings: Hearings, rows: Ints, times: Times) -> tuple[Ints, Times, Times]:
    """Return the stretches between changes that hold one of the times: voice, start, stop."""
    voice = np.tile(hearings.voice[rows], 2)
    change = np.concatenate([hearings.enter[rows], hearings.leave[rows]])
    order = np.lexsort((change, voice))
    voice, change = voice[order], change[order]
    first = starts(voice, change)
    voice, change = voice[first], change[first]
    until = np.append(change[1:], NEVER)
    until[np.append(voice[1:] != voice[:-1], True)] = NEVER
    holds = np.searchsorted(times, change) < np.searchsorted(times, until)
    return voice[holds], change[holds], until[holds]


def _settle(hearings: Hearings, stretch: Ints, row: Ints, start: Times) -> tuple[Ints, Ints]:
    """Return who is heard in each stretch: the strongest row a level, among what the sources stand at."""
    at = start[stretch]
    alive = (hearings.enter[row] <= at) & (at < hearings.leave[row])
    stretch, row = stretch[alive], row[alive]
    kept = _undropped(hearings, stretch, row, len(start))
    stretch, row = stretch[kept], row[kept]
    if not len(row):
        return stretch, row
    source, level = hearings.source[row], hearings.level[row]
    teller = starts(stretch, source)
    sizes = np.diff(np.append(teller, len(row)))
    latest = np.repeat(level[np.append(teller[1:], len(row)) - 1], sizes)
    places = np.arange(len(row))
    turned = np.repeat(np.maximum.reduceat(np.where(level != latest, places, -1), teller), sizes)
    stands = places > turned
    stretch, row, level = stretch[stands], row[stands], level[stands]
    order = np.lexsort((hearings.strength[row], level, stretch))
    last = np.append(starts(stretch[order], level[order])[1:], len(order)) - 1
    return stretch[order[last]], row[order[last]]


def _undropped(hearings: Hearings, stretch: Ints, row: Ints, stretches: int) -> NDArray[np.bool_]:
    """Return which rows the origin itself has not gone back on: relays lose where it later named another level."""
    own = hearings.own[row] & (hearings.trust[row] > 0)
    kept = np.ones(len(row), dtype=np.bool_)
    if not own.any():
        return kept
    levels = int(hearings.level.max()) + 1
    latest = np.full((stretches, levels), -1 - NEVER)
    np.maximum.at(latest, (stretch[own], hearings.level[row[own]]), hearings.observed_at[row[own]])
    for level in range(levels):
        others = np.delete(latest, level, axis=1).max(axis=1, initial=-1 - NEVER)
        relays = ~hearings.own[row] & (hearings.level[row] == level)
        kept[relays] = hearings.observed_at[row[relays]] >= others[stretch[relays]]
    return kept
