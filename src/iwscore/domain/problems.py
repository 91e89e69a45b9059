"""Warning problems: a question, its scenarios, what each sign would mean under them, and the ladder.

Here belongs what is asked and expected. What was seen belongs to ``domain.observations``.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field

from iwscore.domain.models import Model, Slug, Subject

__all__ = ["Expectation", "Group", "Ladder", "Outcome", "Problem", "Rung", "Scenario"]

Share = Annotated[float, Field(ge=0, le=1)]


class Scenario(Model):
    """One of the exclusive ways the question can come out, with its prior for one horizon."""

    id: Slug
    title: str
    prior: Share
    catch_all: bool = False
    description: str = ""


class Expectation(Model):
    """P(indicator at level | scenario): ``given`` has a row a scenario in catalog order, a column a level.

    ``words`` holds for each scenario the word it was written in, where it was; ``judgments`` says which of the rows as
    written it has, numbered as the scenarios come to them: those that share a row share a number.
    """

    indicator: Slug
    rationale: str = ""
    weight: Share = 1.0
    cases: Annotated[float, Field(gt=0)] | None = None
    given: tuple[tuple[Share, ...], ...]
    words: tuple[str | None, ...]
    judgments: tuple[int, ...]


class Group(Model):
    """Indicators that move together and so agree less than they seem to."""

    id: Slug
    indicators: tuple[Slug, ...]
    correlation: Share
    rationale: str = ""


class Rung(Model):
    """A step of the ladder: raised at once at ``raise_at``, cleared after ``hold_days`` below ``clear_at``."""

    id: Slug
    title: str = ""
    raise_at: Share
    clear_at: Share
    hold_days: Annotated[float, Field(ge=0)] = 0.0


class Ladder(Model):
    """The warning ladder over the sum of the adverse likelihoods; rungs ascend."""

    adverse: tuple[Slug, ...]
    coverage_floor: Share = 0.2
    blind_hold_days: Annotated[float, Field(ge=0)] = 30.0
    every_days: Annotated[float, Field(gt=0)] = 1.0
    rungs: tuple[Rung, ...]


class Outcome(Model):
    """How the question came out for a subject, and who says so. It never enters a score."""

    subject: Subject
    scenario: Slug
    at: datetime
    source: str = ""
    note: str = ""


class Problem(Model):
    """A question with a rolling horizon; ``subjects`` is None where any subject may be asked about."""

    id: Slug
    title: str
    question: str = ""
    horizon: str
    subjects: tuple[Subject, ...] | None
    scenarios: tuple[Scenario, ...]
    scale: str = "icd203"
    expectations: tuple[Expectation, ...]
    groups: tuple[Group, ...] = ()
    ladder: Ladder | None = None
    outcomes: tuple[Outcome, ...] = ()

    @property
    def scenario_ids(self) -> tuple[str, ...]:
        """The scenarios' names in catalog order: axis S."""
        return tuple(scenario.id for scenario in self.scenarios)

    @property
    def adverse(self) -> tuple[int, ...]:
        """The places of the ladder's adverse scenarios on axis S; empty without a ladder."""
        names = self.ladder.adverse if self.ladder else ()
        return tuple(s for s, name in enumerate(self.scenario_ids) if name in names)
