"""The warning ladder as a pure function of a trend.

Here belongs how rungs rise, hold and clear. Which scenarios are adverse, and the trend itself, come from outside.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from iwscore.core.bundles import Floats, Ints, Times

__all__ = ["Rules", "Series", "climb"]


@dataclass(frozen=True, slots=True, eq=False)
class Rules:
    """A ladder of R rungs, ascending.

    Attributes
    ----------
    raise_at, clear_at
        Sums of adverse likelihoods, 0 to 1. Shape (R,).
    hold
        How long a rung must stay below ``clear_at``, microseconds. Shape (R,).
    coverage_floor, blind_hold
        Under this coverage (NaN counts as under) the hold is at least so long, microseconds.
    """

    raise_at: Floats
    clear_at: Floats
    hold: Floats
    coverage_floor: float
    blind_hold: float


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """A trend of the sum of adverse likelihoods and of coverage: ``times``, ``adverse``, ``coverage``, (T,) each."""

    times: Times
    adverse: Floats
    coverage: Floats


def climb(rules: Rules, history: Series, asked: Series) -> Ints:
    """Return the rung at each asked time: history up to it folded, then the time itself.

    Parameters
    ----------
    rules
        The ladder.
    history
        The regular steps; times ascend. Shape (T,).
    asked
        The times asked about. Shape (A,).

    Returns
    -------
    Ints
        Place of the rung, 0 the lowest. Shape (A,).

    References
    ----------
    House rule, docs/method.md §14. A step of the ladder is a monotone map of rungs to rungs; maps are composed by
    doubling (Hillis, W. D., & Steele, G. L. (1986). Data parallel algorithms. CACM 29(12), 1170-1183).

    Examples
    --------
    >>> rules = Rules(np.array([0.0, 0.2]), np.array([0.0, 0.1]), np.array([0.0, 2.0]), 0.2, 9.0)
    >>> days = np.arange(5)
    >>> series = Series(days, np.array([0.1, 0.3, 0.05, 0.05, 0.05]), np.full(5, 0.5))
    >>> climb(rules, series, series).tolist()
    [0, 1, 1, 1, 0]
    """
    below_since = _below_since(rules, history)
    state = _fold(_steps(rules, history, below_since))
    last = np.searchsorted(history.times, asked.times, side="right") - 1
    start = np.zeros(len(asked.times), dtype=np.int64)
    start[last >= 0] = state[last[last >= 0]]
    since = np.repeat(asked.times[:, None], len(rules.raise_at), axis=1)
    since[last >= 0] = np.minimum(since[last >= 0], below_since[last[last >= 0]])
    steps = _steps(rules, asked, since)
    return steps[np.arange(len(start)), start]


def _below_since(rules: Rules, series: Series) -> Times:
    """Return since when each rung's ``clear_at`` has not been reached; the far future where it is. Shape (T, R)."""
    below = series.adverse[:, None] < rules.clear_at
    place = np.arange(len(series.times))[:, None]
    reached = np.maximum.accumulate(np.where(below, -1, place), axis=0)
    since = np.append(series.times, np.iinfo(np.int64).max)[reached + 1]
    return np.where(below, since, np.iinfo(np.int64).max)


def _steps(rules: Rules, series: Series, below_since: Times) -> Ints:
    """Return for each time the map from the rung before to the rung after. Shape (T, R)."""
    rungs = np.arange(len(rules.raise_at))
    blind = ~(series.coverage >= rules.coverage_floor)
    hold = np.where(blind[:, None], np.maximum(rules.hold, rules.blind_hold), rules.hold)
    below = series.adverse[:, None] < rules.clear_at
    waited = series.times[:, None] - np.minimum(below_since, series.times[:, None])
    stays = ~(below & (waited >= hold))
    stays[:, 0] = True
    dropped = np.maximum.accumulate(np.where(stays, rungs, 0), axis=1)
    raised = np.where(series.adverse[:, None] >= rules.raise_at, rungs, 0).max(axis=1)
    after: Ints = np.maximum(dropped, raised[:, None])
    return after


def _fold(steps: Ints) -> Ints:
    """Return the rung after each step, from the lowest: maps composed by doubling. Shape (T,)."""
    shift = 1
    while shift < len(steps):
        steps[shift:] = np.take_along_axis(steps[shift:], steps[:-shift], axis=1)
        shift *= 2
    after: Ints = np.ascontiguousarray(steps[:, 0])
    return after
