"""Answers for machines: JSON and CSV in full precision, the outside contract of every answer.

Here belong keys, their order and how a value is written. Rounding for people belongs to ``tables``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import orjson

from iwscore.domain.assessments import Assessment, Explanation, Trend
from iwscore.domain.times import print_instant

__all__ = [
    "assessment_csv",
    "assessment_json",
    "explanation_csv",
    "explanation_json",
    "trend_content",
    "trend_csv",
    "trend_json",
]

Cell = str | float | int | datetime | None

_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would compute a cell that begins so
_QUOTED = frozenset(',"\r\n')
_SCENARIO_COLUMNS = ("prior", "likelihood", "low", "high", "term", "score", "against")
_TREND_COLUMNS = ("at", "subject", "scenario", "likelihood", "score", "against", "coverage", "rung")
_REPORT_COLUMNS = ("id", "external_id", "source", "origin", "party", "level", "grade", "trust")
_REPORT_MEASURES = ("observed_at", "known_from", "fading", "evidence")


def assessment_json(assessment: Assessment) -> str:
    """Return the assessment as one JSON object on one line."""
    return _json(assessment.model_dump())


def assessment_csv(assessment: Assessment) -> str:
    """Return a row a scenario, with what holds for the whole assessment repeated in each."""
    whole = assessment.model_dump(exclude={"flags", "scenarios"}) | {"flags": " ".join(assessment.flags)}
    rows = (
        [*whole.values(), line.id, line.title, *(getattr(line, name) for name in _SCENARIO_COLUMNS)]
        for line in assessment.scenarios
    )
    return _csv([*whole, "scenario", "title", *_SCENARIO_COLUMNS], rows)


def trend_content(trend: Trend) -> dict[str, Any]:
    """Return what the trend's JSON holds; ``rows``, which are those of the CSV, as JSON already."""
    since = [{"since": t, "catalog": digest} for t, digest in trend.catalogs]
    return {
        "problem": trend.problem,
        "subject": trend.subject,
        "known_at": trend.known_at,
        "vintage": trend.vintage,
        "catalog": trend.catalog,
        **({"catalogs": since} if since else {}),
        # The times of rows are in UTC: written so they look as all instants do, and no function is called for each.
        "rows": orjson.Fragment(orjson.dumps(list(trend.rows()), option=orjson.OPT_UTC_Z)),
    }


def trend_json(trend: Trend) -> str:
    """Return the trend as one JSON object; ``rows`` are those of the CSV."""
    return _json(trend_content(trend))


def trend_csv(trend: Trend) -> str:
    """Return a row a time and scenario."""
    columns = _TREND_COLUMNS if trend.low is None else (*_TREND_COLUMNS, "low", "high")
    return _csv(columns, ([row[name] for name in columns] for row in trend.rows()))


def explanation_json(explanation: Explanation) -> str:
    """Return the explanation as one JSON object on one line, in nats."""
    return _json(explanation.model_dump())


def explanation_csv(explanation: Explanation) -> str:
    """Return a row a heard report and scenario: what the report adds to it, in nats.

    With the rows ``prior`` and ``balance``, which have no indicator, they sum to the logarithm of each likelihood.
    """
    blank = [None] * (len(_REPORT_COLUMNS + _REPORT_MEASURES) - 1)
    rows: list[list[Cell]] = [["", "prior", *blank, line.id, line.ln_prior] for line in explanation.scenarios]
    rows += (
        [indicator.id, *(getattr(report, name) for name in _REPORT_COLUMNS + _REPORT_MEASURES), scenario, part]
        for indicator in explanation.indicators
        for report in indicator.observations
        for scenario, part in report.parts.items()
    )
    rows += (["", "balance", *blank, line.id, explanation.balance] for line in explanation.scenarios)
    return _csv(["indicator", *_REPORT_COLUMNS, *_REPORT_MEASURES, "scenario", "part"], rows)


def _json(content: object) -> str:
    # Instants are written here as everywhere; what is not a finite number becomes null.
    options = orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_APPEND_NEWLINE
    return orjson.dumps(content, default=_instant, option=options).decode()


def _instant(value: object) -> str:
    if isinstance(value, datetime):
        return print_instant(value)
    raise TypeError(f"not a value of an answer: {type(value).__name__}")


def _csv(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    lines = [",".join(header), *(",".join(map(_cell, row)) for row in rows)]
    return "\n".join(lines) + "\n"


def _cell(value: Cell) -> str:
    """Return one cell; text that a spreadsheet would compute is made text by a leading apostrophe."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return print_instant(value)
    if not isinstance(value, str):
        return float.__repr__(value) if isinstance(value, float) else str(value)
    text = f"'{value}" if value.startswith(_FORMULA) else value
    return '"' + text.replace('"', '""') + '"' if _QUOTED & set(text) else text
