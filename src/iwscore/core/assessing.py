"""Reports and a grid of times in, likelihoods and tallies out: the one scoring path.

Here the steps of the method are put in order. Each step's formula belongs to the module of its name.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from iwscore.core.bundles import Expectations, Floats, Ints, Pieces, Register, Reports, Times
from iwscore.core.evidence import Evidence
from iwscore.core.hearings import Clocks
from iwscore.core.likelihoods import group_nats, indicator_nats, posterior
from iwscore.core.listening import listen
from iwscore.core.scores import Ceilings, ceilings, coverage, tally

__all__ = ["Assessed", "assess", "combine", "judge", "weigh"]

_CELLS_AT_ONCE = 1 << 22  # bounds memory: T x C numbers live at once
_NATS_AT_ONCE = 1 << 22  # bounds memory: T x I x S numbers live at once
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
    shape = (len(expectations.given), len(expectations.priors), len(evidence))
    nats = np.zeros(shape).transpose(2, 0, 1)  # each indicator and scenario in one piece
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


def assess(
    reports: Reports | Pieces,
    register: Register,
    expectations: Expectations,
    clocks: Clocks,
    times: Times,
    *,
    threads: int = 1,
) -> Assessed:
    """Return likelihoods, tallies and coverage at each time.

    Parameters
    ----------
    reports, register, expectations, clocks, times, threads
        As for `listen`; reports may come in pieces. Times ascend, microseconds. Shape (T,).

    Returns
    -------
    Assessed
        One row a time, the same for a time alone as for that time among others, and for any number of threads.

    Raises
    ------
    ValueError
        If times do not ascend.

    References
    ----------
    House rule, docs/method.md.

    Examples
    --------
    >>> from iwscore.core.examples import tiny_problem
    >>> one = np.array([0])
    >>> from iwscore.core.bundles import NEVER
    >>> said = Reports(one, one, one, one, one, one + 10, one + 10, one + NEVER, one > 0, one, one, one - 1)
    >>> table = Register(np.array([[0.6]]), one[:0], one[:0], one[:0])
    >>> assess(said, table, tiny_problem(), Clocks(), np.array([9, 10])).likelihood.round(3)
    array([[0.5 , 0.5 ],
           [0.32, 0.68]])
    """
    pieces = (reports,) if isinstance(reports, Reports) else reports
    at_once = max(_CELLS_AT_ONCE // max(len(expectations.half_life_days), 1), 1)
    parts = [
        judge(
            _together(listen(piece, register, expectations, clocks, block, threads=threads) for piece in pieces),
            expectations,
        )
        for block in _blocks(times, at_once)
    ]
    return _joined(parts)


def judge(evidence: Evidence, expectations: Expectations) -> Assessed:
    """Return likelihoods, tallies and coverage by this evidence.

    Parameters
    ----------
    evidence
        At T times.
    expectations
        One problem.

    Returns
    -------
    Assessed
        One row a time, the same for a time alone as for that time among others.

    References
    ----------
    House rule, docs/method.md §5 to §10.

    Examples
    --------
    >>> from iwscore.core.examples import tiny_problem
    >>> said = Evidence(np.array([[0.0, 1.3863]]), np.array([[0.6]]), np.array([1]))
    >>> judge(said, tiny_problem()).likelihood.round(3)
    array([[0.68, 0.32]])
    """
    most = ceilings(expectations)
    at_once = max(_NATS_AT_ONCE // max(len(expectations.given) * len(expectations.priors), 1), 1)
    places = _blocks(np.arange(len(evidence.nats)), at_once)
    return _joined([_judge_block(evidence, expectations, most, where) for where in places])


def _together(found: Iterable[Evidence]) -> Evidence:
    """Return the evidence of pieces that have no indicator in common: nothing is added to anything but 0."""
    whole, *others = found
    for piece in others:
        whole.nats[:] += piece.nats
        np.maximum(whole.fresh, piece.fresh, out=whole.fresh)
        whole.speaking[:] += piece.speaking
    return whole


def _blocks(column: Ints, at_once: int) -> list[Ints]:
    """Return the column in pieces, at least one."""
    return [column[begin : begin + at_once] for begin in range(0, max(len(column), 1), at_once)]


def _joined(parts: list[Assessed]) -> Assessed:
    """Return the parts, one after another."""
    if len(parts) == 1:
        return parts[0]
    return Assessed(*(np.concatenate([getattr(part, name) for part in parts]) for name in Assessed.__slots__))


def _judge_block(evidence: Evidence, expectations: Expectations, most: Ceilings, where: Ints) -> Assessed:
    """Return what is known at some of the times."""
    said, fresh = evidence.nats[where], evidence.fresh[where]
    spoken = np.logical_or.reduceat(said.any(axis=0), expectations.offsets[:-1])
    fewer, channels = expectations.only(spoken)  # most lists are longer than what is reported
    nats = weigh(said[:, channels], fewer)
    return Assessed(
        likelihood=posterior(combine(nats, fewer), fewer.priors),
        score=tally(np.maximum(nats, 0.0), most.most_for),
        against=tally(np.maximum(-nats, 0.0), most.most_against),
        coverage=coverage(fresh, most.most_for),
        contested=_contested(said[:, channels], fewer),
        speaking=evidence.speaking[where],
    )


def _contested(evidence: Floats, expectations: Expectations) -> NDArray[np.bool_]:
    """Return where an indicator has much evidence on each of two levels. Shape (T,)."""
    loud = evidence > _CONTESTED_NATS
    found = np.zeros(len(evidence), dtype=np.bool_)
    for i in range(len(expectations.given)):
        found |= loud[:, expectations.channels(i)].sum(axis=1) > 1
    return found
