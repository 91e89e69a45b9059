"""Streams: the assessment of a question as server-sent events, a new one whenever it changes.

Here belongs what goes over the wire, and when. What is sent, and to whom, belongs to ``publishers``.

References
----------
WHATWG, HTML Living Standard, section 9.2, "Server-sent events".
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.types import Receive, Scope, Send

from iwscore.api.problems import ProblemName
from iwscore.api.publishers import Listener, Publisher, Publishers
from iwscore.api.readers import Reader, reader_of, requires

__all__ = ["EventStream", "router"]

router = APIRouter(prefix="/v1/problems", tags=["problems"], dependencies=[Depends(requires("reader"))])
MEDIA_TYPE = "text/event-stream"
_RETRY = b"retry: 3000\n\n"
_EXAMPLE = 'id: Zk3Jr0sVfbeD7vXkqJ1qYwqk\nevent: assessment\ndata: {"problem": "northern-front"}\n\n'


class StreamAsked(BaseModel):
    """What a stream is asked with."""

    model_config = ConfigDict(extra="forbid")

    subject: Annotated[str | None, Field(max_length=200, description="What is watched.")] = None


class EventStream(Response):
    """The answers of one publisher as they come, to one listener, who is left when taking nothing for long."""

    media_type = MEDIA_TYPE
    patience_seconds = 30.0

    def __init__(self, publishers: Publishers, publisher: Publisher, reader: Reader, has: str) -> None:
        super().__init__(headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
        del self.headers["content-length"]
        self._publishers, self._publisher, self._reader, self._has = publishers, publisher, reader, has

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send until the listener leaves or may not listen any more, or the service stops."""
        publisher, listener = self._publishers.join(self._publisher, self._reader, self._has)
        leaving = asyncio.create_task(_left(receive, listener))
        try:
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            await self._tell(publisher, listener, send)
        except OSError:  # it has gone, or takes nothing
            return
        finally:
            leaving.cancel()
            self._publishers.leave(publisher, listener)

    async def _tell(self, publisher: Publisher, listener: Listener, send: Send) -> None:
        """Send what there is to hear until nothing more may be heard."""
        clock = asyncio.get_running_loop().time
        chunk = _RETRY
        while not listener.ended:
            if chunk:
                async with asyncio.timeout(self.patience_seconds):
                    await send({"type": "http.response.body", "body": chunk, "more_body": True})
            else:
                await listener.wake.wait()
            listener.wake.clear()
            chunk = listener.take(publisher.frame, clock())
        async with asyncio.timeout(self.patience_seconds):
            await send({"type": "http.response.body", "body": b""})


@router.get(
    "/{problem}/stream", operation_id="stream", summary="The assessment whenever it changes",
    response_class=Response, openapi_extra={"x-role": "reader"},
    responses={200: {"content": {MEDIA_TYPE: {"example": _EXAMPLE}}}},
)  # fmt: skip
def stream(
    request: Request,
    problem: ProblemName,
    asked: Annotated[StreamAsked, Query()],
    last_event_id: Annotated[str, Header(max_length=200, description="The id of the newest event at hand.")] = "",
) -> Response:
    """Answer what ``assessment`` answers, at once and whenever it is another: a new entry, and each minute's fading.

    The data of an event ``assessment`` are its bytes, its id names them. Whoever has the present one gets the next.
    """
    publishers: Publishers = request.app.state.publishers
    reader = reader_of(request)
    return EventStream(publishers, publishers.publisher(reader, problem, asked.subject), reader, last_event_id)


async def _left(receive: Receive, listener: Listener) -> None:
    """Wait until the listener has gone."""
    with suppress(OSError):
        while (await receive())["type"] != "http.disconnect":
            pass
    listener.end()
