"""The door: who is let in, under which request id, and what every answer carries.

Here belongs what holds for every request before it is known what it asks. What a role may do belongs to ``readers``.
"""

from __future__ import annotations

import secrets
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from iwscore.api.readers import Reader, fingerprint
from iwscore.api.refusals import problem
from iwscore.api.stations import Station

__all__ = ["COOKIE", "Door"]

COOKIE = b"iwscore"
_OPEN = frozenset({"/healthz", "/readyz", "/sign-in"})
_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"cross-origin-resource-policy", b"same-origin"),
)


class Door:
    """Lets in whoever shows a token that is in force, and no one else; names each request."""

    def __init__(self, app: ASGIApp, station: Station) -> None:
        self._app, self._station = app, station

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        name = secrets.token_hex(8)
        scope["request_id"] = name
        more = (*_HEADERS, (b"x-request-id", name.encode()))

        async def named(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *more]
            await send(message)

        reader = self._reader(scope)
        if reader is None and scope["path"] not in _OPEN:
            refusal = problem(
                401, "IW562", "No valid token; send Authorization: Bearer TOKEN.", request=name,
                headers={"WWW-Authenticate": "Bearer"},
            )  # fmt: skip
            await refusal(scope, receive, named)
            return
        scope["reader"] = reader
        await self._app(scope, receive, named)

    def _reader(self, scope: Scope) -> Reader | None:
        token = _token(scope)
        reader = self._station.readers.get(fingerprint(token)) if token else None
        if reader is None or (reader.expires_at is not None and reader.expires_at <= self._station.log.clock()):
            return None
        return reader


def _token(scope: Scope) -> str:
    """Return the token of the header, else for reading that of the cookie; "" where there is none."""
    headers: dict[bytes, bytes] = dict(scope["headers"])
    kind, _, token = headers.get(b"authorization", b"").partition(b" ")
    if kind.lower() == b"bearer":
        return token.strip().decode("latin-1")
    if scope["method"] in ("GET", "HEAD"):
        return _cookie(headers.get(b"cookie", b""))
    return ""


def _cookie(header: bytes) -> str:
    for part in header.split(b";"):
        name, _, value = part.strip().partition(b"=")
        if name == COOKIE:
            return value.decode("latin-1")
    return ""


Headers = list[tuple[bytes, bytes]]


def header(scope: Any, name: bytes) -> bytes:
    """Return a header of a request, empty where there is none."""
    return next((value for key, value in scope["headers"] if key == name), b"")
