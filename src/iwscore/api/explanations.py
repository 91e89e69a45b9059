"""Explanations: why an answer is what it is, what it hangs on, and what has moved it since."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import Field

from iwscore.api.answers import Envelope, asking, json_bytes, reply
from iwscore.api.problems import ProblemName
from iwscore.api.questions import Asked, Time, foreseen, instant
from iwscore.api.readers import requires
from iwscore.api.readings import Readings
from iwscore.domain.assessments import Change, IndicatorPart, Linchpin, ScenarioSum
from iwscore.services import explain
from iwscore.services.following import in_force_of
from iwscore.services.questions import find

__all__ = ["router"]

router = APIRouter(prefix="/v1/problems", tags=["problems"], dependencies=[Depends(requires("reader"))])


class ExplanationAsked(Asked):
    """What an explanation is asked with."""

    since: Annotated[Time | None, Field(description="Also say what changed since then, as known then.")] = None


class ExplanationAnswer(Envelope):
    """The parts that add up to an answer, in nats: ``ln_likelihood = ln_prior + the parts + the balance``."""

    problem: str
    subject: str
    unit: str
    leader: str
    balance: float
    scenarios: list[ScenarioSum]
    indicators: list[IndicatorPart]
    linchpins: list[Linchpin]
    change: Change | None


@router.get(
    "/{problem}/explanation", operation_id="explanation", summary="The reasons of an assessment",
    response_model=ExplanationAnswer, openapi_extra={"x-role": "reader"},
)  # fmt: skip
def explanation(request: Request, problem: ProblemName, asked: Annotated[ExplanationAsked, Query()]) -> Response:
    """Answer what ``iwscore explain`` answers.

    It names single reports, and so reads the log: once for all that is seen at a ceiling, until more is.
    """
    readings: Readings = request.app.state.readings
    since = None if asked.since is None else instant(asked.since, "since")
    with asking(request, asked.when(), asked.known()) as moment:
        catalog, head = moment.catalog, moment.live.head.digest
        in_force = in_force_of(moment.live, moment.known_at)
    foreseen(moment.at, moment.station.now())
    find(catalog, problem)
    found = explain(
        catalog, readings.of(moment, head), problem=problem, subject=asked.subject, at=moment.at, since=since,
        known_at=moment.known_at, in_force=in_force,
    )  # fmt: skip
    return reply(request, moment, json_bytes(moment.envelope() | found.model_dump()))
