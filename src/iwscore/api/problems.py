"""The problems of the catalog, and how things stand with each."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import BaseModel, Field

from iwscore.api.answers import Envelope, Moment, asking, json_bytes, reply
from iwscore.api.questions import Asked, Drawn, Name, Nothing, foreseen
from iwscore.api.readers import requires
from iwscore.domain.assessments import ScenarioLine
from iwscore.domain.problems import Expectation, Group, Ladder, Outcome, Scenario
from iwscore.domain.problems import Problem as Meant
from iwscore.services.questions import asks, find

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


class ProblemsAsked(Nothing):
    """Which problems are asked for."""

    subject: Annotated[Name | None, Field(description="Only those that watch this subject.")] = None


class ProblemLine(BaseModel):
    """A problem: what is asked, of whom, and by which signs.

    ``subjects`` are those watched, or any; ``reported`` those of them on which anything is reported that the reader
    may see.
    """

    id: str
    title: str
    question: str
    horizon: str
    subjects: list[str] | Literal["any"]
    reported: list[str]
    scenarios: list[Scenario]
    scale: str
    indicators: list[str]
    groups: list[Group]
    ladder: Ladder | None


class ProblemsAnswer(Envelope):
    """The problems of the catalog, by id."""

    problems: list[ProblemLine]


class ProblemAnswer(Envelope, ProblemLine):
    """A problem with what each sign would mean, and how its question has come out so far by the catalog."""

    expectations: list[Expectation]
    outcomes: list[Outcome]


@router.get(
    "", operation_id="problems", summary="The problems", response_model=ProblemsAnswer,
    openapi_extra={"x-role": "reader"},
)  # fmt: skip
def problems(request: Request, asked: Annotated[ProblemsAsked, Query()]) -> Response:
    """List the problems of the catalog in use, and the subjects that can be asked about."""
    with asking(request) as moment:
        catalog, reported = moment.catalog, moment.live.shelves.names
    found = [
        _line(one, reported)
        for one in catalog.problems.values()
        if asked.subject is None or asks(catalog, one.id, asked.subject)
    ]
    return reply(request, moment, json_bytes(moment.envelope() | {"problems": found}))


@router.get(
    "/{problem}", operation_id="problem", summary="One problem in full", response_model=ProblemAnswer,
    openapi_extra={"x-role": "reader"},
)  # fmt: skip
def one_problem(request: Request, problem: ProblemName, asked: Annotated[Nothing, Query()]) -> Response:
    """Answer what the catalog in use says of a problem."""
    with asking(request) as moment:
        found, reported = find(moment.catalog, problem), moment.live.shelves.names
    more = found.model_dump(mode="json", include={"expectations", "outcomes"})
    return reply(request, moment, json_bytes(moment.envelope() | _line(found, reported) | more))


def _line(problem: Meant, reported: tuple[str, ...]) -> dict[str, Any]:
    """Return what is listed of a problem."""
    watched = problem.subjects
    return problem.model_dump(mode="json", exclude={"expectations", "outcomes"}) | {
        "subjects": "any" if watched is None else list(watched),
        "reported": [name for name in reported if watched is None or name in watched],
        "indicators": [one.indicator for one in problem.expectations],
    }


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
