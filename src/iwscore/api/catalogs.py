"""The catalog in use: its signs, its register of sources, and all of it under its digest."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, Field

from iwscore import __version__
from iwscore.api.answers import Envelope, asking, json_bytes, reply
from iwscore.api.questions import Name, Nothing
from iwscore.api.readers import requires
from iwscore.domain.catalogs import Catalog, Waiver
from iwscore.domain.grades import RELIABILITIES, TrustTable
from iwscore.domain.indicators import Category, Measure, Status
from iwscore.domain.problems import Problem
from iwscore.domain.sources import Source
from iwscore.services.following import in_force_of

__all__ = ["router"]

router = APIRouter(prefix="/v1", tags=["catalog"], dependencies=[Depends(requires("reader"))])


class Sign(BaseModel):
    """An indicator; ``half_life_days`` has one entry a level, null where evidence never fades."""

    id: str
    title: str
    category: Category | None
    levels: list[str]
    half_life_days: list[float | None]
    measure: Measure | None
    common_error: float
    description: str
    collect: str
    references: list[str]
    status: Status
    owner: str
    review_by: date | None


class IndicatorLine(Sign):
    """An indicator, and the problems that expect anything of it."""

    problems: list[str]


class IndicatorsAsked(Nothing):
    """Which indicators are asked for."""

    category: Annotated[Category | None, Field(description="Only those of this category.")] = None
    status: Annotated[Status | None, Field(description="Only those of this status.")] = None
    problem: Annotated[Name | None, Field(description="Only those that this problem expects anything of.")] = None


class IndicatorsAnswer(Envelope):
    """The indicators of the catalog, by id."""

    indicators: list[IndicatorLine]


class Letter(BaseModel):
    """From ``since`` on, by the time of observation, reports of the source without a letter have this one."""

    since: datetime
    reliability: str
    reason: str


class NewLetter(BaseModel):
    """Once this is known, all reports of the source have this letter."""

    known_from: datetime
    reliability: str
    reason: str


class SourceLine(BaseModel):
    """An entry of the register; ``ends_in`` is the end of its chain of origins."""

    id: str
    title: str
    kind: str
    party: str
    origin: str | None
    ends_in: str
    grades: list[Letter]
    regraded: list[NewLetter]


class SourcesAsked(Nothing):
    """Which sources are asked for."""

    party: Annotated[Name | None, Field(description="Only those on this side.")] = None
    kind: Annotated[Name | None, Field(description="Only those of this kind.")] = None
    origin: Annotated[Name | None, Field(description="Only those who have it from this one in the end.")] = None


class SourcesAnswer(Envelope):
    """The register of sources, by id."""

    sources: list[SourceLine]


class Since(BaseModel):
    """Since when which catalog is in force by the log."""

    since: datetime
    catalog: str


class Content(BaseModel):
    """The catalog itself; letters of grades are numbers, 0 to 6 for A to G."""

    indicators: dict[str, Sign]
    problems: dict[str, Problem]
    sources: dict[str, Source]
    trust: TrustTable
    waivers: list[Waiver]


class CatalogAnswer(Envelope):
    """The catalog in use, how many findings it has, and which ones the log has put in force."""

    digest: str
    version: str
    findings: int
    in_force: list[Since]
    content: Content


@router.get(
    "/indicators", operation_id="indicators", summary="The indicators", response_model=IndicatorsAnswer,
    openapi_extra={"x-role": "reader"},
)  # fmt: skip
def indicators(request: Request, asked: Annotated[IndicatorsAsked, Query()]) -> Response:
    """List the observable signs of the catalog in use."""
    with asking(request) as moment:
        catalog = moment.catalog
    wanted = asked.model_dump(include={"category", "status"}, exclude_none=True)
    expecting = _expecting(catalog)
    lines = [
        one.model_dump(mode="json") | {"problems": expecting.get(name, [])}
        for name, one in catalog.indicators.items()
        if _has(one, wanted) and (asked.problem is None or asked.problem in expecting.get(name, []))
    ]
    return reply(request, moment, json_bytes(moment.envelope() | {"indicators": lines}))


@router.get(
    "/sources", operation_id="sources", summary="The register of sources", response_model=SourcesAnswer,
    openapi_extra={"x-role": "reader"},
)  # fmt: skip
def sources(request: Request, asked: Annotated[SourcesAsked, Query()]) -> Response:
    """List who tells us, who they have it from, and how far they are believed since when."""
    with asking(request) as moment:
        catalog = moment.catalog
    wanted = asked.model_dump(include={"party", "kind"}, exclude_none=True)
    lines = [
        _lettered(one) | {"ends_in": catalog.origins[name]}
        for name, one in catalog.sources.items()
        if _has(one, wanted) and (asked.origin is None or asked.origin == catalog.origins[name])
    ]
    return reply(request, moment, json_bytes(moment.envelope() | {"sources": lines}))


@router.get(
    "/catalog", operation_id="catalog", summary="The catalog in use", response_model=CatalogAnswer,
    openapi_extra={"x-role": "reader"},
)  # fmt: skip
def whole(request: Request, asked: Annotated[Nothing, Query()]) -> Response:
    """Answer the whole catalog in use, its digest, and the catalogs that the log has put in force."""
    with asking(request) as moment:
        catalog, in_force = moment.catalog, in_force_of(moment.live)
    content = {
        "digest": catalog.digest,
        "version": __version__,
        "findings": moment.station.findings,
        "in_force": [{"since": since, "catalog": digest} for since, digest in in_force.named()],
        "content": catalog.model_dump(mode="json"),
    }
    return reply(request, moment, json_bytes(moment.envelope() | content))


def _has(thing: BaseModel, wanted: dict[str, str]) -> bool:
    return all(getattr(thing, name) == value for name, value in wanted.items())


def _expecting(catalog: Catalog) -> dict[str, list[str]]:
    """Return for each indicator the problems that expect anything of it."""
    found: dict[str, list[str]] = {}
    for problem in catalog.problems.values():
        for one in problem.expectations:
            found.setdefault(one.indicator, []).append(problem.id)
    return found


def _lettered(source: Source) -> dict[str, Any]:
    """Return an entry of the register with its letters as people write them."""
    content = source.model_dump(mode="json")
    for row in (*content["grades"], *content["regraded"]):
        row["reliability"] = RELIABILITIES[row["reliability"]]
    return content
