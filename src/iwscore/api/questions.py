"""Questions: what a request asks about, read strictly.

Here belong the parameters that endpoints share. Whether a question can be asked belongs to ``services.questions``.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from iwscore.domain.times import parse_instant
from iwscore.errors import QuestionError

__all__ = ["Asked", "Drawn", "instant"]

Time = Annotated[str, Field(max_length=40, examples=["2022-10-12T00:00:00Z"])]
_EXAMPLE = "Write for instance 2022-10-12T00:00:00Z."


class Asked(BaseModel):
    """The subject and the two clocks of a question. A name that is not listed here is refused."""

    model_config = ConfigDict(extra="forbid")

    subject: Annotated[str | None, Field(max_length=200, description="What is watched.")] = None
    at: Annotated[Time | None, Field(description="The world as of then [default: now, up to the minute].")] = None
    known_at: Annotated[
        Time | None, Field(description="As it was known then; a bare date is the end of that day [default: all].")
    ] = None

    def when(self) -> datetime | None:
        """Return ``at``, None for the present."""
        return None if self.at is None else instant(self.at, "at")

    def known(self) -> datetime | None:
        """Return ``known_at``, None for everything."""
        return None if self.known_at is None else instant(self.known_at, "known_at", end_of_day=True)


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
            "IW507", f"{name} is not a time", text, "must be ISO 8601 with an offset, or a bare date", _EXAMPLE
        ) from None
