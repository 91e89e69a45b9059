"""Trend: assessments on a grid of times, all as known at one time, or each as known then."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import numpy as np

from iwscore.core.assessing import Assessed, assess
from iwscore.core.bands import Bands, bands
from iwscore.core.bundles import Ints, Times
from iwscore.core.hearings import Clocks, Hearings, hear
from iwscore.core.spans import starts
from iwscore.domain.assessments import Trend
from iwscore.domain.catalogs import Catalog
from iwscore.domain.problems import Problem
from iwscore.domain.times import from_micros, grid_micros, print_instant
from iwscore.errors import QuestionError, nearest
from iwscore.services.frames import Frame, make_frame
from iwscore.services.partitions import Named, Parted, reports_on
from iwscore.services.questions import ask, asks, known_micros
from iwscore.services.rungs import rungs
from iwscore.services.vintages import InForce

__all__ = ["WHOLE", "Answer", "Event", "answered", "events_of", "only", "span_of", "times_between", "trend"]

Event = tuple[datetime, str, str]
WHOLE = slice(None)


def trend(
    catalog: Catalog | InForce,
    observations: Parted,
    *,
    problem: str,
    start: datetime,
    end: datetime,
    step: str,
    subject: str | None = None,
    known_at: datetime | None = None,
    vintage: bool = False,
    draws: int = 0,
    seed: int = 0,
    page: slice = WHOLE,
) -> Trend:
    """Return the answers from ``start`` to ``end``, both inclusive; with ``vintage`` each as known then.

    Of several catalogs in force one after another, each answers its own times; the last one is asked whether the
    question can be asked at all. Without draws there are no bands. With ``page`` only those of the times are answered,
    as they are among all of them.

    Raises
    ------
    QuestionError
        Where the question cannot be asked so: IW505 for the span or the step.
    """
    clocks = Clocks.known_at(known_micros(known_at), vintage=vintage)

    def answer(one: Catalog, watched: str, times: Times, where: slice) -> Answer:
        frame = make_frame(one, reports_on(observations, watched), one.problems[problem], watched)
        hearings = hear(frame.reports, frame.register, frame.expectations, clocks)
        assessed = assess(frame.reports, frame.register, frame.expectations, clocks, times[where])
        found = None
        if draws:
            found = bands(hearings, frame.expectations, frame.widths(), times[where], draws=draws, seed=seed)
        rung, _ = rungs(frame, times[where], clocks.withdrawals)
        return Answer(frame, where, assessed, found, rung, events_of(frame, hearings, times, where))

    return answered(
        catalog, observations, answer, problem=problem, start=start, end=end, step=step, subject=subject,
        known_at=known_at, vintage=vintage, banded=draws > 0, page=page,
    )  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """What one catalog answers, at which of the times, and the reports first heard since the time before them."""

    frame: Frame[Any]
    where: slice
    assessed: Assessed
    bands: Bands | None
    rung: Ints
    events: tuple[Event, ...]


def answered(
    catalog: Catalog | InForce,
    observations: Parted | Named,
    answer: Callable[[Catalog, str, Times, slice], Answer],
    *,
    problem: str,
    start: datetime,
    end: datetime,
    step: str,
    subject: str | None,
    known_at: datetime | None,
    vintage: bool,
    banded: bool,
    page: slice = WHOLE,
) -> Trend:
    """Return the trend made of what ``answer`` gives for each catalog, the subject, all times and those it answers.

    With ``page`` at those of the times alone: the same answers in the same order as among all of them.
    """
    in_force, known = InForce.of(catalog), known_micros(known_at)
    asked, watched = ask(in_force.last, observations, problem, subject)
    grid = np.array(times_between(start, end, step), dtype=np.int64)
    times = grid[page]
    answers = [
        answer(one, watched, times, where)
        for one, where in in_force.stretches(times, known)
        if asks(one, problem, watched)
    ]
    named = (one.problems[problem] for one, _ in in_force.stretches(grid, known) if asks(one, problem, watched))
    return _joined(
        answers,
        Trend(
            problem=problem,
            subject=watched,
            known_at=known_at,
            vintage=vintage,
            catalog=in_force.last.digest,
            catalogs=in_force.named(),
            times=times,
            **_blank(len(times), (asked, *named), banded=banded),
            events=tuple(event for each in answers for event in each.events),
        ),
    )


def only(trend: Trend, scenarios: Iterable[str]) -> Trend:
    """Return the trend of some of its scenarios, in the order in which it has them.

    Raises
    ------
    QuestionError
        IW527 for a scenario that the problem does not have.
    """
    wanted = set(scenarios)
    for name in sorted(wanted.difference(trend.scenarios)):
        raise QuestionError(
            "IW527", "unknown scenario", name, f"must be one of {trend.problem}", nearest(name, trend.scenarios)
        )
    kept = [s for s, name in enumerate(trend.scenarios) if name in wanted]
    columns: dict[str, Any] = {
        name: getattr(trend, name)[:, kept]
        for name in ("likelihood", "score", "against", "low", "high")
        if getattr(trend, name) is not None
    }
    return replace(
        trend,
        scenarios=tuple(trend.scenarios[s] for s in kept),
        titles=tuple(trend.titles[s] for s in kept),
        **columns,
    )


def _blank(times: int, problems: Iterable[Problem], *, banded: bool) -> dict[str, Any]:
    """Return the axes that hold the scenarios and rungs of all these problems, and nothing on them yet."""
    titles = {one.id: one.title for each in problems for one in each.scenarios}
    raise_at = {one.id: one.raise_at for each in problems if each.ladder for one in each.ladder.rungs}
    shape = (times, len(titles))
    return {
        "scenarios": tuple(titles),
        "titles": tuple(titles.values()),
        "likelihood": np.full(shape, np.nan),
        "score": np.full(shape, np.nan),
        "against": np.full(shape, np.nan),
        "coverage": np.full(times, np.nan),
        "rung": np.full(times, -1),
        "rungs": tuple(sorted(raise_at.items(), key=lambda rung: rung[1])),
        **{end: np.full(shape, np.nan) for end in ("low", "high") if banded},
    }


def _joined(answers: Iterable[Answer], blank: Trend) -> Trend:
    """Return the trend with the answers in their places."""
    names = [name for name, _ in blank.rungs]
    for each in answers:
        problem = each.frame.problem
        axis = [blank.scenarios.index(name) for name in problem.scenario_ids]
        steps = np.array([names.index(rung.id) for rung in problem.ladder.rungs] if problem.ladder else [], dtype=int)
        for name in ("likelihood", "score", "against"):
            getattr(blank, name)[each.where, axis] = getattr(each.assessed, name)
        for end in ("low", "high") if each.bands else ():
            getattr(blank, end)[each.where, axis] = getattr(each.bands, end)
        blank.coverage[each.where] = each.assessed.coverage
        blank.rung[each.where] = np.append(steps, -1)[each.rung]
    return blank


def times_between(start: datetime, end: datetime, step: str) -> Sequence[int]:
    """Return the grid of times, both ends inclusive, in microseconds.

    Raises
    ------
    QuestionError
        IW505 or IW506 for the span or the step, IW511 where it does not fit into memory.
    """
    if end < start:
        raise QuestionError(
            "IW505", "to lies before from", print_instant(end), f"must not lie before {print_instant(start)}",
            "Swap --from and --to.",
        )  # fmt: skip
    try:
        return grid_micros(start, end, step)
    except ValueError:
        raise QuestionError(
            "IW506", "not a step", step, "must be a number and min, h, d or w, or a whole number and mo or y",
            "Write for instance 1d, 6h or 1mo.",
        ) from None  # fmt: skip
    except OverflowError as error:
        raise QuestionError(
            "IW511", "too many times", str(error), "must fit into memory", "Take a longer step or a shorter span."
        ) from None


def events_of(frame: Frame[Any], hearings: Hearings, times: Times, where: slice) -> tuple[Event, ...]:
    """Return when, on which indicator and at which level reports worth anything came in, each once.

    Those of the times that one catalog answers, from right after the time before them.
    """
    first, last = span_of(times, where)
    worth = np.flatnonzero(hearings.nats > 0)
    worth = worth[np.lexsort((hearings.enter[worth], hearings.report[worth]))]
    heard = worth[starts(hearings.report[worth])]  # a report comes again where a regrade changes its worth
    inside = heard[(hearings.enter[heard] >= first) & (hearings.enter[heard] <= last)]
    found = {
        (int(hearings.enter[row]), int(hearings.indicator[row]), int(hearings.level[row])) for row in inside.tolist()
    }
    return tuple(
        (from_micros(t), frame.indicators[i].title, frame.indicators[i].levels[level]) for t, i, level in sorted(found)
    )


def span_of(times: Times, where: slice) -> tuple[int, int]:
    """Return from when to when what comes in belongs to these of the times, both inclusive."""
    before = int(times[where.start - 1]) + 1 if where.start else int(times[0])
    return before, int(times[where.stop - 1])
