"""Caching: answers as bytes, kept as long as they are true, and 304 for who has them already.

Here belongs when bytes may be given again. What an answer's tag is made of belongs to ``answers``.
"""

from __future__ import annotations

import asyncio
import gzip
import re
from collections import OrderedDict
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from iwscore.api.doors import Headers
from iwscore.api.stations import Stamp, Station

__all__ = ["Cache"]

_MOST_BYTES = 64 << 20
_EACH_BYTES = 4 << 10  # what an answer takes besides its body and its question: headers, objects
_LEAST_ZIPPED = 1024
_ZIPPED = (b"application/json", b"application/problem+json", b"text/", b"application/vnd.vega")
_PATIENCE_SECONDS = 2.0  # whoever asks the same first may be waiting for a turn of its own token
_UNWANTED = re.compile(rb"gzip\s*;\s*q=0(\.0*)?\s*(,|$)")
Key = tuple[str, str, str, bytes, bytes, bool]


@dataclass(frozen=True, slots=True)
class _Kept:
    """An answer as it left, true while the stamp is this one and until the end of the minute, where there is one."""

    stamp: Stamp
    until: int | None
    tag: bytes
    headers: Headers
    unchanged: Headers
    body: bytes


class Cache:
    """Gives the bytes of an answer again while they are true; zips once what is worth it.

    An endpoint that may be kept says so by ``scope["keep_until"]``: the time from which its answer is another one, in
    microseconds, or None where only the log or the catalog changes it. Of those who ask the same at once, one is
    answered by the endpoint and the others are given what it said.
    """

    def __init__(
        self, app: ASGIApp, station: Station, *, most: int = _MOST_BYTES, patience_seconds: float = _PATIENCE_SECONDS
    ) -> None:
        self._app, self._station, self._most, self._patience_seconds = app, station, most, patience_seconds
        self._kept: OrderedDict[Key, _Kept] = OrderedDict()
        self._asking: dict[Key, asyncio.Future[_Kept | None]] = {}
        self.size = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer from what is kept, else ask and keep."""
        if scope["type"] != "http" or scope["method"] != "GET" or scope.get("reader") is None:
            await self._app(scope, receive, send)
            return
        told = dict(reversed(scope["headers"]))  # of those of one name the first counts, as for the endpoints
        reader = scope["reader"]
        key = (
            reader.ceiling, reader.role, scope["path"], scope["query_string"], told.get(b"accept", b""),
            _takes_gzip(told.get(b"accept-encoding", b"")),
        )  # fmt: skip
        kept = self._true(key) or await self._new(key, scope, receive, send)
        if kept is not None:
            await _give(kept, told.get(b"if-none-match", b""), send)

    def _true(self, key: Key) -> _Kept | None:
        """Return what is kept under a key, if it still holds."""
        kept = self._kept.get(key)
        if kept is None:
            return None
        if not self._holds(kept, key):
            self._drop(key)
            return None
        self._kept.move_to_end(key)
        return kept

    def _holds(self, kept: _Kept, key: Key) -> bool:
        return kept.stamp == self._station.stamp(key[0]) and not (
            kept.until and kept.until <= self._station.log.clock()
        )

    async def _new(self, key: Key, scope: Scope, receive: Receive, send: Send) -> _Kept | None:
        """Return what another one is told who asks the same now, else ask; None where the answer has been passed on.

        What was begun before this request came may be older than what its asker knows, and counts only if it holds.
        What was begun after it came counts as it is.
        """
        kept = await self._told(key)
        if kept is not None and not self._holds(kept, key):
            kept = self._true(key) or await self._told(key)
        return kept or await self._asked(key, scope, receive, send)

    async def _told(self, key: Key) -> _Kept | None:
        asking = self._asking.get(key)
        if asking is None:
            return None
        await asyncio.wait({asking}, timeout=self._patience_seconds)
        return asking.result() if asking.done() else None

    async def _asked(self, key: Key, scope: Scope, receive: Receive, send: Send) -> _Kept | None:
        """Ask the endpoint; return its answer where it may be kept, else pass it on as it comes."""
        head: list[Message] = []
        parts: list[bytes] = []
        asking: asyncio.Future[_Kept | None] = asyncio.get_running_loop().create_future()
        self._asking.setdefault(key, asking)

        async def taken(message: Message) -> None:
            if message["type"] == "http.response.start" and "keep_until" in scope and message["status"] == 200:
                head.append(message)
            elif head:
                parts.append(message.get("body", b""))
            else:
                self._tell(key, asking, None)
                await send(message)

        try:
            await self._app(scope, receive, taken)
            if not head:
                return None
            kept = await _pack(head[0]["headers"], b"".join(parts), scope, zipped=key[-1])
            self._keep(key, kept)
            self._tell(key, asking, kept)
        finally:
            self._tell(key, asking, None)
        return kept

    def _tell(self, key: Key, asking: asyncio.Future[_Kept | None], kept: _Kept | None) -> None:
        """Tell those who wait; the first word counts."""
        if not asking.done():
            asking.set_result(kept)
        if self._asking.get(key) is asking:
            del self._asking[key]

    def _keep(self, key: Key, kept: _Kept) -> None:
        if len(kept.body) > self._most // 8:
            return
        self._drop(key)
        self._kept[key] = kept
        self.size += _size(key, kept)
        while self.size > self._most:
            self._drop(next(iter(self._kept)))

    def _drop(self, key: Key) -> None:
        kept = self._kept.pop(key, None)
        if kept is not None:
            self.size -= _size(key, kept)


def _size(key: Key, kept: _Kept) -> int:
    return len(kept.body) + sum(map(len, key[:-1])) + _EACH_BYTES


def _takes_gzip(encodings: bytes) -> bool:
    return b"gzip" in encodings and not _UNWANTED.search(encodings)


async def _pack(headers: Headers, body: bytes, scope: Scope, *, zipped: bool) -> _Kept:
    """Return an answer ready to be sent, zipped where that is asked for and worth it."""
    named = dict(headers)
    tag = named[b"etag"]
    if zipped and len(body) >= _LEAST_ZIPPED and named[b"content-type"].startswith(_ZIPPED):
        body = await asyncio.to_thread(gzip.compress, body, 6, mtime=0)  # meanwhile others are answered
        tag = tag[:-1] + b'-gzip"'
        named[b"content-encoding"] = b"gzip"
    named |= {b"etag": tag, b"content-length": str(len(body)).encode()}
    unchanged = [pair for pair in named.items() if pair[0] not in (b"content-length", b"content-type")]
    return _Kept(scope["stamp"], scope["keep_until"], tag, list(named.items()), unchanged, body)


async def _give(kept: _Kept, asked: bytes, send: Send) -> None:
    """Send what is kept, or that the asker has it already."""
    if _has(asked, kept.tag):
        await send({"type": "http.response.start", "status": 304, "headers": kept.unchanged})
        await send({"type": "http.response.body", "body": b""})
        return
    await send({"type": "http.response.start", "status": 200, "headers": kept.headers})
    await send({"type": "http.response.body", "body": kept.body})


def _has(asked: bytes, tag: bytes) -> bool:
    return bool(asked) and (
        asked == tag or asked == b"*" or tag in [one.strip().removeprefix(b"W/") for one in asked.split(b",")]
    )
