"""Answers made by hand, small enough to check by eye; what should add up in them does."""

import math
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from iwscore.domain.assessments import (
    Assessment,
    Change,
    Explanation,
    IndicatorPart,
    Linchpin,
    ReportPart,
    ScenarioLine,
    ScenarioSum,
    Step,
    Trend,
)
from iwscore.domain.times import DAY, to_micros

AT = datetime(2022, 10, 12, tzinfo=UTC)
DIGEST = "0123456789abcdef" * 4
PRIORS = {"calm": 0.7, "raid-across-the-river": 0.2, "something-else": 0.1}
TITLES = dict(
    zip(PRIORS, ("Calm", "A raid across the river, by night or in fog, by irregulars", "Something else"), strict=True)
)
RUNGS = (("routine", 0.0), ("guarded", 0.25), ("severe", 0.6))

# indicator, level, source, origin, party, grade, days ago, share left, nats for calm, raid, something else
_REPORTS: tuple[tuple[Any, ...], ...] = (
    ("boats-gathered", "many", "scouts", "scouts", "north", "B2", 2, 0.9, -0.4, 1.1, 0.05),
    ("boats-gathered", "many", "press", "fishers", "villagers", "C3", 1, 0.95, -0.1, 0.31, 0.0),
    ("patrols", "absent", "scouts", "scouts", "north", "B3", 3, 0.8, 0.02, -0.015, 0.0),
    ("rhetoric", "heightened", "=minister", "south", "south", "D2", 5, 0.5, -0.017, 0.024, 0.011),
    ("rhetoric", "routine", "envoy", "envoy", "", "C6", 9, 0.25, 0.004, -0.006, 0.0),
)


def assessment(**changes: Any) -> Assessment:
    """Return an assessment with two flags, a score that cannot be told, and a title too long for its column."""
    lines = (
        ScenarioLine(id="calm", title=TITLES["calm"], prior=0.7, likelihood=0.1 + 0.2, term="unlikely",
                     score=3.0, against=41.25),
        ScenarioLine(id="raid-across-the-river", title=TITLES["raid-across-the-river"], prior=0.2,
                     likelihood=0.69999, term="likely", score=62.5, against=1e-7),
        ScenarioLine(id="something-else", title=TITLES["something-else"], prior=0.1, likelihood=0.00001,
                     term="remote", score=None, against=None),
    )  # fmt: skip
    whole = Assessment(
        problem="river-line", subject="river", at=AT, known_at=None, catalog=DIGEST, observations=5, unplaced=1,
        coverage=0.125, rung="severe", flags=("thin", "blind"), scenarios=lines,
    )  # fmt: skip
    return whole.model_copy(update=changes)


def trend(
    days: int = 6,
    *,
    likelihood: Callable[[float], tuple[float, ...]] | None = None,
    titles: dict[str, str] | None = None,
    **changes: Any,
) -> Trend:
    """Return a trend a day a row in which the raid takes over from calm; or what ``likelihood`` says at 0 to 1."""
    named = titles or TITLES
    course = likelihood or (lambda x: (0.7 - 0.6 * x, 0.2 + 0.65 * x, 0.1 - 0.05 * x))
    share = np.array([course(t / max(days - 1, 1)) for t in range(days)])
    first = to_micros(AT) - (days - 1) * DAY
    parts: dict[str, Any] = {
        "problem": "river-line",
        "subject": "river",
        "known_at": None,
        "vintage": False,
        "catalog": DIGEST,
        "scenarios": tuple(named),
        "titles": tuple(named.values()),
        "times": first + DAY * np.arange(days),
        "likelihood": share,
        "score": np.where(share > 0.15, 100 * share, np.nan),
        "against": np.where(share > 0.15, 1 - share, np.nan),
        "coverage": np.where(np.arange(days) < 1, np.nan, 0.1 + 0.2 * share[:, 0]),
        "rung": np.digitize(share[:, 1], [raise_at for _, raise_at in RUNGS[1:]]),
        "rungs": RUNGS,
        "events": (
            (AT - timedelta(days=4), "Boats gathered at the landing", "many"),
            (AT - timedelta(days=1, hours=6), "Patrols along the river", "absent"),
            (AT - timedelta(hours=20), "Boats gathered at the landing", "many"),
        ),
    }
    return Trend(**(parts | changes))


def banded(**changes: Any) -> Trend:
    """Return that trend with bands about the likelihoods."""
    plain = trend(**changes)
    return replace(plain, low=0.8 * plain.likelihood, high=0.2 + 0.8 * plain.likelihood)


def explanation(**changes: Any) -> Explanation:
    """Return an explanation whose parts, balance and steps add up."""
    indicators = tuple(_indicator(name) for name in dict.fromkeys(row[0] for row in _REPORTS))
    total = {name: sum(indicator.parts[name] for indicator in indicators) for name in PRIORS}
    balance = -math.log(sum(prior * math.exp(total[name]) for name, prior in PRIORS.items()))
    logs = {name: math.log(prior) + total[name] + balance for name, prior in PRIORS.items()}
    now = {name: math.exp(value) for name, value in logs.items()}
    whole = Explanation(
        problem="river-line",
        subject="river",
        at=AT,
        known_at=AT - timedelta(microseconds=1),
        catalog=DIGEST,
        leader=max(now, key=lambda name: now[name]),
        balance=balance,
        scenarios=tuple(
            ScenarioSum(
                id=name,
                title=TITLES[name],
                prior=prior,
                likelihood=now[name],
                ln_prior=math.log(prior),
                ln_likelihood=logs[name],
            )
            for name, prior in PRIORS.items()
        ),
        indicators=indicators,
        linchpins=_linchpins(now),
        change=_change(now),
    )
    return whole.model_copy(update=changes)


def _indicator(name: str) -> IndicatorPart:
    rows = [(row, report) for row, report in enumerate(_REPORTS, 2) if report[0] == name]
    reports = tuple(_report(row, report) for row, report in rows)
    parts = {scenario: sum(report.parts[scenario] for report in reports) for scenario in PRIORS}
    return IndicatorPart(
        id=name,
        title=name.replace("-", " ").capitalize(),
        group="water" if name in ("boats-gathered", "patrols") else None,
        evidence={report.level: report.evidence for report in reports},
        alone={scenario: 1.25 * part for scenario, part in parts.items()},
        parts=parts,
        observations=reports,
    )


def _report(row: int, report: tuple[Any, ...]) -> ReportPart:
    _, level, source, origin, party, grade, days, left, *parts = report
    seen = AT - timedelta(days=days)
    return ReportPart(
        id=f"{row:08x}" + 24 * "0", external_id="" if grade == "C6" else f"r-{row}", source=source, origin=origin,
        party=party, level=level, grade=grade, trust=0.7, observed_at=seen, known_from=seen + timedelta(hours=3),
        fading=left, evidence=1.7346 * left, note="", parts=dict(zip(PRIORS, parts, strict=True)),
    )  # fmt: skip


def _linchpins(now: dict[str, float]) -> tuple[Linchpin, ...]:
    without = dict(zip(PRIORS, (0.62, 0.3, 0.08), strict=True))
    less = {name: 0.9 * now[name] + 0.1 * without[name] for name in PRIORS}
    named: list[tuple[Any, str, str, dict[str, float]]] = [
        ("report", f"{2:032x}", "scouts: boats-gathered many, 2022-10-10, B2", without),
        ("report", f"{3:032x}", "press: boats-gathered many, 2022-10-11, C3", less),
        ("origin", "scouts", "Scouts of the north", without),
        ("party", "north", "", without),
    ]
    return tuple(
        Linchpin(
            kind=kind,
            id=name,
            title=title,
            leader=max(then, key=lambda s: then[s]),
            flips=then is without,
            likelihood=then,
            moves=max(abs(then[s] - now[s]) for s in PRIORS),
        )
        for kind, name, title, then in named
    )


def _change(now: dict[str, float]) -> Change:
    """Return four steps of about the same size and one of none, each of which rounds."""
    before = dict(PRIORS)
    step = {name: (now[name] - before[name]) / 4 for name in PRIORS}
    still = dict.fromkeys(PRIORS, 0.0)
    names: tuple[Any, ...] = ("fading", "new", "withdrawn", "re-graded", "catalog")
    steps = tuple(
        Step(id=name, likelihood=still if name == "withdrawn" else step, ln_likelihood=still) for name in names
    )
    return Change(catalog="d" * 64, since=AT - timedelta(days=7), before=before, after=now, steps=steps)
