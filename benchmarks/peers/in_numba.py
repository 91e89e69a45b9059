"""The job as one fused loop, compiled by numba: what a program made for this job alone takes.

Reports are dealt to their indicators as one whole number each, laid out by day, and told in order to a table of the
sources' last words; an indicator's reports and its table stay in the cache. Each indicator's evidence fades from day
to day while it is summed. It knows nothing but this job: a grid of days, half-lives of two days or more, and fields
that fit the bits given to them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba
import numpy as np

from benchmarks.peers import jobs
from benchmarks.peers.jobs import DAY, Job
from iwscore.core.bundles import Floats

# A report within its day, low bits first: source, level, rank of its trust, time of day.
SOURCE, LEVEL, RANK, CLOCK = 16, 2, 6, 37
LEVEL_AT, RANK_AT, CLOCK_AT = SOURCE, SOURCE + LEVEL, SOURCE + LEVEL + RANK
LEAST_HALF_LIFE = 2.0
TERMS = 13  # of the series of 2**-x for x up to 1 / LEAST_HALF_LIFE: less than a unit in the last place is left out

STRETCH = 64
options: dict[str, Any] = {"nogil": True, "boundscheck": False, "error_model": "numpy"}


def loaded(job: Job, threads: int) -> Callable[[], Floats]:
    """Compile the loop on a small job of the same types."""
    evidence(jobs.job(1000), threads)
    return lambda: evidence(job, threads)


def evidence(job: Job, threads: int) -> Floats:
    """Shape (T, C)."""
    widest = int(np.diff(job.offsets).max())
    assert job.sources <= 1 << SOURCE
    assert widest <= 1 << LEVEL
    assert job.trust.size <= 1 << RANK
    assert job.half_life_days.min() >= LEAST_HALF_LIFE
    numba.set_num_threads(threads)
    rank = job.cell_rank
    nats = np.zeros(rank.max() + 1)
    nats[rank] = job.cell_nats
    columns = (job.observed_at, job.indicator, job.level, job.source, job.letter, job.digit)
    size = np.array([len(job.offsets) - 1, job.sources, job.days], dtype=np.int64)
    # Large arrays from here, not from the loop, come on huge pages.
    days, packed = np.empty(len(job), dtype=np.int16), np.empty(len(job), dtype=np.int64)
    begin = deal(*columns, rank, size[0], 4 * threads, days, packed)
    return np.ascontiguousarray(tell(begin, days, packed, nats, job.offsets, job.half_life_days, size).T)


@numba.njit(parallel=True, **options)
def deal(observed_at, indicator, level, source, letter, digit, rank, indicators, parts, days, packed):
    """Return where each indicator's reports begin; fill in their days, and the reports packed."""
    rows = len(observed_at)
    cuts = np.arange(parts + 1) * rows // parts
    counts = np.zeros((parts, indicators), dtype=np.int64)
    for part in numba.prange(parts):
        mine = np.zeros(indicators, dtype=np.int64)
        for row in range(cuts[part], cuts[part + 1]):
            mine[indicator[row]] += 1
        counts[part] = mine
    begin = np.zeros(indicators + 1, dtype=np.int64)
    place = np.empty((parts, indicators), dtype=np.int64)
    for i in range(indicators):
        begin[i + 1] = begin[i]
        for part in range(parts):
            place[part, i] = begin[i + 1]
            begin[i + 1] += counts[part, i]
    for part in numba.prange(parts):
        next_place = place[part].copy()
        for row in range(cuts[part], cuts[part + 1]):
            to = next_place[indicator[row]]
            next_place[indicator[row]] = to + 1
            late = observed_at[row] + (DAY - 1)
            day = late // DAY
            days[to] = day - 1
            worth = rank[6 * np.int64(letter[row]) + digit[row]]
            packed[to] = (
                ((late - day * DAY) << CLOCK_AT)
                | (worth << RANK_AT)
                | (np.int64(level[row]) << LEVEL_AT)
                | np.int64(source[row])
            )
    return begin


@numba.njit(parallel=True, **options)
def tell(begin, days, packed, nats, offsets, half_life_days, size):
    """Return the evidence, shape (C, T)."""
    found = np.empty((offsets[-1], size[2]))
    for i in numba.prange(size[0]):
        rows = slice(begin[i], begin[i + 1])
        first, last = offsets[i], offsets[i + 1]
        ends, told = by_day(days[rows], packed[rows], size[2], size[1])
        worth = faded(told, nats, half_life_days[first:last])
        fold(ends, told, worth, half_life_days[first:last], size[1], found[first:last])
    return found


@numba.njit(**options)
def by_day(days, packed, count, sources):
    """Return where each day's reports end, and the reports; those after the last day are left out.

    A day's reports are put in order only where a source has two of them.
    """
    ends = np.zeros(count + 1, dtype=np.int32)
    for day in days:
        ends[day + 1] += day < count
    for day in range(count):
        ends[day + 1] += ends[day]
    told = np.empty(ends[count], dtype=np.int64)
    for row in range(len(days)):
        day = days[row]
        if day < count:
            told[ends[day]] = packed[row]
            ends[day] += 1
    seen, low = np.full(sources, -1, dtype=np.int16), 0
    for day in range(count):
        twice = False
        for at in range(low, ends[day]):
            source = told[at] & ((1 << SOURCE) - 1)
            twice |= seen[source] == day
            seen[source] = day
        if twice:
            put_in_order(told, low, ends[day])
        low = ends[day]
    return ends[:count], told


@numba.njit(**options)
def put_in_order(told, low, high):
    """Sort a few neighbours in place."""
    for at in range(low + 1, high):
        report, to = told[at], at
        while to > low and told[to - 1] > report:
            told[to] = told[to - 1]
            to -= 1
        told[to] = report


@numba.njit(fastmath=True, **options)
def faded(told, nats, half_life_days):
    """Return what is left of each report at the end of its day: no call in the loop, so that it runs in lanes."""
    rate = -np.log(2.0) / DAY / half_life_days
    worth = np.empty(len(told))
    for at in range(len(told)):
        report = told[at]
        x = (DAY - 1 - (report >> CLOCK_AT)) * rate[(report >> LEVEL_AT) & ((1 << LEVEL) - 1)]
        series = 1.0 + x / 13
        for term in (12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1):
            series = 1.0 + series * (x * (1.0 / term))
        worth[at] = series * nats[(report >> RANK_AT) & ((1 << RANK) - 1)]
    return worth


@numba.njit(**options)
def fold(ends, told, worth, half_life_days, sources, found):
    """Fill in one indicator's evidence, shape (L, T): the sources' last words, each as much as is left of it."""
    count, levels = len(ends), len(half_life_days)
    left, now = lasting(half_life_days, count + 1), np.zeros(levels)
    # Who has said nothing yet stands at the first level with nothing.
    word, strength = np.zeros(sources, dtype=np.int8), np.zeros(sources)
    since = np.zeros(sources, dtype=np.int32)
    at = 0
    for day in range(count):
        for level in range(levels):
            now[level] *= left[level, 1]
        while at < ends[day]:
            source, level = told[at] & ((1 << SOURCE) - 1), (told[at] >> LEVEL_AT) & ((1 << LEVEL) - 1)
            said = word[source]
            old = strength[source] * left[said, day - since[source]]
            if (said != level) | (worth[at] > old):
                now[said] -= old
                now[level] += worth[at]
                word[source], strength[source], since[source] = level, worth[at], day
            at += 1
        for level in range(levels):
            found[level, day] = now[level]


@numba.njit(**options)
def lasting(half_life_days, days):
    """Return what is left after each number of days, shape (L, days), by two powers of two for each stretch of days."""
    left = np.empty((len(half_life_days), days))
    for level in range(len(half_life_days)):
        within = np.exp2(-np.arange(STRETCH) / half_life_days[level])
        for begin in range(0, days, STRETCH):
            before = np.exp2(-begin / half_life_days[level])
            for day in range(begin, min(begin + STRETCH, days)):
                left[level, day] = before * within[day - begin]
    return left
