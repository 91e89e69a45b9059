"""Turns: how many requests of one token are worked on at once, for how long, and when streams end.

Here belongs the time between the door and the answer. What is turned away before that belongs to ``doors``.

The work on a request runs in a thread and cannot be stopped. Whoever asked is answered 504 when its time is over, and
the work goes on unheard; until it ends it takes one of the token's turns, so that no token ever keeps more threads busy
than it has turns.
"""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from contextlib import suppress

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from iwscore.api.journals import LOGGER
from iwscore.api.limits import Rules, turned
from iwscore.errors import QuestionError

__all__ = ["Leaving", "Turns"]

_STREAM = "/stream"


class Leaving:
    """The streams that are open, and whether the service is about to stop."""

    def __init__(self) -> None:
        self.gone = False
        self.streams: set[asyncio.Task[None]] = set()

    def leave(self) -> None:
        """End every stream; from the thread of the event loop."""
        self.gone = True
        for task in self.streams:
            task.cancel()


class _Answer:
    """What passes an answer on, until nobody waits for it any more."""

    def __init__(self, send: Send) -> None:
        self._send, self.begun, self.late = send, False, False

    async def __call__(self, message: Message) -> None:
        if not self.late:
            self.begun = True
            await self._send(message)


class Turns:
    """Gives each token its turns, each request its time, and streams their end."""

    def __init__(self, app: ASGIApp, rules: Rules, leaving: Leaving) -> None:
        self._app, self._rules, self._leaving = app, rules, leaving
        self._gates: defaultdict[str, asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(rules.at_once))
        self._streams: Counter[str] = Counter()
        self._unheard: set[asyncio.Task[None]] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request in its turn."""
        if scope["type"] != "http" or scope.get("reader") is None:
            await self._app(scope, receive, send)
        elif scope["path"].endswith(_STREAM) and scope["method"] == "GET":
            await self._stream(scope, receive, send)
        else:
            await self._timed(scope, receive, send)

    async def _timed(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer, gate = _Answer(send), self._gates[scope["reader"].name]
        working = False

        async def work() -> None:
            nonlocal working
            async with gate:
                working = True
                await self._app(scope, receive, answer)

        task = asyncio.create_task(work())
        try:
            done, _ = await asyncio.wait({task}, timeout=self._rules.seconds)
        except asyncio.CancelledError:
            task.cancel()
            raise
        if done or answer.begun:
            await task
            return
        answer.late = True
        self._unheard.add(task)
        task.add_done_callback(self._ended)
        if working:
            await _too_long(scope, self._rules.seconds)(scope, receive, send)
        else:
            task.cancel()
            await _busy(scope, self._rules.at_once)(scope, receive, send)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._unheard.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            LOGGER.error("fault in a request that nobody waits for", exc_info=error)

    async def _stream(self, scope: Scope, receive: Receive, send: Send) -> None:
        name = scope["reader"].name
        if self._leaving.gone or self._streams[name] >= self._rules.streams:
            await _crowded(scope, self._rules.streams)(scope, receive, send)
            return
        answer = _Answer(send)
        task = asyncio.create_task(self._opened(scope, receive, answer))
        self._streams[name] += 1
        self._leaving.streams.add(task)
        try:
            await task
        except asyncio.CancelledError:
            if not self._leaving.gone:
                raise
            with suppress(OSError):
                await (_over if answer.begun else _crowded(scope, 0))(scope, receive, send)
        finally:
            self._leaving.streams.discard(task)
            self._streams[name] -= 1

    async def _opened(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope, receive, send)


async def _over(scope: Scope, receive: Receive, send: Send) -> None:
    """End an answer that has begun."""
    await send({"type": "http.response.body", "body": b""})


def _too_long(scope: Scope, seconds: float) -> ASGIApp:
    error = QuestionError(
        "IW576", "request takes too long", f"{seconds:g} s", "must be answered within that", "Ask for less at once."
    )
    return turned(scope["request_id"], 504, error)


def _busy(scope: Scope, at_once: int) -> ASGIApp:
    error = QuestionError(
        "IW576", "requests of this token wait for one another", f"{at_once} are worked on",
        "must be so few at once", "Wait for answers before you ask again.",
    )  # fmt: skip
    return turned(scope["request_id"], 503, error, Retry_After="1")


def _crowded(scope: Scope, streams: int) -> ASGIApp:
    error = QuestionError(
        "IW576", "streams of this token are too many", str(streams), "must be so many at most", "Close one."
    )
    return turned(scope["request_id"], 429, error, Retry_After="10")
