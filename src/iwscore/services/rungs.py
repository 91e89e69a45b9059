"""Rungs: the ladder folded over a problem's history, each day as then known.

Here belongs the series a ladder is folded over. How it climbs belongs to ``core.ladders``.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from iwscore.core.assessing import Assessed, assess
from iwscore.core.bundles import Floats, Ints, Times
from iwscore.core.hearings import Clocks
from iwscore.core.ladders import Rules, Series, climb
from iwscore.domain.problems import Ladder
from iwscore.domain.times import DAY
from iwscore.services.frames import Frame

__all__ = ["floor_of", "rungs"]

_DEFAULT_FLOOR = 0.2


def floor_of(ladder: Ladder | None) -> float:
    """Return the coverage under which an answer is thin."""
    return ladder.coverage_floor if ladder else _DEFAULT_FLOOR


def rungs(frame: Frame[Any], times: Times, known_at: int) -> tuple[Ints, NDArray[np.bool_]]:
    """Return the rung at each time, and whether the ladder is blind then, by what was known then.

    Without a ladder the rung is -1 and nothing is blind. Times ascend, microseconds. Shapes (T,).
    """
    ladder = frame.problem.ladder
    if ladder is None:
        return np.full(len(times), -1), np.zeros(len(times), dtype=np.bool_)
    history = _midnights(frame, int(times[-1]), known_at, ladder.every_days)
    grid = np.union1d(history, times)
    clocks = Clocks.known_at(known_at, vintage=True)
    assessed = assess(frame.reports, frame.register, frame.expectations, clocks, grid)
    adverse = _adverse(frame, assessed)
    rules = Rules(
        raise_at=np.array([rung.raise_at for rung in ladder.rungs]),
        clear_at=np.array([rung.clear_at for rung in ladder.rungs]),
        hold=np.array([rung.hold_days * DAY for rung in ladder.rungs]),
        coverage_floor=ladder.coverage_floor,
        blind_hold=ladder.blind_hold_days * DAY,
    )
    past, asked = np.searchsorted(grid, history), np.searchsorted(grid, times)
    now = Series(times, adverse[asked], assessed.coverage[asked])
    climbed = climb(rules, Series(history, adverse[past], assessed.coverage[past]), now)
    return climbed, ~(now.coverage >= ladder.coverage_floor)


def _midnights(frame: Frame[Any], last: int, known_at: int, every_days: float) -> Times:
    """Return the steps from the first midnight at or after the first known report that ever stands."""
    reports = frame.reports
    known = reports.known_from[(reports.known_from <= known_at) & (reports.known_from < reports.stands_until)]
    if not len(known):
        return np.empty(0, dtype=np.int64)
    first = -(-int(known.min()) // DAY) * DAY
    return np.arange(first, last + 1, round(every_days * DAY), dtype=np.int64)


def _adverse(frame: Frame[Any], assessed: Assessed) -> Floats:
    """Return the sum of the adverse likelihoods, scenario by scenario. Shape (T,)."""
    total = np.zeros(len(assessed.likelihood))
    for s in frame.problem.adverse:
        total += assessed.likelihood[:, s]
    return total
