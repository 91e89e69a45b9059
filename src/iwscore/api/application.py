"""The application: the endpoints, and what stands before them.

Here belongs the order in which a request goes through. How a process is started belongs to ``server``.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI

from iwscore import __version__
from iwscore.api import (
    health,
    metrics,
    observations,
    problems,
    streams,
    trends,
)
from iwscore.api.caching import Cache
from iwscore.api.doors import Door
from iwscore.api.metrics import Sheets
from iwscore.api.publishers import Publishers
from iwscore.api.refusals import add_refusals
from iwscore.api.stations import Station
from iwscore.api.tallies import Tallied, Tallies

__all__ = ["make_app"]

ENDPOINTS = (
    problems,
    trends,
    streams,
    observations,
    metrics,
    health,
)


def make_app(station: Station, *, shared: Path | None = None) -> FastAPI:
    """Return the service of a station, which is opened with it and closed with it.

    ``shared`` is the folder in which several processes of one service add up their counts.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        station.open()
        try:
            yield
        finally:
            app.state.publishers.end()
            station.close()

    app = FastAPI(
        title="iwscore",
        version=__version__,
        summary="Indicators and warnings: explained scenario likelihoods, for what each reader may see.",
        openapi_url="/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
    )
    app.state.station, app.state.sheets = station, Sheets()
    app.state.publishers, app.state.tallies = Publishers(station), Tallies(shared)
    for each in ENDPOINTS:
        app.include_router(each.router)
    add_refusals(app)
    app.add_middleware(Cache, station=station)
    app.add_middleware(Door, station=station)
    app.add_middleware(Tallied, tallies=app.state.tallies, offered=app.openapi)
    return app
