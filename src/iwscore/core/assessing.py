"""Reports and a grid of times in, likelihoods and tallies out: the one scoring path.

Here the steps of the method are put in order. Each step's formula belongs to the module of its name.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from iwscore.core.bundles import Expectations, Floats, Ints, Times
from iwscore.core.evidence import gather
from iwscore.core.hearings import Hearings
from iwscore.core.likelihoods import group_nats, indicator_nats, posterior
from iwscore.core.scores import Ceilings, ceilings, coverage, tally
from iwscore.core.speaking import Statements, speak

__all__ = ["Assessed", "assess", "combine", "weigh"]

_TIMES_AT_ONCE = 2048  # bounds memory: T x I x S numbers live at once
_CONTESTED_NATS = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Assessed:
    """What is known at each time.

    Attributes
    ----------
    likelihood
        P(scenario | everything). Shape (T, S).
    score, against
        0 to 100, NaN where the list cannot tell. Shape (T, S).
    coverage
        0 to 0.99, NaN where the list cannot tell. Shape (T,).
    contested
        Whether an indicator has over 1 nat on each of two levels. Shape (T,).
    speaking
        How many reports are heard. Shape (T,).
    """

    likelihood: Floats
    score: Floats
    against: Floats
    coverage: Floats
    contested: NDArray[np.bool_]
    speaking: Ints


def weigh(evidence: Floats, expectations: Expectations) -> Floats:
    """Return the nats by which each indicator alone moves each scenario.

    Parameters
    ----------
    evidence
        What speaks for each channel. Shape (T, C).
    expectations
        One problem.

    Returns
    -------
    Floats
        Nats. Shape (T, I, S).

    References
    ----------
    House rule, docs/method.md §5 and §6.

    Examples
    --------
    >>> from iwscore.core.examples import tiny_problem
    >>> weigh(np.array([[0.0, 0.0]]), tiny_problem())
    array([[[0., 0.]]])
    """
    nats = np.zeros((len(evidence), len(expectations.given), len(expectations.priors)))
    for i, given in enumerate(expectations.given):
        nats[:, i] = indicator_nats(
            evidence[:, expectations.channels(i)],
            given,
            expectations.priors,
            common_error=float(expectations.common_error[i]),
            weight=float(expectations.weight[i]),
        )
    return nats


def combine(nats: Floats, expectations: Expectations) -> Floats:
    """Return what all indicators say together, members of a group discounted.

    Parameters
    ----------
    nats
        What each says alone, as `weigh` gives it. Shape (T, I, S).
    expectations
        One problem, with its groups.

    Returns
    -------
    Floats
        Nats, for and against in one number. Shape (T, S).

    References
    ----------
    House rule, docs/method.md §7 and §8.

    Examples
    --------
    >>> from iwscore.core.examples import tiny_problem
    >>> combine(np.array([[[2.0, -1.0], [1.0, -1.0]]]), tiny_problem(indicators=2, correlation=1.0))
    array([[ 2., -1.]])
    """
    total = np.zeros((nats.shape[0], nats.shape[2]))
    alone = np.ones(nats.shape[1], dtype=np.bool_)
    for members, _ in expectations.groups:
        alone[members] = False
    for i in np.flatnonzero(alone):
        total += nats[:, i]
    for members, correlation in expectations.groups:
        total += group_nats(nats[:, members], correlation)
    return total


def assess(hearings: Hearings, expectations: Expectations, times: Times) -> Assessed:
    """Return likelihoods, tallies and coverage at each time.

    Parameters
    ----------
    hearings
        The reports that can be heard.
    expectations
        One problem.
    times
        Ascending, microseconds. Shape (T,).

    Returns
    -------
    Assessed
        One row a time, the same for a time alone as for that time among others.

    Raises
    ------
    ValueError
        If times do not ascend.

    References
    ----------
    House rule, docs/method.md.

    Examples
    --------
    >>> from iwscore.core.examples import tiny_hearings, tiny_problem
    >>> said = tiny_hearings(levels=[1], observed_at=[10])
    >>> assess(said, tiny_problem(), np.array([9, 10])).likelihood.round(3)
    array([[0.5 , 0.5 ],
           [0.65, 0.35]])
    """
    backwards = np.flatnonzero(times[1:] < times[:-1])
    if len(backwards):
        raise ValueError(f"times[{backwards[0] + 1}] is {times[backwards[0] + 1]}; times must ascend")
    statements = speak(hearings, times)
    most = ceilings(expectations)
    blocks = [times[begin : begin + _TIMES_AT_ONCE] for begin in range(0, max(len(times), 1), _TIMES_AT_ONCE)]
    parts = [_assess_block(hearings, statements, expectations, most, block) for block in blocks]
    return Assessed(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


def _assess_block(
    hearings: Hearings, statements: Statements, expectations: Expectations, most: Ceilings, times: Times
) -> tuple[Floats, Floats, Floats, Floats, NDArray[np.bool_], Ints]:
    """Return the columns of an `Assessed` for some of the times."""
    heard = gather(hearings, statements, times, expectations)
    spoken = np.logical_or.reduceat(heard.nats.any(axis=0), expectations.offsets[:-1])
    fewer, channels = expectations.only(spoken)  # most lists are longer than what is reported
    evidence = heard.nats[:, channels]
    nats = weigh(evidence, fewer)
    return (
        posterior(combine(nats, fewer), fewer.priors),
        tally(np.maximum(nats, 0.0), most.most_for),
        tally(np.maximum(-nats, 0.0), most.most_against),
        coverage(heard.fresh, most.most_for),
        _contested(evidence, fewer),
        heard.speaking,
    )


def _contested(evidence: Floats, expectations: Expectations) -> NDArray[np.bool_]:
    """Return where an indicator has much evidence on each of two levels. Shape (T,)."""
    loud = evidence > _CONTESTED_NATS
    found = np.zeros(len(evidence), dtype=np.bool_)
    for i in range(len(expectations.given)):
        found |= loud[:, expectations.channels(i)].sum(axis=1) > 1
    return found
