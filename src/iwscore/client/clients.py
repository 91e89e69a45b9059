"""Clients: the service from another program.

Here belongs what is asked of the service as a whole. Its problems belong to ``problems``, its log to ``logs``.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from types import TracebackType
from typing import Any

from iwscore.client.answers import Answer, answer
from iwscore.client.connections import Connection
from iwscore.client.logs import Log
from iwscore.client.problems import Problems

__all__ = ["Client"]


class Client(AbstractContextManager["Client"]):
    """A service, asked with one token; several threads may share it.

    ``problems`` answers how things stand, ``log`` takes and shows what was reported.
    """

    def __init__(self, url: str, token: str, **settings: Any) -> None:
        """Ask the service at ``url``; ``settings`` are those of `iwscore.client.connections.Connection`."""
        self._connection = Connection(url, token, **settings)
        self.problems = Problems(self._connection)
        self.log = Log(self._connection)

    def indicators(self) -> Answer[list[dict[str, Any]]]:
        """Return the indicators of the catalog that answers."""
        got = self._connection.get("/v1/indicators")
        return answer(got, got.json()["indicators"], got.json())

    def sources(self) -> Answer[list[dict[str, Any]]]:
        """Return the register of sources."""
        got = self._connection.get("/v1/sources")
        return answer(got, got.json()["sources"], got.json())

    def catalog(self) -> Answer[dict[str, Any]]:
        """Return the catalog that answers."""
        got = self._connection.get("/v1/catalog")
        return answer(got, got.json(), got.json())

    def metrics(self) -> str:
        """Return the figures as Prometheus reads them."""
        return self._connection.get("/metrics", accept="text/plain").body.decode()

    def close(self) -> None:
        """Give back every connection."""
        self._connection.close()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Give back every connection."""
        self.close()
