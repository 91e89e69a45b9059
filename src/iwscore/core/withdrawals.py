"""Until when each entry of a log stands: corrections replace, retractions withdraw.

Here belongs the order within a chain of corrections. Whether an entry is heard belongs to ``core.speaking``.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from iwscore.core.bundles import NEVER, Ints, Times

__all__ = ["stands_until", "stood_before"]


def stands_until(target: Ints, retraction: NDArray[np.bool_], known_from: Times) -> Times:
    """Return from when each entry is known to stand no more.

    Entries that correct one another form a chain, ordered by depth, then ``known_from``, then place; a member
    stands until a later member is known. A retraction of any member ends them all, for good.

    Parameters
    ----------
    target
        Place of the entry that is corrected or retracted, -1 where there is none. Shape (N,).
    retraction
        Whether the entry is a retraction. Shape (N,).
    known_from
        Microseconds. Shape (N,).

    Returns
    -------
    Times
        Microseconds; `NEVER` where the entry stands. Shape (N,).

    Raises
    ------
    ValueError
        If targets run in a circle.

    References
    ----------
    House rule, docs/method.md §2.

    Examples
    --------
    >>> stands_until(np.array([-1, 0, 1]), np.array([False, False, True]), np.array([10, 20, 30])).tolist()
    [20, 30, 30]
    """
    until = np.full(len(target), NEVER, dtype=np.int64)
    linked = np.flatnonzero(target >= 0)
    if not len(linked):
        return until
    root, depth = _roots(target, linked)
    members = np.unique(np.concatenate([linked, root[linked]]))
    corrections = members[~retraction[members]]
    order = corrections[np.lexsort((corrections, known_from[corrections], depth[corrections], root[corrections]))]
    until[order] = _known_later(root[order], known_from[order])
    ended = np.full(len(target), NEVER, dtype=np.int64)
    retractions = members[retraction[members]]
    np.minimum.at(ended, root[retractions], known_from[retractions])
    until[members] = np.minimum(until[members], ended[root[members]])
    return until


def stood_before(target: Ints, retraction: NDArray[np.bool_], known_from: Times, entry: int, known_at: int) -> int:
    """Return which entry of the chain would stand were a standing one not there.

    Parameters
    ----------
    target, retraction, known_from
        As for `stands_until`. Shape (N,).
    entry
        Place of an entry that stands.
    known_at
        Up to when entries are known, microseconds.

    Returns
    -------
    int
        Place of the last one known before it in the order of the chain, -1 where there is none.

    References
    ----------
    House rule, docs/method.md §11.

    Examples
    --------
    >>> chain = np.array([-1, 0, 1]), np.array([False, False, False]), np.array([10, 20, 30])
    >>> stood_before(*chain, 2, 40), stood_before(*chain, 0, 15)
    (1, -1)
    """
    root, depth = _roots(target, np.flatnonzero(target >= 0))
    others = np.flatnonzero((root == root[entry]) & (known_from <= known_at) & ~retraction)
    others = others[others != entry]
    order = np.lexsort((others, known_from[others], depth[others]))
    return int(others[order[-1]]) if len(others) else -1


def _roots(target: Ints, linked: Ints) -> tuple[Ints, Ints]:
    """Return each entry's first entry and how many steps away it is."""
    root = np.where(target >= 0, target, np.arange(len(target)))
    depth = (target >= 0).astype(np.int64)
    for _ in range(len(target).bit_length() + 1):  # each round doubles the steps taken
        depth, root = depth + depth[root], root[root]
    circling = linked[target[root[linked]] >= 0]
    if len(circling):
        raise ValueError(f"target[{circling[0]}] is {target[circling[0]]}; targets must not run in a circle")
    return root, depth


def _known_later(group: Ints, known_from: Times) -> Times:
    """Return for each row the earliest ``known_from`` of the later rows of its group; groups lie together."""
    n = len(group)
    rank = np.empty(n, dtype=np.int64)
    rank[np.argsort(-known_from, kind="stable")] = np.arange(n)
    backwards = group[::-1]
    block = np.concatenate([[0], np.cumsum(backwards[1:] != backwards[:-1])]) * (n + 1)
    best = (np.maximum.accumulate(block + rank[::-1]) - block)[::-1]
    earliest = np.sort(known_from)[::-1][best]
    later = np.full(n, NEVER, dtype=np.int64)
    same = group[1:] == group[:-1]
    later[:-1][same] = earliest[1:][same]
    return later
