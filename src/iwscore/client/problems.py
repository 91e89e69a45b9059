"""Problems: how things stand with each, how they moved, and why.

Here belong the questions about a problem. How they travel belongs to ``connections``.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote

from iwscore.client.answers import Answer, TrendTable, WhatIf, answer, known, tabled
from iwscore.client.connections import Connection, Got
from iwscore.client.events import followed
from iwscore.domain.assessments import Assessment, Explanation
from iwscore.errors import Unreachable

__all__ = ["Problems"]

_QUIET_SECONDS = 60.0  # the service lets itself be heard more often
_ATTEMPTS = 8
When = datetime | str | None


class Problems:
    """The problems of a service. ``at`` and ``known_at`` are instants, or texts as the service reads them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def all(self) -> Answer[list[dict[str, Any]]]:
        """Return every problem in short."""
        got = self._connection.get("/v1/problems")
        return answer(got, got.json()["problems"], got.json())

    def one(self, problem: str) -> Answer[dict[str, Any]]:
        """Return a problem: its question, scenarios, expectations and ladder."""
        got = self._connection.get(_place(problem))
        return answer(got, got.json(), got.json())

    def assessment(
        self,
        problem: str,
        *,
        subject: str | None = None,
        at: When = None,
        known_at: When = None,
        draws: int | None = None,
        seed: int | None = None,
    ) -> Answer[Assessment]:
        """Return how likely each scenario is; by default now, with bands."""
        asked = {"subject": subject, "at": at, "known_at": known_at, "draws": draws, "seed": seed}
        return _assessed(self._connection.get(_place(problem, "assessment"), asked))

    def trend(
        self,
        problem: str,
        *,
        start: When = None,
        end: When = None,
        step: str | None = None,
        subject: str | None = None,
        known_at: When = None,
        **more: Any,
    ) -> Answer[TrendTable]:
        """Return how the likelihoods moved: all pages, read from one state of the log.

        ``more`` is ``vintage``, ``bands``, ``scenario`` (one or several), ``draws``, ``seed``, ``limit`` (of a page).

        Raises
        ------
        Unreachable
            IW578 where the log keeps growing faster than the pages come.
        """
        asked = {"from": start, "to": end, "step": step, "subject": subject, "known_at": known_at, **more}
        for _ in range(_ATTEMPTS):
            got = self._connection.get(_place(problem, "trend"), asked)
            pages = [got.json()]
            while pages[-1]["next"] is not None and _of_one(pages):
                onward = asked | {"cursor": pages[-1]["next"]}
                pages.append(self._connection.get(_place(problem, "trend"), onward).json())
            if _of_one(pages):
                return answer(got, tabled(pages[0], [row for page in pages for row in page["rows"]]), pages[0])
        raise Unreachable(
            "IW578", "log did not rest from page to page", problem, "must stay the same for as long as pages are read",
            "Ask for fewer times, or ask again.",
        )  # fmt: skip

    def explanation(
        self,
        problem: str,
        *,
        subject: str | None = None,
        at: When = None,
        known_at: When = None,
        since: When = None,
    ) -> Answer[Explanation]:
        """Return why the answer is what it is, and what has changed it since an earlier time."""
        asked = {"subject": subject, "at": at, "known_at": known_at, "since": since}
        got = self._connection.get(_place(problem, "explanation"), asked)
        return answer(got, known(Explanation, got.json()), got.json())

    def rungs(self, problem: str, **asked: Any) -> Answer[dict[str, Any]]:
        """Return the ladder, and when it stood where."""
        got = self._connection.get(_place(problem, "rungs"), asked)
        return answer(got, got.json(), got.json())

    def what_if(
        self,
        problem: str,
        hypothetical: Sequence[Mapping[str, Any]],
        *,
        subject: str | None = None,
        at: When = None,
        known_at: When = None,
        **more: Any,
    ) -> Answer[WhatIf]:
        """Return how things would stand were these observations in the log; nothing is written.

        ``more`` is ``draws`` and ``seed``.
        """
        asked = {"subject": subject, "at": at, "known_at": known_at, **more}
        got = self._connection.post(_place(problem, "what-if"), {"hypothetical": list(hypothetical)}, params=asked)
        return answer(got, known(WhatIf, got.json()), got.json())

    def stream(
        self, problem: str, *, subject: str | None = None, after: str = "", quiet: float = _QUIET_SECONDS
    ) -> Generator[Answer[Assessment], None, None]:
        """Yield the assessment now, and again whenever it is another; breaks are bridged.

        ``after`` is the tag of the last one at hand, which is then not sent again. A stream that says nothing at all
        for ``quiet`` seconds is taken for broken.
        """
        asked = {"subject": subject}
        place = _place(problem, "stream")
        for event in followed(self._connection, place, asked, after=after, quiet=quiet, attempts=_ATTEMPTS):
            if event.name == "assessment":
                yield _assessed(Got(event.data.encode(), {}, event.id))


def _assessed(got: Got) -> Answer[Assessment]:
    return answer(got, known(Assessment, got.json()), got.json())


def _of_one(pages: list[dict[str, Any]]) -> bool:
    """Return whether pages are from one catalog and one state of the log."""
    return len({(page["catalog"], page["log"]) for page in pages}) == 1


def _place(problem: str, what: str = "") -> str:
    return f"/v1/problems/{quote(problem, safe='')}" + (f"/{what}" if what else "")
