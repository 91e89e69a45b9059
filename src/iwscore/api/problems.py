"""The problems of the catalog, and how things stand with each."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from iwscore.api.answers import Envelope, Moment, asking, json_bytes, reply
from iwscore.api.questions import Asked, Drawn, foreseen
from iwscore.api.readers import requires
from iwscore.domain.assessments import ScenarioLine

__all__ = ["AssessmentAsked", "ProblemName", "assessed", "router"]

router = APIRouter(prefix="/v1/problems", tags=["problems"], dependencies=[Depends(requires("reader"))])
ProblemName = Annotated[str, Path(max_length=200, description="The problem's id.", examples=["northern-front"])]


class AssessmentAsked(Asked, Drawn):
    """What an assessment is asked with."""


class AssessmentAnswer(Envelope):
    """How likely each scenario is, and what that rests on."""

    problem: str
    subject: str
    observations: int
    unplaced: int
    coverage: float | None
    rung: str | None
    flags: list[str]
    scenarios: list[ScenarioLine]


@router.get(
    "/{problem}/assessment", operation_id="assessment", summary="The assessment at one time",
    response_model=AssessmentAnswer, openapi_extra={"x-role": "reader"},
)  # fmt: skip
def assessment(request: Request, problem: ProblemName, asked: Annotated[AssessmentAsked, Query()]) -> Response:
    """Answer what ``iwscore score`` answers."""
    with asking(request, asked.when(), asked.known()) as moment:
        foreseen(moment.at, moment.station.now())
        content = assessed(moment, problem, asked)
    return reply(request, moment, json_bytes(content))


def assessed(moment: Moment, problem: str, asked: AssessmentAsked) -> dict[str, Any]:
    """Return what an assessment answers."""
    found = moment.live.score(
        problem, asked.subject, at=moment.at, known_at=moment.known_at, draws=asked.draws, seed=asked.seed
    )
    return found.model_dump() | moment.envelope()
