"""Health: whether the process is alive and ready, for whoever runs it; no token is asked for, and no more is told."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from iwscore.api.answers import station_of
from iwscore.api.refusals import MEDIA_TYPE, Problem, problem

__all__ = ["router"]

router = APIRouter(tags=["operation"])


class Alive(BaseModel):
    """The process is alive."""

    status: Literal["ok"] = "ok"


class Ready(BaseModel):
    """The service answers; degraded, it does so from memory and takes no writes."""

    status: Literal["ok", "degraded"]


@router.get(
    "/healthz", operation_id="healthz", summary="Whether the process is alive", openapi_extra={"x-role": "none"}
)
def healthz() -> Alive:
    """Answer, and nothing else."""
    return Alive()


@router.get(
    "/readyz", operation_id="readyz", summary="Whether the service answers", response_model=Ready,
    openapi_extra={"x-role": "none"}, responses={503: {"model": Problem, "content": {MEDIA_TYPE: {}}}},
)  # fmt: skip
def readyz(request: Request) -> Ready | Response:
    """Answer whether the log is followed; where it cannot be reached, what was read before still answers."""
    station = station_of(request)
    if not station.follows:
        name = request.scope.get("request_id", "")
        return problem(503, "", "The log is not followed.", request=name, headers={"Retry-After": "1"})
    return Ready(status="degraded" if station.stamped("").degraded else "ok")
