"""Rows and a problem small enough for an example in a docstring.

Here belongs nothing that scores: only what keeps the core's runnable examples short.
"""

from __future__ import annotations

import numpy as np

from iwscore.core.answering import Folding, Question
from iwscore.core.bundles import NEVER, Expectations, Register, Reports
from iwscore.core.draws import Widths
from iwscore.core.fading import DAY
from iwscore.core.hearings import Clocks, Hearings
from iwscore.core.ladders import Rules

__all__ = ["tiny_folding", "tiny_hearings", "tiny_problem", "tiny_question", "tiny_widths"]


def tiny_hearings(
    *, levels: list[int], observed_at: list[int], sources: list[int] | None = None, trust: float = 0.5
) -> Hearings:
    """Return one voice on one unfading yes/no indicator: a row a report, told by relays of one origin.

    Examples
    --------
    >>> len(tiny_hearings(levels=[1, 0], observed_at=[10, 20]))
    2
    """
    n = len(levels)
    zeros, level, observed = np.zeros(n, dtype=np.int64), np.array(levels), np.array(observed_at)
    worth = np.full(n, trust)
    return Hearings(
        report=np.arange(n),
        voice=zeros,
        source=zeros if sources is None else np.array(sources),
        own=zeros > 0,
        channel=level,
        indicator=zeros,
        level=level,
        observed_at=observed,
        half_life_days=np.full(n, np.inf),
        cell=zeros,
        trust=worth,
        nats=np.log((1 + worth) / (1 - worth)),
        strength=np.arange(n),
        enter=observed,
        leave=np.full(n, NEVER),
    )


def tiny_problem(*, indicators: int = 1, correlation: float | None = None) -> Expectations:
    """Return two scenarios told apart 4 : 1 by yes/no indicators that never fade, in one group where correlated.

    Examples
    --------
    >>> tiny_problem().given[0]
    array([[0.2, 0.8],
           [0.8, 0.2]])
    """
    ones = np.ones(indicators)
    return Expectations(
        priors=np.array([0.5, 0.5]),
        given=(np.array([[0.2, 0.8], [0.8, 0.2]]),) * indicators,
        offsets=2 * np.arange(indicators + 1),
        half_life_days=np.full(2 * indicators, np.inf),
        common_error=0.0 * ones,
        weight=ones,
        groups=() if correlation is None else ((np.arange(indicators), correlation),),
    )


def tiny_question(*, levels: list[int], observed_at: list[int], known_from: list[int] | None = None) -> Question:
    """Return what one source of trust 0.5 says about that problem, everything known; there is no ladder.

    Examples
    --------
    >>> len(tiny_question(levels=[1, 0], observed_at=[10, 20]).reports)
    2
    """
    zeros, level, observed = np.zeros(len(levels), dtype=np.int64), np.array(levels), np.array(observed_at)
    reports = Reports(
        channel=level,
        indicator=zeros,
        level=level,
        source=zeros,
        origin=zeros,
        observed_at=observed,
        known_from=observed if known_from is None else np.array(known_from),
        stands_until=zeros + NEVER,
        correction=zeros > 0,
        letter=zeros,
        digit=zeros,
        cap=zeros - 1,
    )
    nothing = zeros[:0]
    return Question(reports, Register(np.full((7, 6), 0.5), nothing, nothing, nothing), tiny_problem(), None, Clocks())


def tiny_folding() -> Folding:
    """Return a ladder of two rungs on the first scenario, a step a day.

    Examples
    --------
    >>> tiny_folding().rules.raise_at
    array([0. , 0.6])
    """
    rules = Rules(np.array([0.0, 0.6]), np.array([0.0, 0.5]), np.array([0.0, 0.0]), 0.2, 0.0)
    return Folding(rules, np.array([0]), int(DAY))


def tiny_widths(*, indicators: int = 1, cases: float = 1e9, trust: float = 0.5, spread: float = 0.0) -> Widths:
    """Return how unsure that problem is; all reports are of one grade.

    Examples
    --------
    >>> tiny_widths(cases=10).cases
    (array([10., 10.]),)
    """
    return Widths(
        cases=(np.full(2, float(cases)),) * indicators,
        judgments=(np.arange(2),) * indicators,
        streams=tuple(range(indicators)),
        trust=np.array([[trust]]),
        spread=np.array([[spread]]),
    )
