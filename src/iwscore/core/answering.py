"""One subject's reports and a grid of times in, the columns of an answer out: likelihoods, tallies and rungs.

Here belongs what hangs on both a trend and its ladder: the series a ladder is folded over, and when one hearing does
for both. It needs neither catalog nor log, so that a worker elsewhere can do it. How a ladder climbs belongs to
``core.ladders``, and how the question gets to a worker to ``core.workers``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from iwscore.core.assessing import Assessed, assess
from iwscore.core.bundles import NEVER, Expectations, Ints, Pieces, Register, Reports, Times
from iwscore.core.fading import DAY
from iwscore.core.hearings import Clocks
from iwscore.core.ladders import Rules, Series, climb

__all__ = [
    "Answers",
    "Folding",
    "Question",
    "answer",
    "climbed",
    "first_known",
    "no_ladder",
    "rungs",
    "series_of",
    "steps",
    "unrevised",
]


@dataclass(frozen=True, slots=True, eq=False)
class Folding:
    """A ladder, and the series it is folded over.

    Attributes
    ----------
    rules
        How it climbs.
    adverse
        Places on axis S of the scenarios whose likelihoods are added.
    every
        From one step of the series to the next, microseconds.
    """

    rules: Rules
    adverse: Ints
    every: int


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """One problem and subject: all that an answer hangs on but the times; ``folding`` is None without a ladder."""

    reports: Reports | Pieces
    register: Register
    expectations: Expectations
    folding: Folding | None
    clocks: Clocks


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """What is known at each time.

    Attributes
    ----------
    assessed
        Likelihoods, tallies and coverage.
    rung
        Place of the rung, 0 the lowest; -1 without a ladder. Shape (T,).
    blind
        Whether the ladder's coverage is under its floor, as known then. Shape (T,).
    """

    assessed: Assessed
    rung: Ints
    blind: NDArray[np.bool_]


def answer(question: Question, times: Times) -> Answers:
    """Return all that is known at each time.

    Where the answers are as then known anyway, one pass gives both them and the series of the ladder.

    Parameters
    ----------
    question
        One problem and subject.
    times
        Ascending, microseconds. Shape (T,), T at least 1 with a ladder.

    Returns
    -------
    Answers
        One row a time, the same for a time alone as for that time among others.

    Raises
    ------
    ValueError
        If times do not ascend.

    References
    ----------
    House rule, docs/method.md §13 and §14.

    Examples
    --------
    >>> from iwscore.core.examples import tiny_question
    >>> answer(tiny_question(levels=[1], observed_at=[10]), np.array([9, 10])).assessed.likelihood.round(3)
    array([[0.5 , 0.5 ],
           [0.65, 0.35]])
    """
    folding = question.folding
    if folding is None:
        return Answers(_assess(question, question.clocks, times), *no_ladder(times))
    if not (question.clocks.vintage or unrevised(question)):
        return Answers(_assess(question, question.clocks, times), *rungs(question, times))
    history = _history(question, folding, times)
    grid = np.union1d(history, times)
    all_times = _assess(question, question.clocks, grid)
    place = np.searchsorted(grid, times)
    here = Assessed(*(getattr(all_times, field.name)[place] for field in fields(Assessed)))
    return Answers(here, *_climbed(folding, all_times, grid, history, times))


def rungs(question: Question, times: Times) -> tuple[Ints, NDArray[np.bool_]]:
    """Return the rung at each time, and whether the ladder is blind then, by what was known then.

    Parameters
    ----------
    question
        One problem and subject; its clocks are taken as of vintage.
    times
        Ascending, microseconds. Shape (T,), T at least 1 with a ladder.

    Returns
    -------
    tuple of (Ints, NDArray[np.bool_])
        As in `Answers`. Shapes (T,).

    Raises
    ------
    ValueError
        If times do not ascend.

    References
    ----------
    House rule, docs/method.md §14.

    Examples
    --------
    >>> from iwscore.core.examples import tiny_question
    >>> rungs(tiny_question(levels=[1], observed_at=[10]), np.array([10]))
    (array([-1]), array([False]))
    """
    folding = question.folding
    if folding is None:
        return no_ladder(times)
    history = _history(question, folding, times)
    grid = np.union1d(history, times)
    then_known = _assess(question, replace(question.clocks, vintage=True), grid)
    return _climbed(folding, then_known, grid, history, times)


def unrevised(question: Question) -> bool:
    """Return whether the past was at all times known as it is now: the same is then heard with vintage and without.

    Parameters
    ----------
    question
        One problem and subject.

    Returns
    -------
    bool
        False where a report came late or was withdrawn, or its source or origin was regraded, as far as is known.

    References
    ----------
    House rule, docs/method.md §13.

    Examples
    --------
    >>> from iwscore.core.examples import tiny_question
    >>> unrevised(tiny_question(levels=[1], observed_at=[10]))
    True
    >>> unrevised(tiny_question(levels=[1], observed_at=[10], known_from=[11]))
    False
    """
    return all(_unrevised(question, reports) for reports in _pieces(question))


def _unrevised(question: Question, told: Reports) -> bool:
    clocks, register = question.clocks, question.register
    told = told.take(told.known_from <= np.where(told.correction, clocks.withdrawals, clocks.reports))
    regraded = register.regraded_source[register.regraded_from <= clocks.regrades]
    return not (
        (told.known_from > told.observed_at).any()
        or (told.stands_until <= clocks.withdrawals).any()
        or (np.isin(told.source, regraded) | np.isin(told.origin, regraded)).any()
    )


def _pieces(question: Question) -> Iterable[Reports]:
    return (question.reports,) if isinstance(question.reports, Reports) else question.reports


def _assess(question: Question, clocks: Clocks, times: Times) -> Assessed:
    return assess(question.reports, question.register, question.expectations, clocks, times)


def no_ladder(times: Times) -> tuple[Ints, NDArray[np.bool_]]:
    """Return what there is at each time without a ladder.

    Parameters
    ----------
    times
        Microseconds. Shape (T,).

    Returns
    -------
    tuple of (Ints, NDArray[np.bool_])
        As in `Answers`. Shapes (T,).

    Examples
    --------
    >>> no_ladder(np.array([10]))
    (array([-1]), array([False]))
    """
    return np.full(len(times), -1), np.zeros(len(times), dtype=np.bool_)


def first_known(reports: Reports, known_at: int) -> int:
    """Return since when a report is known that ever stands.

    Parameters
    ----------
    reports
        N reports.
    known_at
        What became known later does not count, microseconds.

    Returns
    -------
    int
        Microseconds; `NEVER` where there is none.

    References
    ----------
    House rule, docs/method.md §14.

    Examples
    --------
    >>> from iwscore.core.examples import tiny_question
    >>> told = tiny_question(levels=[1, 1], observed_at=[10, 20]).reports
    >>> first_known(told, 30), first_known(told, 9) == NEVER
    (10, True)
    """
    known = (reports.known_from <= known_at) & (reports.known_from < reports.stands_until)
    return int(reports.known_from.min(initial=NEVER, where=known))


def steps(folding: Folding, since: int, last: int) -> Times:
    """Return the steps of a ladder from the first midnight at or after a time.

    Parameters
    ----------
    folding
        A ladder.
    since, last
        The first known report, `NEVER` where there is none, and the last time asked about, microseconds.

    Returns
    -------
    Times
        Ascending, microseconds. Shape (H,).

    References
    ----------
    House rule, docs/method.md §14.

    Examples
    --------
    >>> from iwscore.core.examples import tiny_folding
    >>> steps(tiny_folding(), 1, 172_800_000_000).tolist()
    [86400000000, 172800000000]
    """
    if since == NEVER:
        return np.empty(0, dtype=np.int64)
    return np.arange(-(-since // DAY) * DAY, last + 1, folding.every, dtype=np.int64)


def series_of(folding: Folding, times: Times, assessed: Assessed) -> Series:
    """Return what a ladder sees of answers: adverse likelihoods, summed scenario by scenario, and coverage.

    Parameters
    ----------
    folding
        A ladder.
    times
        Ascending, microseconds. Shape (T,).
    assessed
        What is known at these times.

    Returns
    -------
    Series
        At the same times.

    References
    ----------
    House rule, docs/method.md §14.

    Examples
    --------
    >>> from iwscore.core.examples import tiny_folding, tiny_question
    >>> times = np.array([9, 10])
    >>> known = answer(tiny_question(levels=[1], observed_at=[10]), times).assessed
    >>> series_of(tiny_folding(), times, known).adverse.round(3)
    array([0.5 , 0.65])
    """
    adverse = np.zeros(len(assessed.likelihood))
    for s in folding.adverse.tolist():
        adverse += assessed.likelihood[:, s]
    return Series(times, adverse, assessed.coverage)


def climbed(folding: Folding, history: Series, asked: Series) -> tuple[Ints, NDArray[np.bool_]]:
    """Return the rung at each time asked about, and whether the ladder is blind then.

    Parameters
    ----------
    folding
        A ladder.
    history, asked
        What it sees at its steps, and at the T times asked about.

    Returns
    -------
    tuple of (Ints, NDArray[np.bool_])
        As in `Answers`. Shapes (T,).

    References
    ----------
    House rule, docs/method.md §14.

    Examples
    --------
    >>> from iwscore.core.examples import tiny_folding
    >>> seen = Series(np.arange(2) * DAY, np.array([0.1, 0.7]), np.array([0.1, 0.5]))
    >>> climbed(tiny_folding(), seen, seen)
    (array([0, 1]), array([ True, False]))
    """
    return climb(folding.rules, history, asked), ~(asked.coverage >= folding.rules.coverage_floor)


def _history(question: Question, folding: Folding, times: Times) -> Times:
    """Return the steps since the first known report, up to the last of the times."""
    since = min(first_known(reports, question.clocks.withdrawals) for reports in _pieces(question))
    return steps(folding, since, int(times[-1]))


def _climbed(
    folding: Folding, assessed: Assessed, grid: Times, history: Times, times: Times
) -> tuple[Ints, NDArray[np.bool_]]:
    """Return the rung at each time and whether the ladder is blind; history and times are places on the grid."""
    seen = series_of(folding, grid, assessed)
    return climbed(folding, _at(seen, history), _at(seen, times))


def _at(series: Series, times: Times) -> Series:
    """Return those of the steps that stand at these times."""
    place = np.searchsorted(series.times, times)
    return Series(times, series.adverse[place], series.coverage[place])
