"""The door: who is let in, under which request id, and what every answer carries.

Here belongs what holds for every request before it is known what it asks. What a role may do belongs to ``readers``,
how much of the service a request may take to ``turns``.
"""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import Callable, Iterator
from itertools import chain

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from iwscore.api.journals import Journal, Operations, outliving
from iwscore.api.limits import Buckets, Rules, turned
from iwscore.api.readers import Reader, fingerprint
from iwscore.api.refusals import problem
from iwscore.api.stations import Station
from iwscore.errors import QuestionError

__all__ = ["COOKIE", "Door", "Headers"]

COOKIE = b"iwscore"
_OPEN = frozenset({"/healthz", "/readyz", "/sign-in"})
_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
_STRICT = (b"strict-transport-security", b"max-age=31536000")
_NAME = re.compile(rb"[A-Za-z0-9._-]{1,64}")
_READING = frozenset({"GET", "HEAD", "OPTIONS"})
Headers = list[tuple[bytes, bytes]]


class Door:
    """Lets in whoever shows a token that is in force, and no one else; names each request."""

    def __init__(
        self,
        app: ASGIApp,
        station: Station,
        rules: Rules | None = None,
        journal: Journal | None = None,
        tallied: Callable[[str, str, int, float], None] | None = None,
    ) -> None:
        self._app, self._station, self._rules = app, station, rules or Rules()
        self._journal, self._operations, self._tallied = journal, Operations(), tallied
        self._hosts = frozenset(name.lower().encode() for name in self._rules.hosts)
        self._asked = Buckets(self._rules.requests_per_second, self._rules.burst)
        self._failed = Buckets(self._rules.failures_per_second, self._rules.failure_burst)
        self._names = _names()
        self._more = (*_HEADERS, _STRICT) if self._rules.secure else _HEADERS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in, or turn it away; note what has become of it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers: dict[bytes, bytes] = dict(scope["headers"])
        given = headers.get(b"x-request-id", b"")
        name = given if _NAME.fullmatch(given) else next(self._names)
        method, path, ticks = scope["method"], scope["path"], self._station.ticks
        begun, status, size, bare = ticks(), 0, 0, method == "HEAD"
        scope = {**scope, "request_id": name.decode(), "method": "GET" if bare else method}

        async def named(message: Message) -> None:
            nonlocal status, size
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = self._dressed(message["headers"], name)
                if self._tallied is not None:
                    self._tallied(path, method, status, ticks() - begun)
            elif message["type"] == "http.response.body":
                if bare:
                    message["body"] = b""
                size += len(message.get("body", b""))
            await send(message)

        try:
            with outliving("fault of the service", request=scope["request_id"]):
                await (self._refusal(scope, headers) or self._entered)(scope, receive, named)
            if not status:
                broken = "A fault of the service itself; its log has more under this request."
                await problem(500, "", broken, request=scope["request_id"])(scope, receive, named)
        finally:
            if self._journal is not None:
                reader = scope.get("reader")
                self._journal.note(
                    request=scope["request_id"], who=reader.name if reader else "-", method=method,
                    operation=self._operations.name(scope), status=status, ms=round((ticks() - begun) * 1e3, 2),
                    bytes=size,
                )  # fmt: skip

    def _dressed(self, headers: Headers, name: bytes) -> Headers:
        """Return the headers with those that every answer has; what says nothing of keeping is not to be kept."""
        kept = any(key == b"cache-control" for key, _ in headers)
        more = () if kept else ((b"cache-control", b"no-store"),)
        return [*headers, *more, *self._more, (b"x-request-id", name)]

    def _refusal(self, scope: Scope, headers: dict[bytes, bytes]) -> ASGIApp | None:
        """Return the answer to whoever is turned away; else say in the scope who is let in."""
        name, rules = scope["request_id"], self._rules
        if self._hosts and _host(headers.get(b"host", b"")) not in self._hosts:
            return turned(name, 421, QuestionError(
                "IW575", "host is not this service", None, "must be a name it is known by", "Allow it by --allow-host."
            ))  # fmt: skip
        if len(scope["query_string"]) > rules.query_bytes:
            return self._too_large(name, 414, "query", rules.query_bytes)
        if sum(map(len, chain.from_iterable(scope["headers"]))) > rules.header_bytes:
            return self._too_large(name, 431, "headers", rules.header_bytes)
        scope["reader"] = reader = self._reader(scope, headers)
        if reader is None:
            return None if scope["path"] in _OPEN else self._unknown(scope, name)
        left = self._asked.take(reader.name, asyncio.get_running_loop().time())
        if left < 0:
            return self._often(name, left, self._asked)
        return None

    def _unknown(self, scope: Scope, name: str) -> ASGIApp:
        """Return the answer to whoever has no token; the same whatever was sent."""
        peer = scope["client"][0] if scope.get("client") else ""
        left = self._failed.take(peer, asyncio.get_running_loop().time())
        if left < 0:
            return self._often(name, left, self._failed)
        return turned(name, 401, QuestionError(
            "IW562", "no token that is in force", None, "must be sent as Authorization: Bearer TOKEN",
            "Ask whoever runs the service for one.",
        ), WWW_Authenticate="Bearer")  # fmt: skip

    def _often(self, name: str, left: float, buckets: Buckets) -> ASGIApp:
        wait = str(int(-left) + 1)
        told = {"RateLimit_Limit": str(buckets.burst), "RateLimit_Remaining": "0", "RateLimit_Reset": wait}
        return turned(name, 429, QuestionError(
            "IW576", "asked too often", None, "must be less often than that", "Wait as long as Retry-After says."
        ), Retry_After=wait, **told)  # fmt: skip

    def _too_large(self, name: str, status: int, what: str, most: int) -> ASGIApp:
        return turned(name, status, QuestionError(
            "IW576", f"{what} of the request are too large", None, f"must be {most} bytes at most", "Send less at once."
        ), Connection="close")  # fmt: skip

    def _too_slow(self, name: str) -> ASGIApp:
        return turned(name, 408, QuestionError(
            "IW576", "body does not come", f"{self._rules.seconds:g} s", "must be sent within that", "Send it again."
        ), Connection="close")  # fmt: skip

    async def _entered(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; a body is read to its end before, up to a bound and in time."""
        if scope["method"] in _READING or scope.get("reader") is None:
            await self._app(scope, receive, send)
            return
        headers: dict[bytes, bytes] = dict(scope["headers"])
        try:
            async with asyncio.timeout(self._rules.seconds):
                body = await _read(receive, headers, self._rules.body_bytes)
        except TimeoutError:
            refusal = self._too_slow(scope["request_id"])
            await refusal(scope, receive, send)
            return
        if body is None:
            refusal = self._too_large(scope["request_id"], 413, "bytes", self._rules.body_bytes)
        elif body and headers.get(b"content-type", b"").partition(b";")[0].strip().lower() != b"application/json":
            refusal = turned(scope["request_id"], 415, QuestionError(
                "IW576", "body is not JSON", None, "must be sent as application/json", "Set Content-Type."
            ))  # fmt: skip
        else:
            await self._app(scope, _once(body, receive), send)
            return
        await refusal(scope, receive, send)

    def _reader(self, scope: Scope, headers: dict[bytes, bytes]) -> Reader | None:
        reader = self._station.readers.get(fingerprint(_token(scope, headers)))
        if reader is None:
            return None
        now = self._station.log.clock()
        if reader.expires_at is not None and reader.expires_at <= now:
            return None
        self._station.used[reader.name] = now
        return reader


def _names() -> Iterator[bytes]:
    """Yield names for requests, by chance: from none can anyone learn how many requests there are."""
    while True:
        many = secrets.token_hex(4096).encode()
        yield from (many[place : place + 16] for place in range(0, len(many), 16))


async def _read(receive: Receive, headers: dict[bytes, bytes], most: int) -> bytes | None:
    """Return the body, None where it is too large or whoever sends it has gone."""
    length = headers.get(b"content-length", b"0")
    if not length.isdigit() or int(length) > most:
        return None
    parts: list[bytes] = []
    size, more = 0, True
    while more:
        message = await receive()
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > most or message["type"] != "http.request":
            return None
        more = message.get("more_body", False)
    return b"".join(parts)


def _once(body: bytes, receive: Receive) -> Receive:
    """Return what gives the body, and then whatever else comes."""
    given = False

    async def replay() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay


def _host(value: bytes) -> bytes:
    """Return the host without its port."""
    host, _, port = value.rpartition(b":")
    return (host if host and port.isdigit() else value).lower()


def _token(scope: Scope, headers: dict[bytes, bytes]) -> str:
    """Return the token of the header, else for reading that of the cookie; "" where there is none."""
    kind, _, token = headers.get(b"authorization", b"").partition(b" ")
    if kind.lower() == b"bearer":
        return token.strip().decode("latin-1")
    if scope["method"] == "GET":
        return _cookie(headers.get(b"cookie", b""))
    return ""


def _cookie(header: bytes) -> str:
    for part in header.split(b";"):
        name, _, value = part.strip().partition(b"=")
        if name == COOKIE:
            return value.decode("latin-1")
    return ""
