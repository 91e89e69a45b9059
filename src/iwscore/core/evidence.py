"""From statements to evidence on a grid of times.

Here belongs the sum over origins, faded, with sources of one origin sharing its voice. What evidence means for
scenarios belongs to ``core.likelihoods``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from iwscore.core.bundles import Expectations, Floats, Ints, Times
from iwscore.core.fading import fading
from iwscore.core.folding import Folds, Stays
from iwscore.core.grids import Grid
from iwscore.core.hearings import Hearings
from iwscore.core.spans import blocks, flatten, starts
from iwscore.core.speaking import Statements

__all__ = ["Evidence", "Said", "fold", "gather", "say", "say_by_voice"]


@dataclass(frozen=True, slots=True, eq=False)
class Said:
    """What each statement says at each time it stands; P pairs, every array of shape (P,).

    Attributes
    ----------
    statement, time
        Places of the statement and of the time.
    left
        Share of its evidence left by fading, 0 to 1.
    nats
        Evidence for its level, after sharing the origin's voice.
    """

    statement: Ints
    time: Ints
    left: Floats
    nats: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """The evidence at each time.

    Attributes
    ----------
    nats
        What speaks for each channel. Shape (T, C).
    fresh
        Greatest trust times fading heard on each indicator, 0 to 0.99. Shape (T, I).
    speaking
        How many reports are heard with any evidence left. Shape (T,).
    """

    nats: Floats
    fresh: Floats
    speaking: Ints


def say(hearings: Hearings, statements: Statements, times: Times) -> Said:
    """Return what these statements say at each of the times.

    Where sources disagree on what one origin said, they share its voice: each level keeps its own share of itself.

    Parameters
    ----------
    hearings
        N rows.
    statements
        M statements; all of a voice, or none.
    times
        Ascending, microseconds. Shape (T,).

    Returns
    -------
    Said
        Pairs in the order of the statements, then of the times.

    References
    ----------
    House rule, docs/method.md §2 and §3.

    Examples
    --------
    >>> from iwscore.core.examples import tiny_hearings
    >>> from iwscore.core.speaking import speak
    >>> hearings, times = tiny_hearings(levels=[1, 0], observed_at=[0, 0], sources=[0, 1]), np.array([0])
    >>> say(hearings, speak(hearings, times), times).nats.round(4)
    array([0.5493, 0.5493])
    """
    first = np.searchsorted(times, statements.start)
    statement, time = flatten(first, np.searchsorted(times, statements.stop) - first)
    row = statements.hearing[statement]
    left = fading(times[time] - hearings.observed_at[row], hearings.half_life_days[row])
    nats = hearings.nats[row] * left
    joint = np.flatnonzero(statements.shared[statement])
    joint = joint[np.lexsort((hearings.level[row[joint]], time[joint], hearings.voice[row[joint]]))]
    if len(joint):
        begin = starts(hearings.voice[row[joint]], time[joint])
        sizes = np.diff(np.append(begin, len(joint)))
        total = np.repeat(np.add.reduceat(nats[joint], begin), sizes)
        divided = (np.repeat(sizes, sizes) > 1) & (total > 0)
        joint, total = joint[divided], total[divided]
        nats[joint] = nats[joint] * (nats[joint] / total)
    return Said(statement, time, left, nats)


def say_by_voice(hearings: Hearings, statements: Statements, times: Times) -> Iterator[tuple[Ints, Said]]:
    """Yield what whole voices say, a bounded number of pairs at once, each pair with the row that is heard.

    Parameters
    ----------
    hearings, statements, times
        As for `say`.

    Returns
    -------
    iterator of (Ints, Said)
        Places of rows, shape (P,), and their P pairs; the voices ascend.

    Examples
    --------
    >>> from iwscore.core.examples import tiny_hearings
    >>> from iwscore.core.speaking import speak
    >>> hearings, times = tiny_hearings(levels=[1, 0], observed_at=[0, 5]), np.array([0, 5])
    >>> [row.tolist() for row, _ in say_by_voice(hearings, speak(hearings, times), times)]
    [[0, 1]]
    """
    pairs = np.searchsorted(times, statements.stop) - np.searchsorted(times, statements.start)
    begin = starts(hearings.voice[statements.hearing])
    for block in blocks(np.add.reduceat(pairs, begin) if len(begin) else begin):
        part = slice(int(begin[block.start]), int(np.append(begin, len(pairs))[block.stop]))
        one = Statements(*(getattr(statements, name)[part] for name in statements.__slots__))
        said = say(hearings, one, times)
        yield one.hearing[said.statement], said


def gather(hearings: Hearings, statements: Statements, times: Times, expectations: Expectations) -> Evidence:
    """Return the evidence on every channel at every time; the order of rows never matters.

    Parameters
    ----------
    hearings, statements
        N rows and the M statements they make.
    times
        Ascending, microseconds. Shape (T,).
    expectations
        One problem: its axes.

    Returns
    -------
    Evidence
        Summed voice by voice, so that a time alone gives the same bits as the same time in a trend.

    References
    ----------
    House rule, docs/method.md §4 and §10.

    Examples
    --------
    >>> from iwscore.core.examples import tiny_hearings, tiny_problem
    >>> from iwscore.core.speaking import speak
    >>> hearings, times = tiny_hearings(levels=[1, 0], observed_at=[0, 5]), np.array([0, 5])
    >>> gather(hearings, speak(hearings, times), times, tiny_problem()).nats.round(4)
    array([[0.    , 1.0986],
           [1.0986, 0.    ]])
    """
    grid = Grid.of(times)
    folds = Folds(grid, expectations, slice(0, len(expectations.given)))
    fold(folds, hearings, statements, grid)
    return Evidence(folds.nats(), folds.fresh(), folds.speaking())


def fold(folds: Folds, hearings: Hearings, statements: Statements, grid: Grid) -> None:
    """Add statements to sums on a grid; where sources share a voice, each is worth what sharing leaves of it.

    Parameters
    ----------
    folds
        Sums of all the channels spoken of.
    hearings, statements
        N rows and the M statements they make; all of a voice, or none.
    grid
        Question times.

    Examples
    --------
    >>> from iwscore.core.examples import tiny_hearings, tiny_problem
    >>> from iwscore.core.speaking import speak
    >>> hearings, grid = tiny_hearings(levels=[1, 0], observed_at=[0, 0], sources=[0, 1]), Grid.of(np.array([0]))
    >>> folds = Folds(grid, tiny_problem(), slice(0, 1))
    >>> fold(folds, hearings, speak(hearings, grid.times), grid)
    >>> folds.nats().round(4)
    array([[0.5493, 0.5493]])
    """
    first, last = grid.first_at(statements.start), grid.first_at(statements.stop)
    heard = np.flatnonzero(first < last)
    statements = Statements(*(getattr(statements, name)[heard] for name in statements.__slots__))
    row = statements.hearing
    begin = starts(hearings.voice[row], statements.start)
    sizes = np.diff(np.append(begin, len(row)))
    divided = np.repeat(sizes, sizes) > 1
    folds.add(
        Stays(
            channel=hearings.channel[row],
            nats=np.where(divided, 0.0, hearings.nats[row]),
            trust=hearings.trust[row],
            observed_at=hearings.observed_at[row],
            first=first[heard],
            last=last[heard],
        )
    )
    shared = Statements(*(getattr(statements, name)[divided] for name in statements.__slots__))
    for heard, said in say_by_voice(hearings, shared, grid.times):
        folds.add_shares(hearings.channel[heard], said.time, said.nats)
