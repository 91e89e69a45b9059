"""Trend: assessments on a grid of times, all as known at one time, or each as known then."""

from __future__ import annotations

from datetime import datetime

import numpy as np

from iwscore.core.assessing import assess
from iwscore.core.hearings import Clocks, Hearings, hear
from iwscore.core.spans import starts
from iwscore.domain.assessments import Trend
from iwscore.domain.catalogs import Catalog
from iwscore.domain.observations import Observations
from iwscore.domain.times import from_micros, grid, print_instant, to_micros
from iwscore.errors import QuestionError
from iwscore.services.frames import Frame, make_frame
from iwscore.services.questions import ask, known_micros
from iwscore.services.rungs import rungs

__all__ = ["trend"]


def trend(
    catalog: Catalog,
    observations: Observations,
    *,
    problem: str,
    start: datetime,
    end: datetime,
    step: str,
    subject: str | None = None,
    known_at: datetime | None = None,
    vintage: bool = False,
) -> Trend:
    """Return the answers from ``start`` to ``end``, both inclusive; with ``vintage`` each as known then.

    Raises
    ------
    QuestionError
        Where the question cannot be asked so: IW505 for the span or the step.
    """
    asked = ask(catalog, observations, problem, subject)
    times = np.array([to_micros(t) for t in _grid(start, end, step)], dtype=np.int64)
    frame = make_frame(catalog, observations, *asked)
    known = known_micros(known_at)
    clocks = Clocks.known_at(known, vintage=vintage)
    hearings = hear(frame.reports, frame.register, frame.expectations, clocks)
    assessed = assess(hearings, frame.expectations, times)
    ladder = frame.problem.ladder
    return Trend(
        problem=frame.problem.id,
        subject=frame.subject,
        known_at=known_at,
        vintage=vintage,
        catalog=catalog.digest,
        scenarios=frame.problem.scenario_ids,
        titles=tuple(scenario.title for scenario in frame.problem.scenarios),
        times=times,
        likelihood=assessed.likelihood,
        score=assessed.score,
        against=assessed.against,
        coverage=assessed.coverage,
        rung=rungs(frame, times, known)[0],
        rungs=tuple((rung.id, rung.raise_at) for rung in ladder.rungs) if ladder else (),
        events=_events(frame, hearings, int(times[0]), int(times[-1])),
    )


def _grid(start: datetime, end: datetime, step: str) -> list[datetime]:
    if end < start:
        raise QuestionError(
            "IW505", "to lies before from", print_instant(end), f"must not lie before {print_instant(start)}",
            "Swap --from and --to.",
        )  # fmt: skip
    try:
        return grid(start, end, step)
    except ValueError:
        raise QuestionError(
            "IW506", "not a step", step, "must be a number and min, h, d or w, or a whole number and mo or y",
            "Write for instance 1d, 6h or 1mo.",
        ) from None  # fmt: skip
    except OverflowError as error:
        raise QuestionError(
            "IW511", "too many times", str(error), "must fit into memory", "Take a longer step or a shorter span."
        ) from None


def _events(frame: Frame, hearings: Hearings, first: int, last: int) -> tuple[tuple[datetime, str, str], ...]:
    """Return when, on which indicator and at which level reports worth anything came in, each once."""
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
