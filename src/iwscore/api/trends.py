"""Trends: how the likelihoods moved, page by page, as JSON, CSV, Arrow or a chart."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, Field

from iwscore.api.answers import Envelope, Moment, asking, json_bytes, reply
from iwscore.api.cursors import LENGTH, Place, cursor_of, next_link, place_in, strange
from iwscore.api.media import ARROW, CSV, JSON, VEGA, chosen
from iwscore.api.problems import ProblemName
from iwscore.api.questions import Drawn, Name, Time, Watched, foreseen, instant
from iwscore.api.readers import requires
from iwscore.domain.assessments import Trend
from iwscore.domain.times import DAY, from_micros, to_micros
from iwscore.errors import QuestionError
from iwscore.render import trend_chart, trend_content, trend_csv
from iwscore.render.arrows import trend_arrow
from iwscore.services.questions import find
from iwscore.services.trends import only, times_between

__all__ = ["MOST_TIMES", "router"]

router = APIRouter(prefix="/v1/problems", tags=["problems"], dependencies=[Depends(requires("reader"))])

MOST_TIMES = 5000  # on a page
_DRAWN = 1_000_000  # draws and times of a page, multiplied: they are what bands cost
_FORMS = (JSON, CSV, ARROW, VEGA)


class TrendAsked(Watched, Drawn):
    """What a trend is asked with."""

    start: Annotated[
        Time | None, Field(alias="from", description="First time [default: the first day with a report].")
    ] = None
    end: Annotated[Time | None, Field(alias="to", description="Last time, inclusive [default: now].")] = None
    step: Annotated[
        str, Field(max_length=20, description="Counted from `from`: a number and min, h, d, w, mo or y.")
    ] = "1d"
    vintage: Annotated[bool, Field(description="Each time as known then, by the catalog in force then.")] = False
    bands: Annotated[bool, Field(description="Say between what ends each likelihood may lie.")] = False
    scenario: Annotated[list[Name] | None, Field(max_length=100, description="Only these; may be repeated.")] = None
    limit: Annotated[int, Field(ge=1, le=MOST_TIMES, description="At most so many times on a page.")] = MOST_TIMES
    cursor: Annotated[
        str | None, Field(max_length=LENGTH, description="The next page, as `next` of the one before names it.")
    ] = None

    def times(self) -> int:
        """Return how many times a page may have; bands of many draws take more work, and leave fewer."""
        return max(min(self.limit, _DRAWN // max(self.drawn(), 1)), 1)

    def drawn(self) -> int:
        """Return how many draws are asked for, 0 where bands are not."""
        return self.draws if self.bands else 0


class TrendRow(BaseModel):
    """What is known of one scenario at one time."""

    at: datetime
    subject: str
    scenario: str
    likelihood: float
    score: float | None
    against: float | None
    coverage: float | None
    rung: str | None
    low: float | None = None
    high: float | None = None


class CatalogSince(BaseModel):
    """Since when which catalog answers."""

    since: datetime
    catalog: str


class TrendAnswer(Envelope):
    """How the likelihoods moved; ``next`` is the cursor of the page after this one."""

    problem: str
    subject: str
    vintage: bool
    catalogs: list[CatalogSince] | None = None
    rows: list[TrendRow]
    truncated: bool
    next: str | None


@dataclass(frozen=True, slots=True)
class Page:
    """A stretch of a grid of times, and the cursor of the one behind it."""

    place: Place
    stretch: slice
    next: str | None


@router.get(
    "/{problem}/trend", operation_id="trend", summary="The trend, page by page", response_model=TrendAnswer,
    responses={200: {"content": {form: {} for form in _FORMS}}}, openapi_extra={"x-role": "reader"},
)  # fmt: skip
def trend(request: Request, problem: ProblemName, asked: Annotated[TrendAsked, Query()]) -> Response:
    """Answer what ``iwscore trend`` answers, in the form that ``Accept`` asks for.

    A page has at most 5,000 times; with bands, so many that times and draws multiplied are a million at most.
    """
    form = chosen(request.headers.get("accept", ""), _FORMS)
    place = None if asked.cursor is None else place_in(request, asked.cursor)
    with asking(request, _end(asked, place), asked.known()) as moment:
        about = find(moment.catalog, problem)
        page = _page(request, moment, asked, place)
        found = moment.live.trend(
            problem, asked.subject, start=from_micros(page.place.start), end=from_micros(page.place.end),
            step=asked.step, known_at=moment.known_at, vintage=asked.vintage, draws=asked.drawn(), seed=asked.seed,
            page=page.stretch, marked=form == VEGA,
        )  # fmt: skip
    if asked.scenario:
        found = only(found, asked.scenario)
    answer = reply(request, moment, _body(moment, page, found, form, title=about.title), form)
    answer.headers["Iwscore-Truncated"] = "false" if page.next is None else "true"
    if page.next is not None:
        answer.headers["Link"] = next_link(request, page.next)
    return answer


def _body(moment: Moment, page: Page, found: Trend, form: str, *, title: str) -> bytes:
    """Return a page of a trend in that form."""
    if form == CSV:
        return trend_csv(found).encode()
    if form == VEGA:
        return json_bytes(trend_chart(found, title=title))
    said: dict[str, Any] = {"truncated": page.next is not None, "next": page.next}
    if form == ARROW:
        named = {"problem": found.problem, "vintage": found.vintage, "catalog": found.catalog}
        return trend_arrow(found, {"iwscore": json_bytes(moment.envelope() | named | said).decode()})
    return json_bytes(moment.envelope() | trend_content(found) | said)


def _end(asked: TrendAsked, place: Place | None) -> datetime | None:
    """Return the last time of the whole trend, None for the present."""
    if place is not None:
        return _calendar(place.end)
    return None if asked.end is None else instant(asked.end, "to")


def _page(request: Request, moment: Moment, asked: TrendAsked, place: Place | None) -> Page:
    """Return which of the times are asked for."""
    foreseen(moment.at, moment.station.now())
    first = place or Place(0, to_micros(_start(asked, moment)), to_micros(moment.at))
    count = len(times_between(_calendar(first.start), moment.at, asked.step))
    if first.number >= count:
        raise strange()
    behind = first.number + asked.times()
    after = None if behind >= count else cursor_of(request, Place(behind, first.start, first.end))
    return Page(first, slice(first.number, behind), after)


def _start(asked: TrendAsked, moment: Moment) -> datetime:
    """Return the first time of the whole trend; left out, the midnight before the first report."""
    if asked.start is not None:
        return instant(asked.start, "from")
    first = moment.live.shelves.first
    if first is None:
        raise QuestionError(
            "IW508", "no from", None, "where nothing is reported there is no first time", "Give from and to."
        )
    return from_micros(first - first % DAY)


def _calendar(micros: int) -> datetime:
    """Return a time that a cursor holds."""
    try:
        return from_micros(micros)
    except OverflowError:
        raise strange() from None
