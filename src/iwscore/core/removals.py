"""What the evidence would be without a report, an origin or a party.

Here belongs the evidence of each such log. What it would mean is scored by the one path in ``core.assessing``.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from iwscore.core.bundles import Floats, Ints, Times
from iwscore.core.evidence import Said, say
from iwscore.core.hearings import Hearings
from iwscore.core.spans import blocks, flatten, starts
from iwscore.core.speaking import Statements, speak

__all__ = ["removable", "without_reports", "without_voices"]

_NOTHING = 1e-12  # nats; what rounding leaves of a difference that is none


def without_voices(evidence: Floats, hearings: Hearings, said: tuple[Statements, Said], label: Ints) -> Floats:
    """Return the evidence without all voices of one label, for each label in turn.

    Parameters
    ----------
    evidence
        With everything. Shape (C,).
    hearings
        N rows.
    said
        What the statements say at the one time asked about.
    label
        For each row the origin or party it is counted under, 0 to G-1; -1 for none. Shape (N,).

    Returns
    -------
    Floats
        Shape (G, C).

    Examples
    --------
    >>> from iwscore.core.examples import tiny_hearings
    >>> hearings, time = tiny_hearings(levels=[1], observed_at=[0]), np.array([0])
    >>> heard = speak(hearings, time)
    >>> without_voices(np.array([0.0, 1.1]), hearings, (heard, say(hearings, heard, time)), np.array([0])).round(4)
    array([[0.    , 0.0014]])
    """
    row = said[0].hearing[said[1].statement]
    counted = label[row] >= 0
    taken = np.zeros((int(label.max(initial=-1)) + 1, len(evidence)))
    np.add.at(taken, (label[row[counted]], hearings.channel[row[counted]]), said[1].nats[counted])
    return _less(evidence[None, :], taken)


def removable(hearings: Hearings, heard: Statements, time: Times) -> Ints:
    """Return the rows whose absence could change what is heard.

    Those are the reports heard and, of each source, the latest on each level.

    Parameters
    ----------
    hearings
        N rows.
    heard
        Who is heard at the time.
    time
        The one time asked about, microseconds. Shape (1,).

    Returns
    -------
    Ints
        Places of rows, ascending. Shape (V,).

    Examples
    --------
    >>> from iwscore.core.examples import tiny_hearings
    >>> hearings, time = tiny_hearings(levels=[0, 1, 1], observed_at=[0, 1, 2]), np.array([3])
    >>> removable(hearings, speak(hearings, time), time)
    array([0, 2])
    """
    standing = np.flatnonzero((hearings.enter <= time[0]) & (time[0] < hearings.leave))
    return np.union1d(heard.hearing, standing[_latest(hearings.take(standing))]).astype(np.int64)


def without_reports(evidence: Floats, hearings: Hearings, rows: Ints, time: Times) -> Floats:
    """Return the evidence without one report, for each of some reports.

    Parameters
    ----------
    evidence, hearings
        As for `without_voices`.
    rows
        Places of the rows to take out, each by itself. Shape (V,).
    time
        The one time asked about, microseconds. Shape (1,).

    Returns
    -------
    Floats
        Shape (V, C).

    Examples
    --------
    >>> from iwscore.core.examples import tiny_hearings
    >>> hearings, time = tiny_hearings(levels=[0, 1], observed_at=[0, 1]), np.array([2])
    >>> without_reports(np.array([0.0, 1.0986]), hearings, np.array([0, 1]), time).round(2)
    array([[0. , 1.1],
           [1.1, 0. ]])
    """
    first = np.searchsorted(hearings.voice, hearings.voice[rows])
    counts = np.searchsorted(hearings.voice, hearings.voice[rows], side="right") - first
    left = np.tile(evidence, (len(rows), 1))
    for block in blocks(counts):
        which, row = flatten(first[block], counts[block])
        change = np.zeros((block.stop - block.start, len(evidence)))
        for sign, kept in ((-1.0, row >= 0), (1.0, row != rows[block][which])):
            copy = _copies(hearings, row[kept], which[kept])
            statements = speak(copy, time)
            said = say(copy, statements, time)
            spoken = statements.hearing[said.statement]
            np.add.at(change, (copy.voice[spoken], copy.channel[spoken]), sign * said.nats)
        left[block] = _less(left[block], -change)
    return left


def _latest(hearings: Hearings) -> Ints:
    """Return the latest row of each voice, source and level, and the latest of those worth anything."""
    found = []
    for rows in (np.arange(len(hearings)), np.flatnonzero(hearings.nats > 0)):
        order = rows[np.lexsort((rows, hearings.level[rows], hearings.source[rows], hearings.voice[rows]))]
        begin = starts(hearings.voice[order], hearings.source[order], hearings.level[order])
        found.append(order[np.append(begin[1:], len(order)) - 1] if len(order) else order)
    return np.concatenate(found)


def _copies(hearings: Hearings, row: Ints, voice: Ints) -> Hearings:
    """Return rows as so many separate voices, their strengths numbered anew."""
    copy = hearings.take(row)
    strength = np.empty(len(row), dtype=np.int64)
    strength[np.argsort(copy.strength, kind="stable")] = np.arange(len(row))
    return replace(copy, voice=voice, strength=strength)


def _less(evidence: Floats, taken: Floats) -> Floats:
    """Return the difference, exactly 0 where only rounding is left."""
    left = evidence - taken
    return np.where(left < _NOTHING, 0.0, left)
