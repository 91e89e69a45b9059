"""Rungs: a problem's warning ladder, where it stands, and how it came to stand there."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import numpy as np
from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, Field

from iwscore.api.answers import Envelope, asking, json_bytes, reply
from iwscore.api.problems import ProblemName
from iwscore.api.questions import Asked, Time, foreseen, in_order, instant
from iwscore.api.readers import requires
from iwscore.domain.problems import Rung
from iwscore.domain.times import from_micros, to_micros
from iwscore.services.following import climb_of
from iwscore.services.rungs import Climb

__all__ = ["MOST_CHANGES", "router"]

router = APIRouter(prefix="/v1/problems", tags=["problems"], dependencies=[Depends(requires("reader"))])

MOST_CHANGES = 5000


class RungsAsked(Asked):
    """What the ladder is asked with."""

    start: Annotated[Time | None, Field(alias="from", description="Changes from then on [default: all].")] = None
    end: Annotated[Time | None, Field(alias="to", description="Changes up to then [default: `at`].")] = None

    def span(self) -> tuple[datetime | None, datetime | None]:
        """Return from when to when changes are asked for."""
        start = None if self.start is None else instant(self.start, "from")
        end = None if self.end is None else instant(self.end, "to")
        return in_order(start, end)


class RungChange(BaseModel):
    """The ladder went from one rung to another."""

    at: datetime
    from_: Annotated[str, Field(alias="from")]
    to: str


class RungsAnswer(Envelope):
    """A ladder, its lowest rung first, and the way to the rung it stands on.

    ``since`` is when it last changed, null where it never has; ``changes`` has the latest 5,000 of the span.
    """

    problem: str
    subject: str
    adverse: list[str]
    coverage_floor: float | None
    blind_hold_days: float | None
    every_days: float | None
    rungs: list[Rung]
    rung: str | None
    since: datetime | None
    blind: bool
    blind_since: datetime | None
    changes: list[RungChange]
    truncated: bool


@router.get(
    "/{problem}/rungs", operation_id="rungs", summary="The warning ladder and its changes",
    response_model=RungsAnswer, openapi_extra={"x-role": "reader"},
)  # fmt: skip
def rungs(request: Request, problem: ProblemName, asked: Annotated[RungsAsked, Query()]) -> Response:
    """Answer on which rung the ladder stands, since when, and how it changed, each time as known then.

    Steps are those of the ladder, midnights unless it says otherwise, and `at` itself.
    """
    span = asked.span()
    with asking(request, asked.when(), asked.known()) as moment:
        foreseen(moment.at, moment.station.now())
        found = climb_of(moment.live, problem, asked.subject, at=moment.at, known_at=moment.known_at)
    return reply(request, moment, json_bytes(moment.envelope() | _said(found, *span)))


def _said(found: Climb, start: datetime | None, end: datetime | None) -> dict[str, Any]:
    """Return what the answer says of the ladder."""
    ladder, places, blind_since = found.problem.ladder, found.changes(), found.blind_since()
    since = from_micros(found.times[places[-1]]) if len(places) else None
    within = places[_within(found, places, start, end)]
    steps = ladder.rungs if ladder else ()
    return {
        "problem": found.problem.id,
        "subject": found.subject,
        "adverse": list(ladder.adverse) if ladder else [],
        "coverage_floor": ladder.coverage_floor if ladder else None,
        "blind_hold_days": ladder.blind_hold_days if ladder else None,
        "every_days": ladder.every_days if ladder else None,
        "rungs": [step.model_dump() for step in steps],
        "rung": steps[int(found.rung[-1])].id if ladder else None,
        "since": since,
        "blind": bool(found.blind[-1]),
        "blind_since": None if blind_since is None else from_micros(blind_since),
        "changes": [
            {
                "at": from_micros(found.times[place]),
                "from": steps[int(found.rung[place - 1]) if place else 0].id,
                "to": steps[int(found.rung[place])].id,
            }
            for place in within[-MOST_CHANGES:].tolist()
        ],
        "truncated": len(within) > MOST_CHANGES,
    }


def _within(found: Climb, places: Any, start: datetime | None, end: datetime | None) -> Any:
    """Return which of the changes lie in the span, as a mask."""
    times = found.times[places]
    held = np.ones(len(places), dtype=np.bool_)
    if start is not None:
        held &= times >= to_micros(start)
    if end is not None:
        held &= times <= to_micros(end)
    return held
