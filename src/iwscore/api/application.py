"""The application: the endpoints, and what stands before them.

Here belongs the order in which a request goes through. How a process is started belongs to ``server``.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext
from functools import cache
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware

from iwscore import __version__
from iwscore.api import (
    catalogs,
    changes,
    explanations,
    health,
    metrics,
    observations,
    problems,
    rungs,
    sign_ins,
    streams,
    trends,
    whatifs,
)
from iwscore.api.caching import Cache
from iwscore.api.documents import describe
from iwscore.api.doors import Door
from iwscore.api.journals import Journal
from iwscore.api.limits import Rules
from iwscore.api.metrics import Sheets
from iwscore.api.publishers import Publishers
from iwscore.api.readings import Readings
from iwscore.api.refusals import add_refusals
from iwscore.api.sign_ins import Redeem
from iwscore.api.stations import Station
from iwscore.api.tallies import Tallied, Tallies
from iwscore.api.turns import Leaving, Turns

__all__ = ["make_app"]

ENDPOINTS = (
    problems,
    trends,
    rungs,
    explanations,
    catalogs,
    streams,
    observations,
    changes,
    whatifs,
    metrics,
    health,
)
Beside = Callable[[Leaving], AbstractContextManager[object]]
_EXPOSED = ("ETag", "Retry-After", "X-Request-Id", "Iwscore-Catalog", "Iwscore-Log", "Iwscore-Ceiling", "Iwscore-At",
            "Iwscore-Known-At", "Iwscore-Stale", "Iwscore-Degraded")  # fmt: skip
_SENT = ("Authorization", "Content-Type", "Idempotency-Key", "If-None-Match", "Last-Event-ID", "X-Request-Id")

_SAID: dict[str, Any] = {
    "title": "iwscore",
    "version": __version__,
    "summary": "Indicators and warnings: explained scenario likelihoods, for what each reader may see.",
    "openapi_url": "/v1/openapi.json",
}


@cache
def _document() -> dict[str, Any]:
    """Return the OpenAPI document, which is the same for every station."""
    app = FastAPI(**_SAID)
    for each in ENDPOINTS:
        app.include_router(each.router)
    describe(app)
    return app.openapi()


class _Service(FastAPI):
    def openapi(self) -> dict[str, Any]:
        """Return the document that every service has."""
        return _document()


def make_app(
    station: Station,
    *,
    rules: Rules | None = None,
    journal: Journal | None = None,
    redeem: Redeem | None = None,
    beside: Beside = nullcontext,
    shared: Path | None = None,
) -> FastAPI:
    """Return the service of a station, which is opened with it and closed with it.

    ``journal`` takes a line for each request; ``redeem`` changes a sign-in code for a token, where browsers may sign
    in; ``beside`` is entered when the service starts, with what ends its streams, and left when it stops. ``shared`` is
    the folder in which several processes of one service add up their counts.
    """
    rules, leaving = rules or Rules(), Leaving()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        station.open()
        try:
            with beside(leaving):
                yield
        finally:
            app.state.publishers.end()
            station.close()
            if journal is not None:
                journal.flush()

    app = _Service(**_SAID, docs_url=None, redoc_url=None, redirect_slashes=False, lifespan=lifespan)
    app.state.station, app.state.sheets = station, Sheets()
    app.state.readings = Readings()
    app.state.publishers, app.state.tallies = Publishers(station), Tallies(shared)
    for each in ENDPOINTS:
        app.include_router(each.router)
    if redeem is not None:
        app.include_router(sign_ins.router_of(redeem, secure=rules.secure))
    add_refusals(app)
    app.add_middleware(Turns, rules=rules, leaving=leaving)
    app.add_middleware(Cache, station=station)
    tallied = Tallied(app.state.tallies, app.openapi)
    app.add_middleware(Door, station=station, rules=rules, journal=journal, tallied=tallied)
    if rules.origins:
        app.add_middleware(
            CORSMiddleware, allow_origins=rules.origins, allow_methods=("GET", "POST"), allow_headers=_SENT,
            expose_headers=_EXPOSED, max_age=600,
        )  # fmt: skip
    return app
