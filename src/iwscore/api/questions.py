"""Questions: what a request asks about, read strictly.

Here belong the parameters that endpoints share. Whether a question can be asked belongs to ``services.questions``.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from iwscore.domain.times import from_micros, parse_instant, print_instant
from iwscore.errors import QuestionError

__all__ = ["Asked", "Drawn", "Name", "Nothing", "Time", "Watched", "foreseen", "in_order", "instant"]

Name = Annotated[str, Field(max_length=200)]
Time = Annotated[str, Field(max_length=40, examples=["2022-10-12T00:00:00Z"])]
_AHEAD = timedelta(days=3653)  # a ladder is folded night by night: ten years of nights, not eight thousand


class Nothing(BaseModel):
    """No parameters. A name that is not listed is refused, here and wherever more is asked."""

    model_config = ConfigDict(extra="forbid")


class Watched(Nothing):
    """The subject of a question and its second clock."""

    subject: Annotated[Name | None, Field(description="What is watched.")] = None
    known_at: Annotated[
        Time | None, Field(description="As it was known then; a bare date is the end of that day [default: all].")
    ] = None

    def known(self) -> datetime | None:
        """Return ``known_at``, None for everything."""
        return None if self.known_at is None else instant(self.known_at, "known_at", end_of_day=True)


class Asked(Watched):
    """The subject and the two clocks of a question."""

    at: Annotated[Time | None, Field(description="The world as of then [default: now, up to the minute].")] = None

    def when(self) -> datetime | None:
        """Return ``at``, None for the present."""
        return None if self.at is None else instant(self.at, "at")


class Drawn(BaseModel):
    """How many draws bands are made of, and their seed."""

    draws: Annotated[int, Field(ge=0, le=10_000, description="For low and high; 0 for none.")] = 1000
    seed: Annotated[int, Field(ge=0, le=2**63 - 1)] = 0


def instant(text: str, name: str, *, end_of_day: bool = False) -> datetime:
    """Return the time that a parameter names.

    Raises
    ------
    QuestionError
        IW507 where it is none.
    """
    try:
        return parse_instant(text, end_of_day=end_of_day)
    except ValueError:
        raise QuestionError(
            "IW507", f"{name} is not a time", text, "must be ISO 8601 with an offset, or a bare date",
            "Write for instance 2022-10-12T00:00:00Z.",
        ) from None  # fmt: skip


def foreseen(asked: datetime, now: int) -> None:
    """Refuse a time that lies too far ahead of the present, in microseconds, to be answered in passing.

    Raises
    ------
    QuestionError
        IW565 beyond ten years.
    """
    last = from_micros(now) + _AHEAD
    if asked > last:
        raise QuestionError(
            "IW565", "time lies too far ahead", print_instant(asked), "must lie within ten years from now",
            "Ask about an earlier time.",
        )  # fmt: skip


def in_order(start: datetime | None, end: datetime | None) -> tuple[datetime | None, datetime | None]:
    """Return the ends of a span as they are; None is open.

    Raises
    ------
    QuestionError
        IW505 where the last time lies before the first.
    """
    if start is not None and end is not None and end < start:
        raise QuestionError(
            "IW505", "to lies before from", print_instant(end), f"must not lie before {print_instant(start)}",
            "Swap from and to.",
        )  # fmt: skip
    return start, end
