"""Indicators: observable signs with two or more exclusive, ordered levels.

Here belongs what a sign is. What it would mean under a scenario belongs to ``domain.problems``.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from iwscore.domain.models import Model, Slug

__all__ = ["CATEGORIES", "Category", "Indicator", "Measure", "Status"]

Category = Literal["political", "military", "economic", "social", "information", "infrastructure"]
CATEGORIES: tuple[str, ...] = ("political", "military", "economic", "social", "information", "infrastructure")
Status = Literal["draft", "active", "deprecated"]


class Measure(Model):
    """A number that sets the level: the level's place is how many cuts it reaches or passes."""

    unit: str
    cuts: tuple[float, ...]


class Indicator(Model):
    """An observable sign; ``half_life_days`` has one entry a level, infinite where evidence never fades."""

    id: Slug
    title: str
    category: Category | None = None
    levels: tuple[str, ...] = ("absent", "present")
    half_life_days: tuple[Annotated[float, Field(gt=0)], ...]
    measure: Measure | None = None
    common_error: Annotated[float, Field(ge=0, le=0.5)] = 0.02
    description: str = ""
    collect: str = ""
    references: tuple[str, ...] = ()
    status: Status = "active"
    owner: str = ""
    review_by: date | None = None

    @property
    def scored(self) -> bool:
        """Whether reports on it count: drafts do not."""
        return self.status != "draft"
