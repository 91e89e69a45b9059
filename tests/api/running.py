"""A service that really listens: for streams, which need a connection, and for programs that are not ours."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Thread
from typing import Any

import httpx
import pytest
import uvicorn
import uvloop

from iwscore.api.application import make_app
from iwscore.api.connections import Guarded
from iwscore.api.readers import Reader
from iwscore.api.stations import Station
from iwscore.domain.catalogs import Catalog
from iwscore.store.logs import create_log, open_log
from tests.api.patience import joined
from tests.api.serving import CATALOG, READERS, bearer
from tests.store.drafting import Clock, record

_MOST_BEATS = 10


class Server(uvicorn.Server):
    """A server that ends its streams before it waits for them."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self.config.loaded_app.app.state.publishers.end()
        await super().shutdown(sockets)


@dataclass(frozen=True, slots=True)
class Running:
    """A service on a port of this machine; readers may be taken away from ``readers``."""

    url: str
    station: Station
    readers: dict[bytes, Reader]
    server: uvicorn.Server
    app: Any

    def record(self, *drafts: Any) -> None:
        """Record on behalf of whoever else writes to the log."""
        record(self.station.log, *drafts)

    @contextmanager
    def listening(self, path: str, ceiling: str = "red", has: str = "", **params: str) -> Iterator[Heard]:
        """Listen to a stream; what waits longer than ten seconds for an event is refused."""
        more = {"Last-Event-ID": has} if has else {}
        with httpx.Client(base_url=self.url, timeout=10, trust_env=False) as client:
            headers = bearer("reader", ceiling) | more
            with client.stream("GET", path, params=params, headers=headers) as answer:
                yield Heard(answer, answer.iter_lines())


@dataclass(frozen=True, slots=True)
class Heard:
    """A stream as it is heard."""

    answer: httpx.Response
    lines: Iterator[str]

    def block(self) -> dict[str, str]:
        """Return the next block of fields; a comment has the name ""."""
        fields: dict[str, str] = {}
        for line in self.lines:
            if not line and fields:
                return fields
            name, _, value = line.partition(":")
            fields[name] = value.removeprefix(" ")
        return fields

    def event(self) -> dict[str, str]:
        """Return the next event, passing over what is none; {} where the stream has ended."""
        for _ in range(_MOST_BEATS):
            block = self.block()
            if not block or "event" in block:
                return block
        pytest.fail(f"{_MOST_BEATS} beats came, and no event")

    def data(self) -> Any:
        """Return what the next event says."""
        return json.loads(self.event()["data"])


@contextmanager
def running(url: str, clock: Clock, *, catalog: Catalog = CATALOG, **settings: Any) -> Iterator[Running]:
    """Run the service on a new log at that place, on a port that is free."""
    create_log(url)
    readers = dict(READERS)
    with open_log(url, clock=clock) as log, socket.create_server(("127.0.0.1", 0)) as at:
        station = Station(log, catalog, lambda: readers, **settings)
        app = make_app(station)
        server = Server(uvicorn.Config(app, http=Guarded, log_config=None, lifespan="on"))
        thread = Thread(target=lambda: uvloop.run(server.serve(sockets=[at])), name="serving")
        thread.start()
        try:
            yield Running(f"http://127.0.0.1:{at.getsockname()[1]}", station, readers, server, app)
        finally:
            server.should_exit = True
            joined(thread)
