"""Turns: a request has its time, a token its turns, and streams end when the service does."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from iwscore.api.limits import Rules
from iwscore.api.readers import Reader
from iwscore.api.turns import Leaving, Turns
from tests.api.patience import bounded

ANNA = Reader("anna", "reader", "amber")
Act = Callable[[Any], Awaitable[None]]


class Asked:
    """Requests to an application that does what it is told, and the messages each is sent."""

    def __init__(self, act: Act, **rules: Any) -> None:
        self.leaving = Leaving()
        self.turns = Turns(self._app, Rules(**rules), self.leaving)
        self._act = act

    async def _app(self, scope: Any, receive: Any, send: Any) -> None:
        await self._act(send)

    def ask(self, path: str = "/v1/problems") -> tuple[asyncio.Task, list[Any]]:
        """Ask; return the task and what will have been sent."""
        sent: list[Any] = []
        scope = {"type": "http", "path": path, "method": "GET", "reader": ANNA, "request_id": "r-1"}

        async def send(message: Any) -> None:
            sent.append(message)

        async def receive() -> Any:
            return {"type": "http.disconnect"}

        return asyncio.ensure_future(self.turns(scope, receive, send)), sent


async def answer(send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"yes"})


def test_an_answer_in_time_is_passed_on() -> None:
    async def run() -> list[Any]:
        task, sent = Asked(answer).ask()
        await task
        return sent

    assert [message.get("status") for message in bounded(run())] == [200, None]


def test_work_that_takes_too_long_is_answered_504_and_keeps_its_turn_until_it_ends() -> None:
    async def run() -> list[int]:
        going = asyncio.Event()

        async def slow(send: Any) -> None:
            await going.wait()
            await answer(send)

        asked = Asked(slow, seconds=0.01, at_once=1)
        first, sent = asked.ask()
        await first
        second, waited = asked.ask()
        await second
        going.set()
        third, last = asked.ask()
        await third
        return [found[0]["status"] for found in (sent, waited, last)]

    assert bounded(run()) == [504, 503, 200]


def test_streams_of_a_token_are_counted_and_end_with_the_service() -> None:
    async def run() -> tuple[list[Any], int, int]:
        begun = asyncio.Event()

        async def stream(send: Any) -> None:
            await send({"type": "http.response.start", "status": 200, "headers": []})
            begun.set()
            await asyncio.Event().wait()

        asked = Asked(stream, streams=1, seconds=0.01)
        first, sent = asked.ask("/v1/problems/one/stream")
        await begun.wait()
        second, crowded = asked.ask("/v1/problems/one/stream")
        await second
        asked.leaving.leave()
        await first
        third, late = asked.ask("/v1/problems/one/stream")
        await third
        return sent, crowded[0]["status"], late[0]["status"]

    sent, crowded, late = bounded(run())
    assert [message["type"] for message in sent] == ["http.response.start", "http.response.body"]
    assert not sent[-1].get("more_body")
    assert (crowded, late) == (429, 429)
