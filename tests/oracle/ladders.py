"""The warning ladder as a plain loop over the points at which it is looked at.

How the points are worked out is in `answers`.
"""

from datetime import datetime, timedelta

from tests.oracle.catalogs import Ladder

Point = tuple[datetime, float, bool]  # the time, the sum of the adverse likelihoods, whether coverage is low


def climb(ladder: Ladder, points: list[Point]) -> str:
    """The rung after the last point, from the lowest before the first one."""
    present = 0
    below_since: list[datetime | None] = [None for _ in ladder.rungs]
    for moment, adverse, blind in points:
        for number, rung in enumerate(ladder.rungs):
            if adverse >= rung.clear_at:
                below_since[number] = None
            else:
                below_since[number] = below_since[number] or moment
        while present > 0 and cleared(ladder, present, moment, below_since[present], blind=blind):
            present -= 1
        reached = [number for number, rung in enumerate(ladder.rungs) if adverse >= rung.raise_at]
        present = max([present, *reached])
    return ladder.rungs[present].id


def cleared(ladder: Ladder, number: int, moment: datetime, since: datetime | None, *, blind: bool) -> bool:
    """Whether a rung has stayed below its clearing for long enough."""
    hold: timedelta = ladder.rungs[number].hold
    if blind:
        hold = max(hold, ladder.blind_hold)
    return since is not None and moment - since >= hold
