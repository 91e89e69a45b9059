"""Observations: the log over HTTP, written to and read entry by entry.

Here belongs the form of what is sent and answered. Recording belongs to ``services.submissions`` and
``services.recording``, what a ceiling may see of the log to ``services.views``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from iwscore.api.answers import Envelope, Moment, asking, json_bytes, reply, station_of
from iwscore.api.bodies import Body, Key, Strict, in_body, refuse_read_only, request_of
from iwscore.api.cursors import strange
from iwscore.api.entries import EntryLine, entry_line
from iwscore.api.questions import instant
from iwscore.api.readers import reader_of, requires
from iwscore.domain.times import from_micros, to_micros
from iwscore.errors import DraftFaults, QuestionError, Refusal, RowFaults
from iwscore.services.finding import Found, find_report, find_reports
from iwscore.services.recording import Desk, Prepared, prepare_correction, prepare_retraction, write
from iwscore.services.submissions import submit
from iwscore.store.logs import receipt_of
from iwscore.store.searching import SEARCHED, Search

__all__ = ["MOST_SENT", "MOST_SHOWN", "Reported", "Said", "desk_of", "kept_reply", "known_cursor", "router", "said_of"]

router = APIRouter(prefix="/v1/observations", tags=["observations"], route_class=Strict)
Marking = Literal["clear", "green", "amber", "amber+strict", "red"]
MOST_SENT = MOST_SHOWN = 1000
_REASON = "recorded over HTTP"
_WRITES = [Depends(requires("analyst")), Depends(refuse_read_only)]
Text = Annotated[str, Field(max_length=100_000)]
Name = Annotated[str, Field(max_length=1000)]
Why = Annotated[str, Field(min_length=1, max_length=1000, examples=["misread"])]
EntryName = Annotated[str, Path(max_length=200, description="The entry's id.", examples=["0" * 32])]
Time = Annotated[str, Field(max_length=60, examples=["2022-10-04T00:00:00Z"])]


class Reported(Body):
    """What one source reports: the columns of a file of observations. Either a level or a value is given."""

    observed_at: Time
    indicator: Annotated[Name, Field(examples=["foreign-troops-present"])]
    source: Annotated[Name, Field(examples=["khrenin"])]
    grade: Annotated[Name, Field(examples=["B2"])]
    level: Annotated[Name | None, Field(examples=["reinforced"])] = None
    value: float | None = None
    subject: Annotated[Name | None, Field(description="May be left out where the catalog names one only.")] = None
    origin: Name | None = None
    reported_at: Time | None = None
    note: Text | None = None
    url: Text | None = None
    marking: Annotated[Name | None, Field(description="TLP 2.0; amber where left out.")] = None


class Said(Reported):
    """An observation to be recorded."""

    external_id: Annotated[Name | None, Field(description="Your own name for it; one stands for one report.")] = None


class Sending(Body):
    """Observations to be recorded, all or none. A single one is a list of one."""

    observations: Annotated[list[Said], Field(min_length=1, max_length=MOST_SENT)]
    reason: Annotated[str, Field(min_length=1, max_length=1000, description="Why they are recorded.")] = _REASON


class Changed(Body):
    """What is to be said instead: the columns that change; a text "" takes one away."""

    observed_at: Time | None = None
    indicator: Name | None = None
    source: Name | None = None
    grade: Name | None = None
    level: Annotated[Name | None, Field(description="Takes the place of a value.")] = None
    value: Annotated[float | None, Field(description="Takes the place of a level.")] = None
    subject: Name | None = None
    origin: Name | None = None
    reported_at: Time | None = None
    external_id: Annotated[Name | None, Field(description="A name of the correction's own.")] = None
    note: Text | None = None
    url: Text | None = None
    marking: Name | None = None


class Correcting(Body):
    """Another word in the place of a report, which stays on file."""

    changes: Changed
    reason: Why


class Retracting(Body):
    """That a report, with all its corrections, is not to be counted any more."""

    reason: Why
    marking: Annotated[
        Marking | None, Field(description="How widely the reason may be shown; amber where left out, or the ceiling.")
    ] = None


class Searched(BaseModel):
    """Which reports are asked for; a name that is not listed here is refused."""

    model_config = ConfigDict(extra="forbid")

    subject: Name | None = None
    indicator: Name | None = None
    source: Name | None = None
    origin: Name | None = None
    level: Name | None = None
    author: Name | None = None
    external_id: Name | None = None
    since: Annotated[Time | None, Field(description="Recorded then or later.")] = None
    until: Annotated[Time | None, Field(description="Recorded then or earlier; a bare date is the end of it.")] = None
    cursor: Annotated[str | None, Field(max_length=200, description="The ``next`` of an earlier answer.")] = None
    limit: Annotated[int, Field(ge=1, le=MOST_SHOWN)] = 100

    def search(self) -> Search:
        """Return what is to be searched for."""
        texts = {name: text for name in SEARCHED if (text := getattr(self, name)) is not None}
        since = None if self.since is None else to_micros(instant(self.since, "since"))
        until = None if self.until is None else to_micros(instant(self.until, "until", end_of_day=True))
        return Search(texts, since, until)


class ReportLine(EntryLine):
    """A report; it stands, or ``withdrawn`` says since when it is corrected or retracted. A retraction never stands."""

    standing: bool
    withdrawn: datetime | None


class ReportsAnswer(Envelope):
    """Reports, newest first; ``next`` asks for those before, null where there are none."""

    observations: list[ReportLine]
    next: str | None


class ReportAnswer(Envelope):
    """A report, and its chain in the order of recording, itself among it: what it corrects, and what corrects it."""

    observation: ReportLine
    chain: list[ReportLine]


class SentAnswer(Envelope):
    """What is on file of each observation, in the order of sending; how many were added, and how many were there."""

    added: int
    repeated: int
    entries: list[EntryLine]


_THERE: dict[int | str, dict[str, Any]] = {200: {"model": SentAnswer, "description": "All of it was on file."}}


def said_of(rows: Sequence[Reported]) -> list[dict[str, str | float]]:
    """Return the cells that are given, by column."""
    return [row.model_dump(exclude_none=True) for row in rows]


def desk_of(request: Request) -> Desk:
    """Return where the asker writes: in their own name, and up to their ceiling."""
    station, reader = station_of(request), reader_of(request)
    return Desk(station.log, station.catalog, reader.name, reader.ceiling)


@router.post(
    "", operation_id="record", summary="Record observations, all or none", status_code=201,
    response_model=SentAnswer, openapi_extra={"x-role": "analyst"}, dependencies=_WRITES,
    responses=_THERE,
)  # fmt: skip
def record(request: Request, body: Sending, key: Key = None) -> Response:
    """Record what sources said; answers 201, or 200 where all of it was on file."""
    try:
        done = submit(
            desk_of(request), said_of(body.observations), reason=body.reason, request=request_of(request, key, body)
        )
    except (RowFaults, DraftFaults) as refused:
        raise in_body(refused, "observations", rows=True) from None
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


@router.get(
    "", operation_id="observations", summary="Reports, newest first", response_model=ReportsAnswer,
    openapi_extra={"x-role": "reader"}, dependencies=[Depends(requires("reader"))],
)  # fmt: skip
def observations(request: Request, asked: Annotated[Searched, Query()]) -> Response:
    """Answer the reports that say all of what is asked for."""
    wanted = asked.search()
    with asking(request) as moment:
        head = moment.live.head.entries
    with known_cursor():
        page = find_reports(
            moment.station.log, moment.live, wanted, after=asked.cursor, limit=asked.limit + 1, head=head
        )  # fmt: skip
    shown = page[: asked.limit]
    content = {
        "observations": [_report_line(one) for one in shown],
        "next": shown[-1].entry.id if len(page) > len(shown) else None,
    }
    return kept_reply(request, moment, json_bytes(content | moment.envelope()))


@router.get(
    "/{id}", operation_id="observation", summary="A report, with its chain", response_model=ReportAnswer,
    openapi_extra={"x-role": "reader"}, dependencies=[Depends(requires("reader"))],
)  # fmt: skip
def observation(request: Request, id: EntryName) -> Response:
    """Answer all that a report says, and what has become of it."""
    with asking(request) as moment:
        pass
    found, *chain = map(_report_line, find_report(moment.station.log, moment.live, id))
    content = {"observation": found, "chain": chain}
    return kept_reply(request, moment, json_bytes(content | moment.envelope()))


@router.post(
    "/{id}/correction", operation_id="correct", summary="Replace a report whole", status_code=201,
    response_model=SentAnswer, openapi_extra={"x-role": "analyst"}, dependencies=_WRITES,
    responses=_THERE,
)  # fmt: skip
def correct(request: Request, id: EntryName, body: Correcting, key: Key = None) -> Response:
    """Record what stands of a report with these columns changed, as ``iwscore correct`` does."""
    changed = body.changes.model_dump(exclude_none=True)
    cells = {name: repr(cell) if isinstance(cell, float) else cell for name, cell in changed.items()}
    return _amend(request, id, body, key, lambda desk: prepare_correction(desk, id, cells, reason=body.reason))


@router.post(
    "/{id}/retraction", operation_id="retract", summary="Withdraw a report", status_code=201,
    response_model=SentAnswer, openapi_extra={"x-role": "analyst"}, dependencies=_WRITES,
    responses=_THERE,
)  # fmt: skip
def retract(request: Request, id: EntryName, body: Retracting, key: Key = None) -> Response:
    """Withdraw a report with all its corrections, as ``iwscore retract`` does."""
    return _amend(
        request,
        id,
        body,
        key,
        lambda desk: prepare_retraction(desk, id, reason=body.reason, marking=body.marking or ""),
    )


def kept_reply(request: Request, moment: Moment, content: bytes) -> Response:
    """Return what was read from the log as an answer that may be kept, unless more is seen by now.

    What is seen decides, not the log's head: else a missing tag would tell of each write that is hidden.
    """
    moment.live.follow()
    if moment.live.seen == moment.stamp.seen:
        return reply(request, moment, content)
    return Response(content, headers={"Cache-Control": "no-store"}, media_type="application/json")


@contextmanager
def known_cursor() -> Iterator[None]:
    """Refuse a cursor that no entry has which may be shown, as one that was never given out."""
    try:
        yield
    except QuestionError as refused:
        raise strange() if refused.code == "IW530" else refused from None


def _amend(
    request: Request,
    id: str,
    body: Correcting | Retracting,
    key: str | None,
    prepare: Callable[[Desk], Prepared],
) -> Response:
    """Write what changes a report, unless it was asked before; a report that is not shown is none."""
    desk, asked = desk_of(request), request_of(request, key, body)
    live = station_of(request).live(desk.ceiling)
    find_report(desk.log, live, id)
    before = receipt_of(desk.log, desk.author, asked) if asked else None
    try:
        if before is None or before.first is None:
            done = write(desk, prepare(desk), reason=body.reason, request=asked)
            added, entries = done.added, desk.log.entries(ids=[done.id])
        else:
            added, entries = before.entries, desk.log.entries(after=before.first - 1, limit=1)
    except (RowFaults, DraftFaults) as refused:
        raise in_body(refused, "changes") from None
    content = {"added": added, "repeated": 1 - added, "entries": [entry_line(one) for one in entries]}
    return _written(request, content, added=bool(added), at=entries[0].id if entries else "")


def _report_line(found: Found) -> dict[str, Any]:
    standing = found.until is None and found.entry.kind != "retraction"
    withdrawn = None if found.until is None else from_micros(found.until)
    return entry_line(found.entry) | {"target": found.target, "standing": standing, "withdrawn": withdrawn}
