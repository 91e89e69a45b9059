"""Connections: how long one may take to say what it asks, and how much it may say before it has said it.

Here belongs what happens before a request is read; the door sees it only then.
"""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

__all__ = ["Guarded"]

_MOST_BYTES = 64 << 10
_SECONDS = 20.0
_REFUSAL = b"HTTP/1.1 %s\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"


class Guarded(HttpToolsProtocol):
    """A connection that is closed when the head of a request is too long, or does not come to its end in time."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self._size, self._in_head = 0, True
        self._timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first request."""
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        self._wait_no_more()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take in what comes, unless it is too much for a head."""
        super().data_received(data)
        if not self._in_head:
            return
        self._size += len(data)
        if self._size > _MOST_BYTES:
            self._refuse(b"431 Request Header Fields Too Large")
        elif self._timer is None:
            self._wait()

    def on_message_begin(self) -> None:
        """Take note that a head begins."""
        self._size, self._in_head = 0, True
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Take note that a head has ended."""
        self._in_head = False
        self._wait_no_more()
        super().on_headers_complete()

    def _wait(self) -> None:
        self._timer = self.loop.call_later(_SECONDS, self._refuse, b"408 Request Timeout")

    def _wait_no_more(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _refuse(self, status: bytes) -> None:
        self._wait_no_more()
        if not self.transport.is_closing():
            self.transport.write(_REFUSAL % status)
            self.transport.close()
