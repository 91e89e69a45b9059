"""Caching: answers as bytes, kept as long as they are true, and 304 for who has them already.

Here belongs when bytes may be given again. What an answer's tag is made of belongs to ``answers``.
"""

from __future__ import annotations

import gzip
from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from iwscore.api.doors import Headers, header
from iwscore.api.stations import Stamp, Station

__all__ = ["Cache"]

_MOST_BYTES = 64 << 20
_LEAST_ZIPPED = 1024
_ZIPPED = (b"application/json", b"application/problem+json", b"text/", b"application/vnd.vega")
Key = tuple[str, str, str, bytes, bytes, bool]


@dataclass(frozen=True, slots=True)
class _Kept:
    """An answer as it left, true while the stamp is this one and until the end of the minute, where there is one."""

    stamp: Stamp
    until: int | None
    tag: bytes
    headers: Headers
    body: bytes


class Cache:
    """Gives the bytes of an answer again while they are true; zips once what is worth it.

    An endpoint that may be kept says so by ``scope["keep_until"]``: the time from which its answer is another one, in
    microseconds, or None where only the log or the catalog changes it.
    """

    def __init__(self, app: ASGIApp, station: Station) -> None:
        self._app, self._station = app, station
        self._kept: OrderedDict[Key, _Kept] = OrderedDict()
        self._bytes, self._lock = 0, Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer from what is kept, else ask and keep."""
        if scope["type"] != "http" or scope["method"] != "GET" or scope.get("reader") is None:
            await self._app(scope, receive, send)
            return
        zipped = b"gzip" in header(scope, b"accept-encoding")
        reader = scope["reader"]
        key = (
            reader.ceiling, reader.role, scope["path"], scope["query_string"], header(scope, b"accept"), zipped
        )  # fmt: skip
        kept = self._true(key, reader.ceiling)
        if kept is None:
            kept = await self._asked(key, scope, receive, send)
        if kept is not None:
            await _give(kept, scope, send)

    def _true(self, key: Key, ceiling: str) -> _Kept | None:
        """Return what is kept under a key, if it still holds."""
        kept = self._kept.get(key)
        if kept is None:
            return None
        if kept.stamp != self._station.stamp(ceiling) or (kept.until and kept.until <= self._station.log.clock()):
            self._drop(key)
            return None
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
        return kept

    async def _asked(self, key: Key, scope: Scope, receive: Receive, send: Send) -> _Kept | None:
        """Ask the endpoint; return its answer where it may be kept, else pass it on as it comes."""
        head: list[Message] = []
        parts: list[bytes] = []

        async def taken(message: Message) -> None:
            if message["type"] == "http.response.start" and "keep_until" in scope and message["status"] == 200:
                head.append(message)
            elif head:
                parts.append(message.get("body", b""))
            else:
                await send(message)

        await self._app(scope, receive, taken)
        if not head:
            return None
        kept = _pack(head[0]["headers"], b"".join(parts), scope, zipped=key[-1])
        self._keep(key, kept)
        return kept

    def _keep(self, key: Key, kept: _Kept) -> None:
        if len(kept.body) > _MOST_BYTES // 8:
            return
        self._drop(key)
        with self._lock:
            self._kept[key] = kept
            self._bytes += len(kept.body)
            while self._bytes > _MOST_BYTES:
                _, oldest = self._kept.popitem(last=False)
                self._bytes -= len(oldest.body)

    def _drop(self, key: Key) -> None:
        with self._lock:
            kept = self._kept.pop(key, None)
            if kept is not None:
                self._bytes -= len(kept.body)


def _pack(headers: Headers, body: bytes, scope: Scope, *, zipped: bool) -> _Kept:
    """Return an answer ready to be sent, zipped where that is asked for and worth it."""
    named = dict(headers)
    tag = named[b"etag"]
    if zipped and len(body) >= _LEAST_ZIPPED and named[b"content-type"].startswith(_ZIPPED):
        body = gzip.compress(body, 6, mtime=0)
        tag = tag[:-1] + b'-gzip"'
        named[b"content-encoding"] = b"gzip"
    named |= {b"etag": tag, b"content-length": str(len(body)).encode()}
    return _Kept(scope["stamp"], scope["keep_until"], tag, list(named.items()), body)


async def _give(kept: _Kept, scope: Scope, send: Send) -> None:
    """Send what is kept, or that the asker has it already."""
    if _has(header(scope, b"if-none-match"), kept.tag):
        headers = [pair for pair in kept.headers if pair[0] not in (b"content-length", b"content-type")]
        await send({"type": "http.response.start", "status": 304, "headers": headers})
        await send({"type": "http.response.body", "body": b""})
        return
    await send({"type": "http.response.start", "status": 200, "headers": kept.headers})
    await send({"type": "http.response.body", "body": kept.body})


def _has(asked: bytes, tag: bytes) -> bool:
    return bool(asked) and (
        asked == tag or asked == b"*" or tag in [one.strip().removeprefix(b"W/") for one in asked.split(b",")]
    )
