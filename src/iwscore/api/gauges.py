"""Gauges: how things stand with every question, as figures for Prometheus at one ceiling.

Here belongs which figures there are and what each is called. How they are asked for belongs to ``metrics``, how often
the service itself was asked to ``tallies``.

What the list cannot tell has no sample: a figure that is not there compares with nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import timedelta

import numpy as np
from prometheus_client.metrics_core import GaugeMetricFamily, Metric

from iwscore import __version__
from iwscore.api.answers import Moment
from iwscore.domain.assessments import Assessment
from iwscore.domain.indicators import Indicator
from iwscore.domain.problems import Ladder, Problem
from iwscore.domain.times import DAY, to_micros
from iwscore.errors import QuestionError
from iwscore.services.following import likelihoods_at
from iwscore.services.partitions import subjects_in

__all__ = ["AHEAD", "Sheet", "filled"]

AHEAD = {"1d": 1, "7d": 7, "30d": 30}  # days for which an answer is looked ahead with nothing new
_SECOND = 1e6
_ASKED = ("problem", "subject")
_GAUGES: dict[str, tuple[str, tuple[str, ...]]] = {
    "likelihood": ("How likely the scenario is.", (*_ASKED, "scenario")),
    "score": ("What is being said for the scenario, of all that could be; 0 to 100.", (*_ASKED, "scenario")),
    "against": ("What is being said against the scenario, of all that could be; 0 to 100.", (*_ASKED, "scenario")),
    "adverse_likelihood": ("The likelihoods that the ladder adds up.", _ASKED),
    "coverage": ("How much of what could be known is freshly known; 0 to 1.", _ASKED),
    "observations": ("Reports that speak.", _ASKED),
    "unplaced": ("Reports that the catalog cannot place.", _ASKED),
    "thin": ("1 while coverage is under its floor.", _ASKED),
    "contested": ("1 while an indicator is strongly reported on two levels.", _ASKED),
    "blind": ("1 while the ladder is held because coverage is under its floor.", _ASKED),
    "rung": ("The place of the rung on the ladder; 0 is the lowest.", _ASKED),
    "rung_info": ("The name of the rung.", (*_ASKED, "rung")),
    "rung_reached": ("1 for the rung the ladder stands on and those under it, else 0.", (*_ASKED, "rung", "place")),
    "rung_raise_at": ("The adverse likelihood that raises to the rung.", (*_ASKED, "rung", "place")),
    "rung_clear_at": ("The adverse likelihood under which the rung clears.", (*_ASKED, "rung", "place")),
    "fading_likelihood": ("How likely the scenario will be if nothing new comes.", (*_ASKED, "scenario", "ahead")),
    "fading_adverse_likelihood": ("What the ladder will add up if nothing new comes.", (*_ASKED, "ahead")),
    "indicator_newest_timestamp_seconds": (
        "When the newest report on the indicator was true.", (*_ASKED, "indicator")
    ),
    "indicator_half_life_seconds": (
        "How long the indicator's slowest level takes to lose half its evidence.", (*_ASKED, "indicator")
    ),
    "at_timestamp_seconds": ("The time that all of this is about.", ()),
    "log_newest_timestamp_seconds": ("From when the newest report seen counts as known.", ()),
    "log_reports": ("Observations and corrections seen, withdrawn ones too.", ()),
    "up_to_date": ("1 while nothing is stale or degraded.", ()),
    "stale": ("1 while nothing new has come for long.", ()),
    "degraded": ("1 for each reason for which the service is not at its best.", ("reason",)),
    "info": ("What answers, and up to which marking.", ("version", "catalog", "ceiling")),
}  # fmt: skip


class Sheet:
    """Figures by name, as Prometheus collects them."""

    def __init__(self) -> None:
        self._families = {
            name: GaugeMetricFamily(f"iwscore_{name}", text, labels=labels) for name, (text, labels) in _GAUGES.items()
        }

    @property
    def names(self) -> Iterable[str]:
        """The names of all figures, without the prefix."""
        return self._families.keys()

    def collect(self) -> Iterable[Metric]:
        """Return the figures there are."""
        return (family for family in self._families.values() if family.samples)

    def put(self, name: str, value: float | None, *labels: str) -> None:
        """Enter a figure; None is none."""
        if value is not None:
            self._families[name].add_metric(labels, float(value))


def filled(moment: Moment) -> Sheet:
    """Return how things stand with every question of the catalog; the log holds still meanwhile."""
    sheet = Sheet()
    _tell_of_the_service(sheet, moment)
    for problem in moment.catalog.problems.values():
        for subject in problem.subjects or subjects_in(moment.live.shelves):
            with suppress(QuestionError):  # another catalog has come into use, which does not ask it
                _tell_of_a_question(sheet, moment, problem, subject)
    return sheet


def _tell_of_the_service(sheet: Sheet, moment: Moment) -> None:
    said, latest = moment.envelope(), moment.live.newest
    shelves = moment.live.shelves
    sheet.put("info", 1, __version__, said["catalog"], said["ceiling"])
    sheet.put("at_timestamp_seconds", to_micros(moment.at) / _SECOND)
    sheet.put("log_newest_timestamp_seconds", None if latest is None else latest / _SECOND)
    sheet.put("log_reports", sum(len(shelves.of(subject)) for subject in subjects_in(shelves)))
    sheet.put("stale", bool(said["stale"]))
    sheet.put("up_to_date", not said["stale"] and not said["degraded"])
    for reason in said["degraded"]:
        sheet.put("degraded", 1, reason)


def _tell_of_a_question(sheet: Sheet, moment: Moment, problem: Problem, subject: str) -> None:
    found = moment.live.score(problem.id, subject, at=moment.at)
    asked = (problem.id, subject)
    for line in found.scenarios:
        sheet.put("likelihood", line.likelihood, *asked, line.id)
        sheet.put("score", line.score, *asked, line.id)
        sheet.put("against", line.against, *asked, line.id)
    for name in ("coverage", "observations", "unplaced"):
        sheet.put(name, getattr(found, name), *asked)
    for flag in ("thin", "contested", "blind"):
        sheet.put(flag, flag in found.flags, *asked)
    if problem.ladder:
        _tell_of_the_ladder(sheet, problem, problem.ladder, found)
    _look_ahead(sheet, moment, problem, subject)
    _tell_of_indicators(sheet, moment, problem, subject)


def _tell_of_the_ladder(sheet: Sheet, problem: Problem, ladder: Ladder, found: Assessment) -> None:
    asked = (problem.id, found.subject)
    reached = [rung.id for rung in ladder.rungs].index(found.rung or "")
    sheet.put("adverse_likelihood", _adverse(problem, [line.likelihood for line in found.scenarios]), *asked)
    sheet.put("rung", reached, *asked)
    sheet.put("rung_info", 1, *asked, ladder.rungs[reached].id)
    for place, rung in enumerate(ladder.rungs):
        sheet.put("rung_reached", place <= reached, *asked, rung.id, str(place))
        sheet.put("rung_raise_at", rung.raise_at, *asked, rung.id, str(place))
        sheet.put("rung_clear_at", rung.clear_at, *asked, rung.id, str(place))


def _look_ahead(sheet: Sheet, moment: Moment, problem: Problem, subject: str) -> None:
    """Tell what the answers will be by the clock alone."""
    asked = (problem.id, subject)
    for ahead, days in AHEAD.items():
        then = likelihoods_at(moment.live, *asked, moment.at + timedelta(days=days))
        for scenario, likelihood in then.items():
            sheet.put("fading_likelihood", likelihood, *asked, scenario, ahead)
        if problem.ladder:
            sheet.put("fading_adverse_likelihood", _adverse(problem, list(then.values())), *asked, ahead)


def _tell_of_indicators(sheet: Sheet, moment: Moment, problem: Problem, subject: str) -> None:
    asked = (problem.id, subject)
    told = moment.live.shelves.of(subject).newest(to_micros(moment.at))
    for indicator in _expected(moment, problem):
        if indicator.id in told:
            sheet.put("indicator_newest_timestamp_seconds", told[indicator.id] / _SECOND, *asked, indicator.id)
        fading = [days for days in indicator.half_life_days if np.isfinite(days)]
        if fading:
            sheet.put("indicator_half_life_seconds", max(fading) * DAY / _SECOND, *asked, indicator.id)


def _expected(moment: Moment, problem: Problem) -> Iterator[Indicator]:
    """Yield the indicators that a problem scores."""
    indicators = moment.catalog.indicators
    for expectation in problem.expectations:
        if indicators[expectation.indicator].scored:
            yield indicators[expectation.indicator]


def _adverse(problem: Problem, likelihoods: Sequence[float]) -> float:
    return float(np.array(likelihoods)[list(problem.adverse)].sum())
