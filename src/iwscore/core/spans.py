"""Flat lists of ranges: the way to loop over ragged rows without a loop.

Here belong the few index tricks that more than one module needs.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from iwscore.core.bundles import Ints

__all__ = ["PAIRS_AT_ONCE", "blocks", "flatten", "starts"]

PAIRS_AT_ONCE = 1 << 21  # bounds memory: about 64 bytes a pair


def flatten(first: Ints, counts: Ints) -> tuple[Ints, Ints]:
    """Return every number of the ranges ``first`` … ``first + counts - 1``, and which range it is of.

    Parameters
    ----------
    first, counts
        Start and length of each range. Shape (R,).

    Returns
    -------
    tuple of Ints
        Range and number. Both of shape (sum of counts,).

    Examples
    --------
    >>> flatten(np.array([5, 9]), np.array([2, 1]))
    (array([0, 0, 1]), array([5, 6, 9]))
    """
    which = np.repeat(np.arange(len(counts)), counts)
    ends = np.cumsum(counts)
    return which, np.arange(len(which)) - (ends - counts)[which] + first[which]


def starts(*keys: Ints) -> Ints:
    """Return where a new run of equal keys begins. Shape (runs,).

    Examples
    --------
    >>> starts(np.array([3, 3, 7, 7]), np.array([0, 1, 1, 1]))
    array([0, 1, 2])
    """
    if not len(keys[0]):
        return np.empty(0, dtype=np.int64)
    new = np.logical_or.reduce([key[1:] != key[:-1] for key in keys])
    return np.concatenate([[0], np.flatnonzero(new) + 1])


def blocks(counts: Ints) -> Iterator[slice]:
    """Yield slices of the ranges such that each holds a bounded number of pairs, or a single range.

    Examples
    --------
    >>> [(s.start, s.stop) for s in blocks(np.array([PAIRS_AT_ONCE, 1, 1]))]
    [(0, 1), (1, 3)]
    """
    ends = np.cumsum(counts)
    begin = 0
    while begin < len(counts):
        limit = (ends[begin - 1] if begin else 0) + PAIRS_AT_ONCE
        stop = max(int(np.searchsorted(ends, limit, side="right")), begin + 1)
        yield slice(begin, stop)
        begin = stop
