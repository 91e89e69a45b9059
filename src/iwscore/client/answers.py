"""Answers: what the service said, as the models of the domain, beside what it said of itself.

Here belongs the way from JSON to models. Keys that a newer service has beside the known ones are passed over.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from iwscore.client.connections import Got
from iwscore.domain.assessments import Assessment
from iwscore.domain.models import Model
from iwscore.domain.times import parse_instant

__all__ = ["Answer", "Receipt", "Report", "Said", "TrendTable", "WhatIf", "answer", "known", "tabled"]

T = TypeVar("T")
M = TypeVar("M", bound=Model)
Row = Mapping[str, Any]


class Said(Model):
    """What an answer says of itself: the catalog and the visible log it is from, for which ceiling and clocks.

    ``stale`` and ``degraded`` hold why it may be out of date, or less than usual; empty when all is well.
    """

    catalog: str
    log: str
    ceiling: str
    at: datetime | None = None
    known_at: datetime | None = None
    stale: tuple[str, ...] = ()
    degraded: tuple[str, ...] = ()


class Difference(Model):
    """How much more there would be for one scenario; None where the list cannot tell before or after."""

    id: str
    likelihood: float
    score: float | None
    against: float | None


class WhatIf(Model):
    """The assessment without and with what is supposed, and the difference by scenario."""

    problem: str
    subject: str
    before: Assessment
    after: Assessment
    difference: tuple[Difference, ...]


class Report(Model):
    """A report as the log has it; "" and None where nothing is given.

    ``target`` is the id of what it corrects or retracts, where that may be shown. ``withdrawn`` is since when it stands
    no more.
    """

    id: str
    kind: str
    subject: str
    indicator: str
    level: str
    value: float | None
    observed_at: datetime | None
    reported_at: datetime | None
    source: str
    origin: str
    grade: str
    recorded_at: datetime
    known_from: datetime
    note: str
    url: str
    external_id: str
    marking: str
    author: str
    reason: str
    target: str
    standing: bool = True
    withdrawn: datetime | None = None


class Receipt(Model):
    """What was written: the entries in the order of sending, how many were added, how many were there."""

    added: int
    repeated: int
    entries: tuple[Report, ...]


@dataclass(frozen=True, slots=True)
class Answer(Generic[T]):
    """The content of an answer, and what it said of itself; ``unchanged`` where it was held here already."""

    content: T
    said: Said
    tag: str = ""
    unchanged: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class TrendTable:
    """A trend of T times for S scenarios; NaN stands where the list cannot tell.

    ``times`` are UTC; ``low`` and ``high`` are None where bands were not asked for; ``rung`` holds None where there is
    none. ``rows`` are those of the CSV.
    """

    problem: str
    subject: str
    known_at: datetime | None
    vintage: bool
    scenarios: tuple[str, ...]
    times: NDArray[np.datetime64]
    likelihood: NDArray[np.float64]
    score: NDArray[np.float64]
    against: NDArray[np.float64]
    coverage: NDArray[np.float64]
    rung: tuple[str | None, ...]
    low: NDArray[np.float64] | None
    high: NDArray[np.float64] | None
    rows: tuple[Row, ...]


def known(model: type[M], content: Mapping[str, Any]) -> M:
    """Return the model that a JSON object holds."""
    return model.model_validate({name: content[name] for name in model.model_fields if name in content})


def answer(got: Got, content: T, body: Mapping[str, Any]) -> Answer[T]:
    """Return the content with what the body says of itself."""
    return Answer(content, known(Said, body), got.tag, got.unchanged)


def tabled(body: Mapping[str, Any], rows: Sequence[Row]) -> TrendTable:
    """Return the rows of a trend, of all its pages, as arrays."""
    times = {at: place for place, at in enumerate(dict.fromkeys(row["at"] for row in rows))}
    scenarios = {name: place for place, name in enumerate(dict.fromkeys(row["scenario"] for row in rows))}
    whole: dict[str, Row] = {row["at"]: row for row in rows}
    t = np.array([times[row["at"]] for row in rows], dtype=np.intp)
    s = np.array([scenarios[row["scenario"]] for row in rows], dtype=np.intp)

    def grid(name: str) -> NDArray[np.float64]:
        values = np.full((len(times), len(scenarios)), np.nan)
        values[t, s] = [_number(row[name]) for row in rows]
        return values

    banded = bool(rows) and "low" in rows[0]
    instants = [parse_instant(at).replace(tzinfo=None) for at in times]
    return TrendTable(
        body["problem"],
        body["subject"],
        None if body["known_at"] is None else parse_instant(body["known_at"]),
        body["vintage"],
        tuple(scenarios),
        np.array(instants, dtype="datetime64[us]"),
        grid("likelihood"),
        grid("score"),
        grid("against"),
        np.array([_number(row["coverage"]) for row in whole.values()], dtype=np.float64),
        tuple(row["rung"] for row in whole.values()),
        grid("low") if banded else None,
        grid("high") if banded else None,
        tuple(rows),
    )


def _number(value: float | None) -> float:
    return np.nan if value is None else value
