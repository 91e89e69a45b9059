"""Logs: what was reported, and the writing of more.

Here belong the questions about entries. How they travel belongs to ``connections``.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from iwscore.client.answers import Answer, answer
from iwscore.client.connections import Connection

__all__ = ["Log"]

Row = Mapping[str, Any]


class Log:
    """The entries that the token may see.

    What writes goes under a key of its own, so that it is sent again where no answer came, and yet written once;
    ``key`` is for whoever wants that to hold beyond this process.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def record(
        self, observations: Sequence[Row], *, reason: str | None = None, key: str | None = None
    ) -> dict[str, Any]:
        """Record observations, all or none; return the receipt."""
        return self._write("/v1/observations", {"observations": list(observations), "reason": reason}, key)

    def correct(self, name: str, changes: Row, *, reason: str, key: str | None = None) -> dict[str, Any]:
        """Replace an entry, named by its id or external_id; only what changes need be given."""
        return self._write(_place(name, "correction"), {**changes, "reason": reason}, key)

    def retract(self, name: str, *, reason: str, key: str | None = None) -> dict[str, Any]:
        """Withdraw an entry, with all that corrects it or that it corrects."""
        return self._write(_place(name, "retraction"), {"reason": reason}, key)

    def observation(self, name: str) -> Answer[dict[str, Any]]:
        """Return an entry, and how its chain stands."""
        got = self._connection.get(_place(name))
        return answer(got, got.json(), got.json())

    def observations(self, **asked: Any) -> Iterator[Row]:
        """Yield the observations that answers are from, of all pages."""
        return self._pages("/v1/observations", "observations", asked)

    def changes(self, after: str | None = None, **asked: Any) -> Iterator[tuple[str, Row]]:
        """Yield every entry in the order of recording, each with the cursor behind it, to go on from later."""
        cursor = after
        while True:
            page = self._connection.get("/v1/changes", asked | {"cursor": cursor}).json()
            for entry in page["changes"]:
                yield entry["cursor"], entry
            if page["next"] is None:
                return
            cursor = page["next"]

    def _pages(self, path: str, name: str, asked: Row) -> Iterator[Row]:
        cursor = None
        while True:
            page = self._connection.get(path, {**asked, "cursor": cursor}).json()
            yield from page[name]
            cursor = page["next"]
            if cursor is None:
                return

    def _write(self, path: str, content: Row, key: str | None) -> dict[str, Any]:
        said = {name: value for name, value in content.items() if value is not None}
        receipt: dict[str, Any] = self._connection.post(path, said, key=key or secrets.token_hex(16)).json()
        return receipt


def _place(name: str, what: str = "") -> str:
    return f"/v1/observations/{quote(name, safe='')}" + (f"/{what}" if what else "")
