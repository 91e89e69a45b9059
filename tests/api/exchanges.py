"""One request and its answer as bytes, straight into the application: nothing is unpacked, and a stream may be left."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

import orjson

from tests.api.patience import in_time
from tests.api.serving import Served, bearer

METHODS = ("get", "put", "post", "delete", "patch")
NAMES = {"problem": "northern-front"}  # what stands for a part of a path; an entry that is not there otherwise


@dataclass(frozen=True, slots=True)
class Exchange:
    """An answer as it was sent, but for the id of the request."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str:
        """Return a header, "" where there is none."""
        return dict(self.headers).get(name, "")


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation of the OpenAPI document."""

    method: str
    path: str
    said: dict[str, Any]

    @property
    def id(self) -> str:
        """What it is called."""
        return str(self.said["operationId"])

    def place(self, **names: str) -> str:
        """Return its path with these names in it."""
        parts = self.path.replace("}", "{").split("{")
        known = NAMES | names
        return "".join(quote(known.get(part, "0" * 32), safe="") if n % 2 else part for n, part in enumerate(parts))


def operations(document: dict[str, Any]) -> Iterator[Operation]:
    """Yield the operations of an OpenAPI document."""
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                yield Operation(method.upper(), path, item[method])


def exchange(
    served: Served,
    method: str,
    path: str,
    *,
    who: tuple[str, str] | None = ("reader", "red"),
    body: Any = None,
    **headers: str,
) -> Exchange:
    """Ask, and leave once the answer is whole or an event has come; ``who`` is role and ceiling, None nobody."""
    told = {"accept": "*/*"} | {name.replace("_", "-"): text for name, text in headers.items()}
    told |= {} if who is None else {"authorization": bearer(*who)["Authorization"]}
    content = b"" if body is None else orjson.dumps(body)
    if content:
        told |= {"content-type": "application/json", "content-length": str(len(content))}
    place, _, query = path.partition("?")
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "scheme": "http", "method": method,
        "path": place, "raw_path": place.encode(), "root_path": "", "query_string": query.encode(),
        "headers": [(name.encode(), text.encode()) for name, text in told.items()],
        "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 2), "state": {},
    }  # fmt: skip
    found: Exchange = served.client.portal.call(_exchange, served.client.app, scope, content)  # type: ignore[union-attr]
    return found


def asked(path: str, **params: Any) -> str:
    """Return a path with its query."""
    return f"{path}?{urlencode(params, doseq=True)}" if params else path


async def _exchange(app: Any, scope: Any, content: bytes) -> Exchange:
    sent: list[dict[str, Any]] = []
    done, unread = asyncio.Event(), [content]

    async def receive() -> dict[str, Any]:
        if unread:
            return {"type": "http.request", "body": unread.pop(), "more_body": False}
        await done.wait()
        return {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)
        if b"data:" in message.get("body", b"") or (message["type"].endswith("body") and not message.get("more_body")):
            done.set()

    await in_time(app(scope, receive, send), f"{scope['method']} {scope['path']} is answered")
    start, *parts = sent
    request = dict(start["headers"])[b"x-request-id"]
    named = [(name.decode(), text.decode()) for name, text in start["headers"] if name != b"x-request-id"]
    body = b"".join(part.get("body", b"") for part in parts).replace(request, b"-")
    return Exchange(start["status"], tuple(sorted(named)), body)
