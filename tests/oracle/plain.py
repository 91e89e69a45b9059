"""Small worlds for worked examples: a few signs that do not fade, reports all at one time.

Worlds with everything in them are made in `worlds`.
"""

from datetime import UTC, datetime
from typing import Any

from tests.oracle.catalogs import Document
from tests.oracle.reports import Row
from tests.oracle.worlds import World

AT = datetime(2022, 10, 4, tzinfo=UTC)
SUBJECT = "here"
PROBLEM = "question"


def world(priors: list[float], tables: dict[str, list[list[float]]], rows: list[Row], **more: Any) -> World:
    """A world of one problem; `tables` holds for each sign P(level) per scenario.

    `more` may change any document: `indicators` what all of them have, `problem` what the problem
    has, `sources` the register; `trust` is the table.
    """
    signs = [
        {
            "id": name,
            "levels": levels(table),
            "half_life": "never",
            "common_error": 0,
            **more.get("indicators", {}),
        }
        for name, table in tables.items()
    ]
    scenarios = [f"s{number}" for number in range(len(priors))]
    problem: Document = {
        "id": PROBLEM,
        "horizon": "90d",
        "subjects": [SUBJECT],
        "scenarios": [{"id": name, "prior": prior} for name, prior in zip(scenarios, priors, strict=True)],
        "expectations": {
            name: {
                "given": {
                    scenario: dict(zip(levels(table), numbers, strict=True))
                    for scenario, numbers in zip(scenarios, table, strict=True)
                }
            }
            for name, table in tables.items()
        },
        **more.get("problem", {}),
    }
    named = sorted({row["source"] for row in rows if "source" in row})
    documents: Document = {
        "indicators": signs,
        "problems": [problem],
        "sources": more.get("sources") or [{"id": name, "grades": []} for name in named],
    }
    if "trust" in more:
        documents["trust"] = more["trust"]
    return World(documents, rows)


def levels(table: list[list[float]]) -> list[str]:
    """The names of a sign's levels."""
    return [f"level-{number}" for number in range(len(table[0]))]


def report(sign: str, level: int, source: str, grade: str, observed_at: datetime = AT, **more: str) -> Row:
    """One row."""
    return {
        "observed_at": observed_at.isoformat(),
        "indicator": sign,
        "level": f"level-{level}",
        "source": source,
        "grade": grade,
        **more,
    }


def yes_no(p_given: list[float]) -> list[list[float]]:
    """The table of a yes/no sign from P(yes) per scenario."""
    return [[1 - p, p] for p in p_given]


def certain(sign: str, level: int, voices: int = 20) -> list[Row]:
    """So many good reports on one level that nothing is left to doubt in double precision."""
    return [report(sign, level, f"{sign}-voice-{number}", "A1") for number in range(voices)]
