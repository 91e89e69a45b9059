"""Tallies beside the likelihoods: score, against, coverage.

Here belong the two tallies and how much of what could be known is freshly known. None of them is used to rank.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from iwscore.core.bundles import Expectations, Floats
from iwscore.core.likelihoods import level_nats

__all__ = ["LEAST_NATS", "Ceilings", "ceilings", "coverage", "tally"]

LEAST_NATS = 0.1  # a list that could say less than this cannot tell


@dataclass(frozen=True, slots=True, eq=False)
class Ceilings:
    """The most each indicator could say for, and against, any scenario, in nats. Both of shape (I,)."""

    most_for: Floats
    most_against: Floats


def ceilings(expectations: Expectations) -> Ceilings:
    """Return the greatest nats each indicator could say if one of its levels were certain.

    Parameters
    ----------
    expectations
        One problem, with I indicators.

    Returns
    -------
    Ceilings
        Over scenarios and levels.

    References
    ----------
    House rule, docs/method.md §9.

    Examples
    --------
    >>> from iwscore.core.examples import tiny_problem
    >>> ceilings(tiny_problem()).most_against.round(4)
    array([0.9163])
    """
    most_for, most_against = np.zeros(len(expectations.given)), np.zeros(len(expectations.given))
    for i, given in enumerate(expectations.given):
        levels, error = given.shape[1], float(expectations.common_error[i])
        certain = (1.0 - error) * np.eye(levels) + error / levels
        nats = level_nats(certain, given, expectations.priors, weight=float(expectations.weight[i]))
        most_for[i], most_against[i] = max(nats.max(), 0.0), max((-nats).max(), 0.0)
    return Ceilings(most_for, most_against)


def tally(nats: Floats, most: Floats) -> Floats:
    """Return how much of what the list could say one way is being said, 0 to 100.

    Parameters
    ----------
    nats
        What each indicator says that way, 0 or more. Shape (T, I, S).
    most
        The most each could say that way. Shape (I,).

    Returns
    -------
    Floats
        0 to 100; NaN where the list could say less than `LEAST_NATS`. Shape (T, S).

    References
    ----------
    House rule, docs/method.md §9.

    Examples
    --------
    >>> tally(np.array([[[1.0, 0.0]]]), np.array([2.0]))
    array([[50.,  0.]])
    """
    divisor = float(np.cumsum(most)[-1]) if len(most) else 0.0
    said = np.zeros((nats.shape[0], nats.shape[2]))
    if divisor < LEAST_NATS:
        return said + np.nan
    for i in range(nats.shape[1]):
        said += nats[:, i]
    return np.minimum(100.0 * said / divisor, 100.0)


def coverage(fresh: Floats, most_for: Floats) -> Floats:
    """Return how much of what could be known is freshly known.

    Parameters
    ----------
    fresh
        Greatest trust times fading heard on each indicator. Shape (T, I).
    most_for
        The most each could say for any scenario. Shape (I,).

    Returns
    -------
    Floats
        0 to 0.99; NaN where the list could say less than `LEAST_NATS`. Shape (T,).

    References
    ----------
    House rule, docs/method.md §10.

    Examples
    --------
    >>> coverage(np.array([[0.8, 0.0]]), np.array([1.0, 3.0]))
    array([0.2])
    """
    divisor = float(np.cumsum(most_for)[-1]) if len(most_for) else 0.0
    heard = np.zeros(fresh.shape[0])
    if divisor < LEAST_NATS:
        return heard + np.nan
    for i in range(fresh.shape[1]):
        heard += (most_for[i] / divisor) * fresh[:, i]  # of a list of one, exactly how fresh that is
    return heard
