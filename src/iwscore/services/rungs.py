"""Rungs: a problem's ladder as the core takes it, and its rungs at some times.

Here belongs the way from the catalog's ladder to arrays. What it is folded over belongs to ``core.answering``, how it
climbs to ``core.ladders``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from iwscore.core.answering import Folding, Question
from iwscore.core.answering import rungs as folded
from iwscore.core.bundles import Ints, Times
from iwscore.core.hearings import Clocks
from iwscore.core.ladders import Rules
from iwscore.domain.problems import Ladder, Problem
from iwscore.domain.times import DAY
from iwscore.services.frames import Frame

__all__ = ["Climb", "floor_of", "folding_of", "question_of", "rungs"]

_DEFAULT_FLOOR = 0.2


@dataclass(frozen=True, slots=True, eq=False)
class Climb:
    """The way up and down a problem's ladder: its steps since the first known report, and the time asked about.

    ``times`` ascend, microseconds; ``rung`` and ``blind`` are as at a trend's times. Shapes (T,), T at least 1.
    """

    problem: Problem
    subject: str
    times: Times
    rung: Ints
    blind: NDArray[np.bool_]

    def changes(self) -> Ints:
        """Return the places on axis T at which the rung is another one than before; it starts on the lowest."""
        before = np.append(min(int(self.rung[0]), 0), self.rung[:-1])
        return np.flatnonzero(self.rung != before)

    def blind_since(self) -> int | None:
        """Return since when the ladder has been blind, None where it is not."""
        sighted = np.append(-1, np.flatnonzero(~self.blind))
        return int(self.times[sighted[-1] + 1]) if self.blind[-1] else None


def floor_of(ladder: Ladder | None) -> float:
    """Return the coverage under which an answer is thin."""
    return ladder.coverage_floor if ladder else _DEFAULT_FLOOR


def question_of(frame: Frame[Any], clocks: Clocks) -> Question:
    """Return all that the answers of a frame hang on but the times; nothing in it is of the catalog any more."""
    return Question(frame.reports, frame.register, frame.expectations, folding_of(frame.problem), clocks)


def rungs(frame: Frame[Any], times: Times, known_at: int) -> tuple[Ints, NDArray[np.bool_]]:
    """Return the rung at each time, and whether the ladder is blind then, by what was known then.

    Without a ladder the rung is -1 and nothing is blind. Times ascend, microseconds. Shapes (T,).
    """
    return folded(question_of(frame, Clocks.known_at(known_at, vintage=True)), times)


def folding_of(problem: Problem) -> Folding | None:
    """Return a problem's ladder as the core takes it, and what it is folded over."""
    ladder = problem.ladder
    if ladder is None:
        return None
    rules = Rules(
        raise_at=np.array([rung.raise_at for rung in ladder.rungs]),
        clear_at=np.array([rung.clear_at for rung in ladder.rungs]),
        hold=np.array([rung.hold_days * DAY for rung in ladder.rungs]),
        coverage_floor=ladder.coverage_floor,
        blind_hold=ladder.blind_hold_days * DAY,
    )
    return Folding(rules, np.array(problem.adverse, dtype=np.int64), round(ladder.every_days * DAY))
