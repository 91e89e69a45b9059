"""Parts that add up: what each indicator, and each report heard, adds to the answer.

Here belongs the split of nats among a group's members and among an indicator's voices. What would change if a
report were not there belongs to ``core.removals``.
"""

from __future__ import annotations

import numpy as np

from iwscore.core.bundles import Expectations, Floats, Ints
from iwscore.core.likelihoods import group_share, indicator_nats

__all__ = ["shares", "voice_nats"]


def shares(nats: Floats, expectations: Expectations) -> Floats:
    """Return which share of its own nats each indicator keeps: 1 outside groups.

    Parameters
    ----------
    nats
        What each says alone. Shape (T, I, S).
    expectations
        One problem.

    Returns
    -------
    Floats
        0 to 1; times ``nats`` these are the parts of the whole. Shape (T, I, S).

    References
    ----------
    House rule, docs/method.md §11.

    Examples
    --------
    >>> from iwscore.core.examples import tiny_problem
    >>> shares(np.array([[[3.0, 0.0], [4.0, -1.0]]]), tiny_problem(indicators=2, correlation=0.5))[0, :, 0]
    array([0.6, 0.8])
    """
    kept = np.ones_like(nats)
    for members, correlation in expectations.groups:
        kept[:, members] = group_share(nats[:, members], correlation)
    return kept


def voice_nats(evidence: Floats, level: Ints, indicator: int, expectations: Expectations) -> Floats:
    """Return what each voice on one indicator adds to it, the voices being added one after another.

    Parameters
    ----------
    evidence
        Nats each voice has for its level, in the order in which they are added. Shape (V,).
    level
        The level each speaks for. Shape (V,).
    indicator, expectations
        Place on axis I of one problem.

    Returns
    -------
    Floats
        Changes of the indicator's own nats; they add up to them. Shape (V, S).

    References
    ----------
    House rule, docs/method.md §11.

    Examples
    --------
    >>> from iwscore.core.examples import tiny_problem
    >>> voice_nats(np.array([1.0, 1.0]), np.array([1, 0]), 0, tiny_problem()).round(4)
    array([[ 0.2447, -0.3247],
           [-0.2447,  0.3247]])
    """
    given = expectations.given[indicator]
    steps = np.zeros((len(evidence) + 1, given.shape[1]))
    steps[np.arange(1, len(evidence) + 1), level] = evidence
    nats = indicator_nats(
        np.cumsum(steps, axis=0),
        given,
        expectations.priors,
        common_error=float(expectations.common_error[indicator]),
        weight=float(expectations.weight[indicator]),
    )
    return np.diff(nats, axis=0)
