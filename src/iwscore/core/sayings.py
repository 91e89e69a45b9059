"""What each indicator says at each time: the half-way house between evidence and answers.

Here belongs what may be kept while other indicators change. Nothing is kept here: who keeps it is no business of the
core. The way from reports to an answer in one go belongs to ``core.assessing``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from iwscore.core.assessing import Assessed, combine, weigh
from iwscore.core.bundles import Expectations, Floats, Ints, Times
from iwscore.core.evidence import gather
from iwscore.core.fading import DAY
from iwscore.core.hearings import Hearings
from iwscore.core.likelihoods import posterior
from iwscore.core.scores import Ceilings, coverage, tally
from iwscore.core.speaking import Statements

__all__ = ["Sayings", "conclude", "hear_out"]

_CONTESTED_NATS = 1.0
_NOTHING = 1074.0  # half-lives after which no evidence is left at all


@dataclass(frozen=True, slots=True, eq=False)
class Sayings:
    """What I indicators say at T times, each for itself: another indicator's reports change no bit of it.

    Attributes
    ----------
    nats
        By how much each moves each scenario, in nats. Shape (T, I, S).
    fresh
        Greatest trust times fading heard on each, 0 to 0.99. Shape (T, I).
    contested
        Whether it has over 1 nat on each of two levels. Shape (T, I).
    speaking
        How many of its reports are heard. Shape (T, I).
    """

    nats: Floats
    fresh: Floats
    contested: NDArray[np.bool_]
    speaking: Ints


def hear_out(hearings: Hearings, statements: Statements, expectations: Expectations, times: Times) -> Sayings:
    """Return what each indicator says at each time.

    Parameters
    ----------
    hearings
        The reports that can be heard; of a voice all, or at least those that are heard at one of the times.
    statements
        Who of them is heard from when to when; of an indicator all, or none.
    expectations
        One problem.
    times
        Ascending, microseconds. Shape (T,).

    Returns
    -------
    Sayings
        Nothing where no report is heard.

    References
    ----------
    House rule, docs/method.md §2 to §6.

    Examples
    --------
    >>> from iwscore.core.examples import tiny_hearings, tiny_problem
    >>> from iwscore.core.speaking import speak
    >>> hearings, times = tiny_hearings(levels=[1], observed_at=[10]), np.array([9, 10])
    >>> said = hear_out(hearings, speak(hearings, times), tiny_problem(), times)
    >>> said.nats.round(4).tolist(), said.speaking.tolist()
    ([[[0.0, 0.0]], [[0.2624, -0.3567]]], [[0], [1]])
    """
    indicators = len(expectations.given)
    heard = gather(hearings, statements, times, expectations)
    spoken = np.logical_or.reduceat(heard.nats.any(axis=0), expectations.offsets[:-1])
    fewer, channels = expectations.only(spoken)
    nats = np.zeros((len(times), indicators, len(expectations.priors)))
    nats[:, spoken] = weigh(heard.nats[:, channels], fewer)
    loud = (heard.nats > _CONTESTED_NATS).astype(np.int64)
    contested = np.add.reduceat(loud, expectations.offsets[:-1], axis=1) > 1
    return Sayings(nats, heard.fresh, contested, _speaking(hearings, statements, indicators, times))


def conclude(sayings: Sayings, expectations: Expectations, most: Ceilings) -> Assessed:
    """Return the answers that follow from what each indicator says: the bits that ``core.assessing.assess`` gives.

    Parameters
    ----------
    sayings
        Of every indicator, at T times.
    expectations, most
        The same problem, and the most that its indicators could say.

    Returns
    -------
    Assessed
        One row a time.

    References
    ----------
    House rule, docs/method.md §7 to §10.

    Examples
    --------
    >>> from iwscore.core.examples import tiny_hearings, tiny_problem
    >>> from iwscore.core.scores import ceilings
    >>> from iwscore.core.speaking import speak
    >>> hearings, times = tiny_hearings(levels=[1], observed_at=[10]), np.array([9, 10])
    >>> said = hear_out(hearings, speak(hearings, times), tiny_problem(), times)
    >>> conclude(said, tiny_problem(), ceilings(tiny_problem())).likelihood.round(3)
    array([[0.5 , 0.5 ],
           [0.65, 0.35]])
    """
    spoken = np.logical_or.reduce(sayings.nats != 0.0, axis=(0, 2))
    fewer, _ = expectations.only(spoken)
    nats = sayings.nats[:, spoken]
    return Assessed(
        likelihood=posterior(combine(nats, fewer), fewer.priors),
        score=tally(np.maximum(nats, 0.0), most.most_for),
        against=tally(np.maximum(-nats, 0.0), most.most_against),
        coverage=coverage(sayings.fresh, most.most_for),
        contested=np.logical_or.reduce(sayings.contested, axis=1),
        speaking=sayings.speaking.sum(axis=1),
    )


def _speaking(hearings: Hearings, statements: Statements, indicators: int, times: Times) -> Ints:
    """Return how many statements on each indicator are heard with any evidence left. Shape (T, I)."""
    row = statements.hearing
    gone = hearings.observed_at[row] + _NOTHING * (hearings.half_life_days[row] * DAY)
    first = np.searchsorted(times, statements.start)
    last = np.minimum(np.searchsorted(times, statements.stop), np.searchsorted(times, gone, side="right"))
    begun = np.zeros((len(times) + 1, indicators), dtype=np.int64)
    np.add.at(begun, (first, hearings.indicator[row]), 1)
    np.subtract.at(begun, (np.maximum(last, first), hearings.indicator[row]), 1)
    speaking: Ints = np.cumsum(begun[:-1], axis=0)
    return speaking
