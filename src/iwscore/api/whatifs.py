"""What-ifs: how an assessment would change if observations nobody has made were on file. Nothing is written.

Here belongs the form of question and answer. Answering belongs to ``services.suppositions`` and ``services.scoring``.
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, Field

from iwscore.api.answers import Envelope, asking, json_bytes
from iwscore.api.bodies import Body, Strict, in_body
from iwscore.api.observations import Reported, said_of
from iwscore.api.problems import ProblemName
from iwscore.api.questions import Asked, Drawn, foreseen
from iwscore.api.readers import requires
from iwscore.domain.assessments import Assessment
from iwscore.domain.times import to_micros
from iwscore.errors import RowFaults
from iwscore.services.following import grounds
from iwscore.services.scoring import score
from iwscore.services.suppositions import NAME, suppose

__all__ = ["MOST_SUPPOSED", "router"]

router = APIRouter(
    prefix="/v1/problems", tags=["problems"], route_class=Strict, dependencies=[Depends(requires("reader"))]
)  # fmt: skip
MOST_SUPPOSED = 100


class WhatIfAsked(Asked, Drawn):
    """What a what-if is asked with, as an assessment is."""


class Supposing(Body):
    """Observations that nobody has made, known from ``known_at``, or now."""

    hypothetical: Annotated[list[Reported], Field(min_length=1, max_length=MOST_SUPPOSED)]


class Difference(BaseModel):
    """How much more there would be of each measure; null where the list cannot tell before or after."""

    id: str
    likelihood: float
    score: float | None
    against: float | None


class WhatIfAnswer(Envelope):
    """The assessment without and with what is supposed, and the difference by scenario."""

    problem: str
    subject: str
    before: Assessment
    after: Assessment
    difference: list[Difference]


@router.post(
    "/{problem}/what-if", operation_id="what_if", summary="The assessment if more had been reported",
    response_model=WhatIfAnswer, openapi_extra={"x-role": "reader"},
)  # fmt: skip
def what_if(
    request: Request, problem: ProblemName, asked: Annotated[WhatIfAsked, Query()], body: Supposing
) -> Response:
    """Answer with and without the hypothetical observations; they may lie ahead, but not after ``at``."""
    with asking(request, asked.when(), asked.known()) as moment:
        foreseen(moment.at, moment.station.now())
        ground = grounds(moment.live, problem, asked.subject, moment.known_at)
        now = moment.station.log.clock()
        known_from = now if moment.known_at is None else to_micros(moment.known_at)
        latest = max(now, to_micros(moment.at))
        try:
            seen = suppose(ground, said_of(body.hypothetical), now=latest, known_from=known_from)
        except RowFaults as refused:
            raise in_body(refused, NAME, rows=True) from None
        before, after = (
            score(
                ground.catalog, reports, problem=problem, subject=ground.subject, at=moment.at,
                known_at=moment.known_at, draws=asked.draws, seed=asked.seed,
            )
            for reports in (ground.reports, seen)
        )  # fmt: skip
    content: dict[str, Any] = {
        "problem": problem,
        "subject": ground.subject,
        "before": before.model_dump(),
        "after": after.model_dump(),
        "difference": _differences(before, after),
    }
    said = json_bytes(content | moment.envelope())
    return Response(said, headers={"Cache-Control": "no-store"}, media_type="application/json")


def _differences(before: Assessment, after: Assessment) -> list[dict[str, Any]]:
    return [
        {"id": then.id, **{name: _more(getattr(then, name), getattr(now, name)) for name in _MEASURES}}
        for then, now in zip(before.scenarios, after.scenarios, strict=True)
    ]


_MEASURES = ("likelihood", "score", "against")


def _more(before: float | None, after: float | None) -> float | None:
    return None if before is None or after is None else after - before
