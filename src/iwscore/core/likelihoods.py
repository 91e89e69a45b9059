"""From evidence to likelihoods: common error, expectations, groups, Bayes' rule.

Here belong the formulas that turn evidence on levels into scenario likelihoods. Every sum runs term by term over
scenarios, levels and members, so that a time alone gives the same bits as the same time in a trend.
"""

from __future__ import annotations

from functools import reduce

import numpy as np

from iwscore.core.bundles import Floats

__all__ = [
    "group_nats",
    "group_norm",
    "group_share",
    "indicator_nats",
    "level_nats",
    "log_balance",
    "posterior",
    "temper",
]


def temper(evidence: Floats, common_error: float) -> Floats:
    """Return how much likelier the reports are at each level, bounded by the chance that all share one mistake.

    Parameters
    ----------
    evidence
        Nats that speak for each level, 0 or more. Shape (T, L).
    common_error
        Probability of a shared mistake, 0 to 0.5.

    Returns
    -------
    Floats
        ``(1 - e) exp(E) + e mean(exp(E))`` up to a factor common to the levels; at most 1. Shape (T, L).

    References
    ----------
    House rule, docs/method.md §5.

    Examples
    --------
    >>> ratio = temper(np.array([[0.0, 50.0]]), 0.02)[0]
    >>> float(ratio[1] / ratio[0])
    99.0...
    """
    levels = evidence.shape[1]
    largest = reduce(np.maximum, [evidence[:, level] for level in range(levels)])
    scaled: Floats = np.exp(evidence - largest[:, None])
    mean = _total([scaled[:, level] for level in range(levels)]) / levels
    scaled *= 1.0 - common_error
    scaled += (common_error * mean)[:, None]
    return scaled


def level_nats(ratio: Floats, given: Floats, priors: Floats, *, weight: float = 1.0) -> Floats:
    """Return the nats by which reports so much likelier at each level move each scenario, on their own.

    Parameters
    ----------
    ratio
        How much likelier the reports are at each level, up to a common factor; some above 0. Shape (T, L).
    given
        P(level | scenario); rows sum to 1. Shape (S, L).
    priors
        Above 0, summing to 1. Shape (S,).
    weight
        0 to 1.

    Returns
    -------
    Floats
        ``u = c - ln sum(prior e^c)`` with ``c = w ln sum(p g)``. Shape (T, S).

    References
    ----------
    Good, I. J. (1950). Probability and the Weighing of Evidence, ch. 6; house rule, docs/method.md §6.

    Examples
    --------
    >>> level_nats(np.array([[0.0, 1.0]]), np.array([[0.2, 0.8], [0.8, 0.2]]), np.array([0.5, 0.5])).round(4)
    array([[ 0.47  , -0.9163]])
    """
    nats = np.empty((len(given), *ratio[:, 0].shape))
    for likely, (first, *others) in zip(nats, given, strict=True):
        np.multiply(ratio[:, 0], first, out=likely)
        for level, p in enumerate(others, 1):
            likely += ratio[:, level] * p
    if weight == 1.0:  # then e^c is at hand, and no logarithm need be undone
        nats /= _total([p * likely for p, likely in zip(priors, nats, strict=True)])
        np.log(nats, out=nats)
    else:
        np.log(nats, out=nats)
        nats *= weight
        nats -= _log_mean(list(nats), priors)
    return np.moveaxis(nats, 0, 1)  # each scenario in one piece


def indicator_nats(
    evidence: Floats, given: Floats, priors: Floats, *, common_error: float, weight: float = 1.0
) -> Floats:
    """Return the nats by which one indicator alone moves each scenario; exactly 0 where all levels are as likely.

    Parameters
    ----------
    evidence
        Nats that speak for each level, 0 or more. Shape (T, L).
    given, priors, weight
        As for `level_nats`. Shapes (S, L) and (S,), and 0 to 1.
    common_error
        As for `temper`, 0 to 0.5.

    Returns
    -------
    Floats
        Nats. Shape (T, S).

    References
    ----------
    House rule, docs/method.md §5 and §6.

    Examples
    --------
    >>> given, priors = np.array([[0.2, 0.8], [0.8, 0.2]]), np.array([0.1, 0.9])
    >>> nats = indicator_nats(np.array([[0.0, np.log(7 / 3)], [0.0, 0.0]]), given, priors, common_error=0.0)
    >>> posterior(nats, priors).round(6)
    array([[0.153465, 0.846535],
           [0.1     , 0.9     ]])
    """
    ratio = temper(evidence, common_error)
    nats = level_nats(ratio, given, priors, weight=weight)
    silent = reduce(np.logical_and, [ratio[:, level] == ratio[:, 0] for level in range(1, ratio.shape[1])])
    np.copyto(nats, 0.0, where=silent[:, None])
    return nats


def group_norm(nats: Floats, correlation: float) -> Floats:
    """Return what the members of a group say together, one way.

    Parameters
    ----------
    nats
        0 or more, one way only. Shape (T, K, S).
    correlation
        0 (they add up) to 1 (the strongest alone counts).

    Returns
    -------
    Floats
        The q-norm over the members, q = 1 / (1 - correlation). Shape (T, S).

    References
    ----------
    House rule, docs/method.md §7.

    Examples
    --------
    >>> three = np.full((1, 3, 1), np.log(4))
    >>> [round(float(np.exp(group_norm(three, r))[0, 0]), 4) for r in (0.0, 0.5, 1.0)]
    [64.0, 11.0357, 4.0]
    """
    largest: Floats = nats.max(axis=1)
    if correlation == 1.0:
        return largest
    _, total = _scaled(nats, correlation)
    return np.multiply(largest, total ** (1.0 - correlation))


def group_nats(nats: Floats, correlation: float) -> Floats:
    """Return the nats by which a group moves each scenario: for and against are discounted apart.

    Parameters
    ----------
    nats
        What each member says alone, either way. Shape (T, K, S).
    correlation
        As for `group_norm`.

    Returns
    -------
    Floats
        Nats. Shape (T, S).

    References
    ----------
    House rule, docs/method.md §7.

    Examples
    --------
    >>> group_nats(np.array([[[2.0, -1.0], [2.0, 0.5]]]), 1.0)
    array([[ 2. , -0.5]])
    """
    return group_norm(np.maximum(nats, 0.0), correlation) - group_norm(np.maximum(-nats, 0.0), correlation)


def group_share(nats: Floats, correlation: float) -> Floats:
    """Return the share of its own nats that each member keeps in its group: 1 where it stands alone.

    Times the nats it gives parts that add up to what the group says.

    Parameters
    ----------
    nats
        What each of K members says alone. Shape (T, K, S).
    correlation
        0 to 1.

    Returns
    -------
    Floats
        ``(|u| / norm)^(q - 1)``, by the norm of its own sign; 0 to 1. Shape (T, K, S).

    References
    ----------
    Euler's theorem on homogeneous functions; house rule, docs/method.md §11.

    Examples
    --------
    >>> group_share(np.array([[[2.0], [2.0], [1.0]]]), 1.0)[0, :, 0]
    array([0.5, 0.5, 0. ])
    """
    shares = np.ones_like(nats)
    for side in (np.maximum(nats, 0.0), np.maximum(-nats, 0.0)):
        if correlation == 1.0:
            tied = (side == side.max(axis=1, keepdims=True)).astype(np.float64)
            share = tied / _total([tied[:, k] for k in range(tied.shape[1])])[:, None, :]
        else:
            # Not as a power of u / norm: where q is great it would magnify the rounding of the norm.
            scaled, total = _scaled(side, correlation)
            share = scaled ** (correlation / (1.0 - correlation)) / np.maximum(total, 1.0)[:, None, :] ** correlation
        shares = np.where(side > 0, share, shares)
    return shares


def _scaled(nats: Floats, correlation: float) -> tuple[Floats, Floats]:
    """Return each member over the largest, and the sum of its powers; that is 1 or more where any speaks."""
    largest = nats.max(axis=1, keepdims=True)
    scaled = nats / np.where(largest > 0, largest, 1.0)
    powers = scaled ** (1.0 / (1.0 - correlation))
    return scaled, _total([powers[:, k] for k in range(powers.shape[1])])


def posterior(nats: Floats, priors: Floats) -> Floats:
    """Return the scenarios' likelihoods: priors moved by nats and brought to a sum of 1.

    Parameters
    ----------
    nats
        What all groups say together. Shape (T, S).
    priors
        Above 0, summing to 1. Shape (S,).

    Returns
    -------
    Floats
        0 to 1; exactly the priors where no nats speak. Shape (T, S).

    References
    ----------
    Bayes' rule in odds form; Good (1950), ch. 6.

    Examples
    --------
    >>> posterior(np.log(np.array([[20.0, 1.0]])), np.array([0.01, 0.99])).round(6)
    array([[0.168067, 0.831933]])
    """
    moved = priors * np.exp(nats - nats.max(axis=1, keepdims=True))
    total = _total([moved[:, s] for s in range(len(priors))])
    return np.where(np.any(nats, axis=1, keepdims=True), moved / total[:, None], priors)


def log_balance(nats: Floats, priors: Floats) -> Floats:
    """Return the one number a time that makes priors and nats add up to the logarithm of the likelihoods.

    Parameters
    ----------
    nats, priors
        As for `posterior`. Shapes (T, S) and (S,).

    Returns
    -------
    Floats
        ``-ln sum(prior exp(nats))``; exactly 0 where no nats speak. Shape (T,).

    References
    ----------
    House rule, docs/method.md §11.

    Examples
    --------
    >>> log_balance(np.zeros((1, 2)), np.array([0.5, 0.5]))
    array([0.])
    """
    return np.where(np.any(nats, axis=1), -_log_mean([nats[:, s] for s in range(len(priors))], priors), 0.0)


def _log_mean(nats: list[Floats], priors: Floats) -> Floats:
    """Return ``ln sum(prior e^c)`` over the scenarios, the largest taken out first. Shape (T,)."""
    largest = reduce(np.maximum, nats)
    return largest + np.log(_total([p * np.exp(c - largest) for c, p in zip(nats, priors, strict=True)]))


def _total(terms: list[Floats]) -> Floats:
    """Return the sum, term by term: NumPy's own reductions change order with the shape."""
    return reduce(np.add, terms)
