"""Assessments, trends and explanations: the answers, as they leave the house.

Here belongs the form of the answers. The arithmetic belongs to ``core``, how people see them to ``render``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from iwscore.domain.models import Model
from iwscore.domain.times import from_micros

__all__ = [
    "Assessment",
    "Cause",
    "Change",
    "Explanation",
    "IndicatorPart",
    "Linchpin",
    "ReportPart",
    "ScenarioLine",
    "ScenarioSum",
    "Step",
    "Trend",
    "number",
]

Nats = Mapping[str, float]  # by scenario, or by level


class ScenarioLine(Model):
    """One scenario in an assessment; ``low`` and ``high`` are the ends of its band, None where not asked for."""

    id: str
    title: str
    prior: float
    likelihood: float
    low: float | None = None
    high: float | None = None
    term: str
    score: float | None
    against: float | None


class Assessment(Model):
    """The answer for one problem, subject, ``at`` and ``known_at``; the latter None for everything."""

    problem: str
    subject: str
    at: datetime
    known_at: datetime | None
    catalog: str
    observations: int
    unplaced: int
    coverage: float | None
    rung: str | None
    flags: tuple[str, ...]
    scenarios: tuple[ScenarioLine, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Trend:
    """Answers on a grid of T times for S scenarios; NaN stands where the list cannot tell.

    ``catalogs`` says since when which catalog answers, where it is the one in force at each time; ``catalog`` is then
    the last. Where that one does not ask the question, or has no such scenario, nothing is answered.

    ``rung`` holds places in ``rungs``, -1 without a ladder. ``events`` are the reports first heard in the span, for
    marks on a chart: their times, indicators and levels. ``low`` and ``high`` are the ends of the bands, None where
    not asked for.
    """

    problem: str
    subject: str
    known_at: datetime | None
    vintage: bool
    catalog: str
    scenarios: tuple[str, ...]
    titles: tuple[str, ...]
    times: NDArray[np.int64]
    likelihood: NDArray[np.float64]
    score: NDArray[np.float64]
    against: NDArray[np.float64]
    coverage: NDArray[np.float64]
    rung: NDArray[np.int64]
    rungs: tuple[tuple[str, float], ...]
    events: tuple[tuple[datetime, str, str], ...]
    catalogs: tuple[tuple[datetime, str], ...] = ()
    low: NDArray[np.float64] | None = None
    high: NDArray[np.float64] | None = None

    def rows(self) -> Iterator[dict[str, Any]]:
        """Yield a row a time and scenario, in the columns of the CSV."""
        answered = ~np.isnan(self.likelihood)
        at = [from_micros(micros) for micros in self.times.tolist()]
        rungs = [self.rungs[place][0] if place >= 0 else None for place in self.rung.tolist()]
        coverage, subject, scenarios = _numbers(self.coverage), self.subject, self.scenarios
        measures = [_numbers(column[answered]) for column in (self.likelihood, self.score, self.against)]
        rows = (
            {
                "at": at[t],
                "subject": subject,
                "scenario": scenarios[s],
                "likelihood": likelihood,
                "score": score,
                "against": against,
                "coverage": coverage[t],
                "rung": rungs[t],
            }
            for t, s, likelihood, score, against in zip(
                *(axis.tolist() for axis in np.nonzero(answered)), *measures, strict=True
            )
        )
        if self.low is None or self.high is None:
            yield from rows
            return
        for row, low, high in zip(rows, self.low[answered].tolist(), self.high[answered].tolist(), strict=True):
            yield row | {"low": low, "high": high}


def number(value: float) -> float | None:
    """Return the value, None where the list cannot tell."""
    return None if np.isnan(value) else float(value)


def _numbers(column: NDArray[np.float64]) -> list[float | None]:
    """Return a column's values, None where the list cannot tell."""
    values = column.astype(object)
    values[np.isnan(column)] = None
    found: list[float | None] = values.tolist()
    return found


class ReportPart(Model):
    """What one heard report adds: its evidence for a level now, and the nats it moves each scenario by."""

    id: str
    external_id: str
    source: str
    origin: str
    party: str
    level: str
    grade: str
    trust: float
    observed_at: datetime
    known_from: datetime
    fading: float
    evidence: float
    note: str
    parts: Nats


class IndicatorPart(Model):
    """What one indicator adds: evidence by level, nats alone, and its part after its group's discount."""

    id: str
    title: str
    group: str | None
    evidence: Nats
    alone: Nats
    parts: Nats
    observations: tuple[ReportPart, ...]


class ScenarioSum(Model):
    """The sum for one scenario: ``ln_likelihood = ln_prior + the parts + the balance``."""

    id: str
    title: str
    prior: float
    likelihood: float
    ln_prior: float
    ln_likelihood: float


class Linchpin(Model):
    """A report, origin or party, and what the answer would be were it not in the log."""

    kind: Literal["report", "origin", "party"]
    id: str
    title: str
    leader: str
    flips: bool
    likelihood: Nats
    moves: float


class Cause(Model):
    """An entry or a line of the register that made a step; ``id`` is the entry's, or the source's.

    A withdrawal is a correction or a retraction that is hidden: its id and its reason are blank.
    """

    kind: Literal["correction", "retraction", "withdrawal", "regrade"]
    id: str
    target: str
    known_from: datetime
    what: str
    reason: str


class Step(Model):
    """One of the steps between two answers: how it moves each likelihood and its logarithm, and what made it.

    ``causes`` are the corrections and retractions of *withdrawn* and the regrades of *re-graded*, by time.
    """

    id: Literal["fading", "new", "withdrawn", "re-graded", "catalog"]
    likelihood: Nats
    ln_likelihood: Nats
    causes: tuple[Cause, ...] = ()


class Change(Model):
    """The way from the answer at ``since``, as known then and by the catalog of then, to the present one."""

    since: datetime
    catalog: str
    before: Nats
    after: Nats
    steps: tuple[Step, ...]


class Explanation(Model):
    """Why the answer is what it is; nats throughout."""

    problem: str
    subject: str
    at: datetime
    known_at: datetime | None
    catalog: str
    unit: Literal["nats"] = "nats"
    leader: str
    balance: float
    scenarios: tuple[ScenarioSum, ...]
    indicators: tuple[IndicatorPart, ...]
    linchpins: tuple[Linchpin, ...]
    change: Change | None
