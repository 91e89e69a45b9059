"""Tables: an assessment and a trend as plain text.

Here belongs what an analyst reads at a terminal or pastes into a report. Why an answer is what it is belongs to
``explanations``.
"""

from __future__ import annotations

from datetime import datetime

from iwscore.domain.assessments import Assessment, Trend
from iwscore.domain.times import DAY, from_micros
from iwscore.render.figures import UNKNOWN, date_of, score, share, short, time_of
from iwscore.render.layouts import Column, pairs, table, tables_across

__all__ = ["assessment_table", "known_as_of", "known_words", "trend_lines", "trend_table"]

_FLAGS = {
    "contested": "reports on one indicator speak strongly for two of its levels at once.",
    "thin": "little of what could be known is freshly known.",
    "blind": "silence is not safety; while so little is known a rung takes longer to clear.",
}


def assessment_table(assessment: Assessment) -> str:
    """Return an assessment: the question, how much speaks, and a row a scenario in catalog order."""
    lines = pairs(
        [
            ("problem", assessment.problem),
            ("subject", assessment.subject),
            ("at", time_of(assessment.at)),
            ("known as of", known_as_of(assessment.known_at)),
            ("catalog", short(assessment.catalog)),
            ("observations", f"{assessment.observations} speaking, {assessment.unplaced} unplaced"),
            ("coverage", _coverage(assessment.coverage)),
            ("rung", assessment.rung or "none: the problem has no ladder"),
            *_flags(assessment.flags),
        ]
    )
    return "\n".join([*lines, "", *_scenarios(assessment), ""])


def known_as_of(known_at: datetime | None) -> str:
    """Return up to when entries count as known."""
    return time_of(known_at) if known_at else "everything recorded"


def known_words(trend: Trend) -> str:
    """Return what counted as known at each time of a trend."""
    if not trend.vintage:
        return known_as_of(trend.known_at)
    latest = f", at the latest {time_of(trend.known_at)}" if trend.known_at else ""
    return f"each time as then known{latest}"


def trend_lines(trend: Trend) -> list[str]:
    """Return what a trend was asked: problem, subject, span and what counts as known."""
    first, last, count = from_micros(trend.times[0]), from_micros(trend.times[-1]), len(trend.times)
    return pairs(
        [
            ("problem", trend.problem),
            ("subject", trend.subject),
            ("at", f"{time_of(first)} to {time_of(last)}, {count} {'time' if count == 1 else 'times'}"),
            ("known as of", known_words(trend)),
            ("catalog", short(trend.catalog)),
        ]
    )


def trend_table(trend: Trend) -> str:
    """Return a trend: a row a time, a column a scenario; in several tables where they are many."""
    write = time_of if (trend.times % DAY).any() else date_of
    columns = [
        Column("at, UTC", number=True),
        *(Column(scenario, number=True) for scenario in trend.scenarios),
        Column("coverage\u00a0%", number=True),
        Column("rung"),
    ]
    rows = [
        [
            write(from_micros(micros)).removesuffix(" UTC"),
            *(_likelihood(trend, t, s) for s in range(len(trend.scenarios))),
            share(float(trend.coverage[t])),
            trend.rungs[trend.rung[t]][0] if trend.rung[t] >= 0 else UNKNOWN,
        ]
        for t, micros in enumerate(trend.times)
    ]
    body = tables_across(columns, rows, first=1, count=len(trend.scenarios))
    shown = "Likelihood of each scenario, %" if trend.low is None else "Likelihood of each scenario and its band, %"
    return "\n".join([*trend_lines(trend), "", shown, "", *body, ""])


def _likelihood(trend: Trend, t: int, s: int) -> str:
    """Return a likelihood and, where there is one, its band."""
    likelihood = share(float(trend.likelihood[t, s]))
    if trend.low is None or trend.high is None or likelihood == UNKNOWN:
        return likelihood
    return f"{likelihood} ({share(float(trend.low[t, s]))}–{share(float(trend.high[t, s]))})"


def _coverage(coverage: float | None) -> str:
    if coverage is None:
        return f"{UNKNOWN} (the list cannot tell)"
    return f"{share(coverage)} % of what could be known is freshly known"


def _flags(flags: tuple[str, ...]) -> list[tuple[str, str]]:
    texts = [f"{flag}: {_FLAGS[flag]}" if flag in _FLAGS else flag for flag in flags] or ["none"]
    return [("" if n else "flags", text) for n, text in enumerate(texts)]


def _scenarios(assessment: Assessment) -> list[str]:
    banded = any(line.low is not None for line in assessment.scenarios)
    columns = [
        Column("scenario"),
        Column("prior\u00a0%", number=True),
        Column("likelihood\u00a0%", number=True),
        *([Column("low\u00a0%", number=True), Column("high\u00a0%", number=True)] if banded else []),
        Column("term"),
        Column("score 0–100", number=True),
        Column("against 0–100", number=True),
    ]
    rows = [
        [
            line.title,
            share(line.prior),
            share(line.likelihood),
            *([share(line.low), share(line.high)] if banded else []),
            line.term.replace("-", " "),
            score(line.score),
            score(line.against),
        ]
        for line in assessment.scenarios
    ]
    return table(columns, rows)
