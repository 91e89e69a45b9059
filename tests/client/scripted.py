"""A server that answers as it is told to, over real connections: for what a sound service hardly ever does."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Thread
from typing import Any

import orjson
import uvicorn

from iwscore.client.connections import Connection
from tests.api.patience import joined


@dataclass
class Script:
    """Answers in order, each a status, headers and a body; where the body is None the connection breaks halfway."""

    answers: list[tuple[int, dict[str, str], bytes | None]]
    asked: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)
    url: str = ""
    pauses: list[float] = field(default_factory=list)
    made: list[Connection] = field(default_factory=list)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            return
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        place = scope["path"] + ("?" + scope["query_string"].decode() if scope["query_string"] else "")
        body = (await receive()).get("body", b"")
        self.asked.append((scope["method"], place, headers, body))
        status, more, content = self.answers.pop(0)
        raw = [(name.encode(), value.encode()) for name, value in more.items()]
        if content is None:
            raw.append((b"content-length", b"10"))
        await send({"type": "http.response.start", "status": status, "headers": raw})
        await send({"type": "http.response.body", "body": content or b"{"})

    def connection(self, **settings: Any) -> Connection:
        """Return a connection to it, whose pauses are noted and take no time."""
        made = Connection(self.url, "secret", pause=self.pauses.append, **settings)
        self.made.append(made)
        return made


@contextmanager
def listening(app: Any) -> Iterator[str]:
    """Serve an application on a free port; yield where. Whoever connects before it is up waits."""
    with socket.create_server(("127.0.0.1", 0)) as place:
        server = uvicorn.Server(uvicorn.Config(app, loop="uvloop", log_config=None, timeout_graceful_shutdown=1))
        thread = Thread(target=server.run, kwargs={"sockets": [place]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{place.getsockname()[1]}"
        finally:
            server.should_exit = True
            joined(thread)


@contextmanager
def scripted(*answers: tuple[int, dict[str, str], bytes | None]) -> Iterator[Script]:
    """Run a server that gives these answers, one a request."""
    script = Script(list(answers))
    with listening(script) as script.url:
        yield script
        for connection in script.made:
            connection.close()


def said(content: Any, status: int = 200, **headers: str) -> tuple[int, dict[str, str], bytes]:
    """Return an answer in JSON."""
    return status, {"content-type": "application/json"} | headers, orjson.dumps(content)


BREAK: tuple[int, dict[str, str], None] = (200, {}, None)
BUSY = said({"code": "IW410", "detail": "Try again."}, 503)
