"""Load on a service from the same machine: requests as fast as answers come, and many event streams at once.

Here belongs the generator alone: bytes out, bytes in, when and how many. What is asked belongs to ``bench_service``.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from time import perf_counter
from typing import cast

import uvloop

__all__ = ["Asking", "Listening", "ask", "listen", "request"]

_END = b"\r\n\r\n"


def request(path: str, token: str, *more: str, method: str = "GET", body: bytes = b"") -> bytes:
    """Return a request as bytes."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", f"Authorization: Bearer {token}", *more]
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


@dataclass
class Asking:
    """What came back: how many answers of each status, their sizes, and how long each took, in seconds."""

    statuses: Counter[int] = field(default_factory=Counter)
    size: int = 0
    took: list[float] = field(default_factory=list)
    head: bytes = b""
    last: bytes = b""


class _Asker(asyncio.BufferedProtocol):
    """One connection that sends the next request as soon as it has the answer to the one before.

    Every answer is read into the same place, so that large ones cost the generator little.
    """

    def __init__(self, following: Callable[[], bytes | None], found: Asking, done: asyncio.Future[None]) -> None:
        self._following, self._found, self._done = following, found, done
        self._held, self._filled = bytearray(256 << 10), 0
        self._begin, self._end, self._sent = 0, 0, 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.WriteTransport, transport)
        self._next()

    def _next(self) -> None:
        wanted = self._following()
        if wanted is None:
            if self._end:
                self._found.head = bytes(self._held[: self._begin]).removesuffix(_END)
                self._found.last = bytes(self._held[self._begin : self._end])
            self._transport.close()
            return
        self._filled = self._begin = self._end = 0
        self._sent = perf_counter()
        self._transport.write(wanted)

    def get_buffer(self, sizehint: int) -> memoryview:
        if self._filled == len(self._held):
            self._held = self._held + bytes(len(self._held))
        return memoryview(self._held)[self._filled :]

    def buffer_updated(self, nbytes: int) -> None:
        self._filled += nbytes
        if not self._begin:
            end = self._held.find(_END, 0, self._filled)
            if end < 0:
                return
            self._begin = end + len(_END)
            self._end = self._begin + _length(bytes(self._held[:end]))
        if self._filled == self._end:
            found = self._found
            found.statuses[int(self._held[9:12])] += 1
            found.size += self._filled
            found.took.append(perf_counter() - self._sent)
            self._next()

    def connection_lost(self, error: Exception | None) -> None:
        if not self._done.done():
            self._done.set_result(None)


def _length(head: bytes) -> int:
    """Return how long the body is that follows; what has none has 0."""
    if head[9:12] in (b"304", b"204"):
        return 0
    lower = head.lower()
    begin = lower.find(b"content-length:")
    return int(lower[begin + 15 :].split(b"\r\n", 1)[0]) if begin >= 0 else 0


def ask(port: int, wanted: Sequence[bytes], *, connections: int = 16, seconds: float = 3.0, most: int = 0) -> Asking:
    """Send these requests in turn over so many connections, for a time or until so many are answered."""

    async def run() -> Asking:
        found, sent, begin = Asking(), 0, perf_counter()

        def following() -> bytes | None:
            nonlocal sent
            if (most and sent >= most) or (not most and perf_counter() - begin >= seconds):
                return None
            sent += 1
            return wanted[(sent - 1) % len(wanted)]

        loop = asyncio.get_running_loop()
        ends = [loop.create_future() for _ in range(connections)]
        for done in ends:
            await loop.create_connection(partial(_Asker, following, found, done), "127.0.0.1", port)
        await asyncio.gather(*ends)
        return found

    return uvloop.run(run())


@dataclass
class Listening:
    """Many event streams: when each was last told something, and how many events and endings there were."""

    told: list[float]
    events: int = 0
    ended: int = 0


class _Listener(asyncio.Protocol):
    """One event stream."""

    def __init__(self, wanted: bytes, found: Listening, place: int) -> None:
        self._wanted, self._found, self._place = wanted, found, place

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        cast(asyncio.WriteTransport, transport).write(self._wanted)

    def data_received(self, data: bytes) -> None:
        if count := data.count(b"\nid:") + data.startswith(b"id:") or data.count(b"event:"):
            self._found.told[self._place] = perf_counter()
            self._found.events += count

    def connection_lost(self, error: Exception | None) -> None:
        self._found.ended += 1


async def listen(port: int, wanted: bytes, streams: int) -> Listening:
    """Open so many event streams; they stay open as long as the loop that this is awaited in."""
    found, loop = Listening([0.0] * streams), asyncio.get_running_loop()
    for place in range(streams):
        await loop.create_connection(partial(_Listener, wanted, found, place), "127.0.0.1", port)
    return found
