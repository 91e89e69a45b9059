"""Observations: the log over HTTP, written to and read entry by entry.

Here belongs the form of what is sent and answered. Recording belongs to ``services.submissions`` and
``services.recording``, what a ceiling may see of the log to ``services.views``.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field

from iwscore.api.answers import Envelope, asking, json_bytes, station_of
from iwscore.api.bodies import Body, Key, Strict, in_body, refuse_read_only, request_of
from iwscore.api.entries import EntryLine, entry_line
from iwscore.api.readers import reader_of, requires
from iwscore.errors import DraftFaults, Refusal, RowFaults
from iwscore.services.recording import Desk
from iwscore.services.submissions import submit

__all__ = ["MOST_SENT", "Said", "desk_of", "router", "said_of"]

router = APIRouter(prefix="/v1/observations", tags=["observations"], route_class=Strict)
MOST_SENT = 1000
_REASON = "recorded over HTTP"
_WRITES = [Depends(requires("analyst")), Depends(refuse_read_only)]
Text = Annotated[str, Field(max_length=100_000)]
Name = Annotated[str, Field(max_length=1000)]
Time = Annotated[str, Field(max_length=60, examples=["2022-10-04T00:00:00Z"])]


class Said(Body):
    """What one source reported: the columns of a file of observations. Either a level or a value is given."""

    observed_at: Time
    indicator: Annotated[Name, Field(examples=["foreign-troops-present"])]
    source: Annotated[Name, Field(examples=["khrenin"])]
    grade: Annotated[Name, Field(examples=["B2"])]
    level: Annotated[Name | None, Field(examples=["reinforced"])] = None
    value: float | None = None
    subject: Annotated[Name | None, Field(description="May be left out where the catalog names one only.")] = None
    origin: Name | None = None
    reported_at: Time | None = None
    external_id: Annotated[Name | None, Field(description="Your own name for it; one stands for one report.")] = None
    note: Text | None = None
    url: Text | None = None
    marking: Annotated[Name | None, Field(description="TLP 2.0; amber where left out.")] = None


class Sending(Body):
    """Observations to be recorded, all or none. A single one is a list of one."""

    observations: Annotated[list[Said], Field(min_length=1, max_length=MOST_SENT)]
    reason: Annotated[str, Field(min_length=1, max_length=1000, description="Why they are recorded.")] = _REASON


class SentAnswer(Envelope):
    """What is on file of each observation, in the order of sending; how many were added, and how many were there."""

    added: int
    repeated: int
    entries: list[EntryLine]


def said_of(rows: list[Said]) -> list[dict[str, str | float]]:
    """Return the cells that are given, by column."""
    return [row.model_dump(exclude_none=True) for row in rows]


def desk_of(request: Request) -> Desk:
    """Return where the asker writes: in their own name, and up to their ceiling."""
    station, reader = station_of(request), reader_of(request)
    return Desk(station.log, station.catalog, reader.name, reader.ceiling)


@router.post(
    "", operation_id="record", summary="Record observations, all or none", status_code=201,
    response_model=SentAnswer, openapi_extra={"x-role": "analyst"}, dependencies=_WRITES,
)  # fmt: skip
def record(request: Request, body: Sending, key: Key = None) -> Response:
    """Record what sources said; answers 201, or 200 where all of it was on file."""
    try:
        done = submit(
            desk_of(request), said_of(body.observations), reason=body.reason, request=request_of(request, key, body)
        )
    except (RowFaults, DraftFaults) as refused:
        raise in_body(refused, "observations") from None
    content = {"added": done.added, "repeated": done.repeated, "entries": [entry_line(one) for one in done.entries]}
    return _written(request, content, added=bool(done.added), at=done.entries[0].id if len(done.entries) == 1 else "")


def _written(request: Request, content: dict[str, Any], *, added: bool, at: str = "") -> Response:
    """Return what was written; the station has it before the writer asks again."""
    with suppress(Refusal):  # it is written, whether or not the log can be read just now
        station_of(request).follow()
    with asking(request) as moment:
        said = json_bytes(content | moment.envelope())
    headers = {"Cache-Control": "no-store"} | ({"Location": f"/v1/observations/{at}"} if at else {})
    return Response(said, 201 if added else 200, headers=headers, media_type="application/json")
