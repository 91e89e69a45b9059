"""Score: the assessment of one problem and subject at one time, as known at one time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from iwscore.core.assessing import Assessed, assess
from iwscore.core.bands import Bands, bands
from iwscore.core.bundles import Ints
from iwscore.core.hearings import Clocks, hear
from iwscore.domain.assessments import Assessment, ScenarioLine, number
from iwscore.domain.catalogs import Catalog
from iwscore.domain.times import to_micros
from iwscore.domain.words import SCALES
from iwscore.services.frames import Frame, make_frame
from iwscore.services.partitions import Parted, reports_on
from iwscore.services.questions import ask, known_micros
from iwscore.services.rungs import floor_of, rungs

__all__ = ["Asked", "assessment_of", "score"]


def score(
    catalog: Catalog,
    observations: Parted,
    *,
    problem: str,
    at: datetime,
    subject: str | None = None,
    known_at: datetime | None = None,
    draws: int = 0,
    seed: int = 0,
) -> Assessment:
    """Return the assessment at ``at``, as known at ``known_at``; None is everything. Without draws it has no bands.

    Raises
    ------
    QuestionError
        Where the question cannot be asked so.
    """
    asked, watched = ask(catalog, observations, problem, subject)
    frame = make_frame(catalog, reports_on(observations, watched), asked, watched)
    micros, known = to_micros(at), known_micros(known_at)
    times = np.array([micros])
    clocks = Clocks.known_at(known)
    assessed = assess(frame.reports, frame.register, frame.expectations, clocks, times)
    found = None
    if draws:
        hearings = hear(frame.reports, frame.register, frame.expectations, clocks)
        found = bands(hearings, frame.expectations, frame.widths(), times, draws=draws, seed=seed)
    unplaced = int(((frame.lost[0] <= micros) & (frame.lost[1] <= known) & (frame.lost[2] > known)).sum())
    return assessment_of(frame, Asked(at, known_at, unplaced), assessed, found, rungs(frame, times, known))


@dataclass(frozen=True, slots=True)
class Asked:
    """The two clocks of a question, and how many reports the catalog cannot place by them."""

    at: datetime
    known_at: datetime | None
    unplaced: int


def assessment_of(
    frame: Frame[Any],
    asked: Asked,
    assessed: Assessed,
    found: Bands | None,
    rungs: tuple[Ints, NDArray[np.bool_]],
) -> Assessment:
    """Return the numbers of one time as an assessment; ``rungs`` are the rung and whether the ladder is blind."""
    ladder = frame.problem.ladder
    return Assessment(
        problem=frame.problem.id,
        subject=frame.subject,
        at=asked.at,
        known_at=asked.known_at,
        catalog=frame.catalog.digest,
        observations=int(assessed.speaking[0]),
        unplaced=asked.unplaced,
        coverage=number(assessed.coverage[0]),
        rung=ladder.rungs[int(rungs[0][0])].id if ladder else None,
        flags=_flags(frame, assessed, blind=bool(rungs[1][0])),
        scenarios=_lines(frame, assessed, found),
    )


def _lines(frame: Frame[Any], assessed: Assessed, found: Bands | None) -> tuple[ScenarioLine, ...]:
    scale = SCALES[frame.problem.scale]
    return tuple(
        ScenarioLine(
            id=scenario.id,
            title=scenario.title,
            prior=scenario.prior,
            likelihood=float(assessed.likelihood[0, s]),
            low=float(found.low[0, s]) if found else None,
            high=float(found.high[0, s]) if found else None,
            term=scale.term(float(assessed.likelihood[0, s])),
            score=number(assessed.score[0, s]),
            against=number(assessed.against[0, s]),
        )
        for s, scenario in enumerate(frame.problem.scenarios)
    )


def _flags(frame: Frame[Any], assessed: Assessed, *, blind: bool) -> tuple[str, ...]:
    flags = {
        "contested": bool(assessed.contested[0]),
        "thin": not assessed.coverage[0] >= floor_of(frame.problem.ladder),
        "blind": blind,
    }
    return tuple(name for name, holds in flags.items() if holds)
