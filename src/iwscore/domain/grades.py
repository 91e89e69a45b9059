"""Admiralty grades: reliability of the source, credibility of the report, and what a grade is worth.

Here belong the pair and the table of trust. How trust becomes evidence belongs to ``core.trust``.
"""

from __future__ import annotations

import re
from typing import Annotated, Self

from pydantic import Field, model_validator

from iwscore.domain.models import Model

__all__ = ["CREDIBILITIES", "RELIABILITIES", "TrustTable", "parse_grade"]

RELIABILITIES = "ABCDEFG"
CREDIBILITIES = "123456"
_GRADE = re.compile(r"([A-G])?([1-6])")

Trust = Annotated[float, Field(ge=0, le=0.99)]


def parse_grade(text: str) -> tuple[int, int]:
    """Return reliability (0-6 for A-G, -1 where the letter is left out) and credibility (0-5 for 1-6).

    Raises
    ------
    ValueError
        If the text is not an Admiralty grade.

    Examples
    --------
    >>> parse_grade("B2"), parse_grade("3")
    ((1, 1), (-1, 2))
    """
    match = _GRADE.fullmatch(text)
    if not match:
        raise ValueError(f"not an Admiralty grade: {text}")
    letter = RELIABILITIES.index(match[1]) if match[1] else -1
    return letter, CREDIBILITIES.index(match[2])


class TrustTable(Model):
    """What each grade is worth: rows A to G, columns 1 to 6, each 0 to 0.99, and how far each may be off."""

    label: str
    table: tuple[tuple[Trust, Trust, Trust, Trust, Trust, Trust], ...]
    spread: tuple[tuple[Trust, Trust, Trust, Trust, Trust, Trust], ...]

    @model_validator(mode="after")
    def _one_row_a_letter(self) -> Self:
        if not len(self.table) == len(self.spread) == len(RELIABILITIES):
            raise ValueError("a row for each of A to G is needed")
        return self
