"""Logs: what was reported, and the writing of more.

Here belong the questions about entries. How they travel belongs to ``connections``.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from iwscore.client.answers import Answer, Receipt, Report, answer, known
from iwscore.client.connections import Connection

__all__ = ["Changes", "Log"]

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Changes:
    """Entries and withdrawals in the order of recording, and the cursor behind them."""

    changes: tuple[Row, ...]
    next: str


class Log:
    """The entries that the token may see.

    What writes goes under a key of its own, so that it is sent again where no answer came, and yet written once;
    ``key`` is for whoever wants that to hold beyond this process.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def record(self, observations: Sequence[Row], *, reason: str | None = None, key: str | None = None) -> Receipt:
        """Record up to a thousand observations, all or none; each holds the columns of a file of observations."""
        said = {"reason": reason} if reason else {}
        return self._write("/v1/observations", {"observations": list(observations), **said}, key)

    def correct(self, id: str, changes: Row, *, reason: str, key: str | None = None) -> Receipt:
        """Replace a report; only the columns that change are given."""
        return self._write(_place(id, "correction"), {"changes": changes, "reason": reason}, key)

    def retract(self, id: str, *, reason: str, marking: str | None = None, key: str | None = None) -> Receipt:
        """Withdraw a report with all its corrections; ``marking`` is how widely the reason may be shown."""
        said = {"marking": marking} if marking else {}
        return self._write(_place(id, "retraction"), {"reason": reason, **said}, key)

    def observation(self, id: str) -> Answer[tuple[Report, ...]]:
        """Return a report, and behind it its chain in the order of recording, itself among it."""
        got = self._connection.get(_place(id))
        body = got.json()
        return answer(got, tuple(known(Report, one) for one in (body["observation"], *body["chain"])), body)

    def observations(self, **asked: Any) -> Iterator[Report]:
        """Yield the reports that say all of what is asked for, newest first, of all pages.

        That is ``subject``, ``indicator``, ``source``, ``origin``, ``level``, ``author``, ``external_id``, ``since``
        and ``until`` of recording; ``limit`` is of a page.
        """
        cursor = None
        while True:
            page = self._connection.get("/v1/observations", {**asked, "cursor": cursor}).json()
            yield from (known(Report, one) for one in page["observations"])
            cursor = page["next"]
            if cursor is None:
                return

    def changes(self, after: str = "", *, limit: int | None = None) -> Iterator[Changes]:
        """Yield what the log has taken since, page by page, until there is no more for now.

        ``next`` of the last page is where to go on from later.
        """
        cursor = after
        while True:
            page = self._connection.get("/v1/changes", {"cursor": cursor or None, "limit": limit}).json()
            if not page["changes"]:
                return
            cursor = page["next"]
            yield Changes(tuple(page["changes"]), cursor)

    def _write(self, path: str, content: Row, key: str | None) -> Receipt:
        return known(Receipt, self._connection.post(path, content, key=key or secrets.token_hex(16)).json())


def _place(name: str, what: str = "") -> str:
    return f"/v1/observations/{quote(name, safe='')}" + (f"/{what}" if what else "")
