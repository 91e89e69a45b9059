"""Reading of catalog documents into what the method needs: signs, problems, the register, trust.

Rows are read in `reports`; nothing here looks at one.
"""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tests.oracle import weighing
from tests.oracle.texts import duration, instant, probability

Document = dict[str, Any]

HOUSE_VALUES = """
    A  .95  .80  .55  .20  .05  .50
    B  .90  .70  .50  .15  .05  .40
    C  .80  .60  .40  .10  .00  .30
    D  .60  .40  .25  .05  .00  .15
    E  .30  .20  .10  .00  .00  .00
    F  .60  .45  .25  .05  .00  .00
    G  .00  .00  .00  .00  .00  .00
"""
HOUSE_TRUST = {
    letter: [float(number) for number in numbers]
    for letter, *numbers in (line.split() for line in HOUSE_VALUES.strip().splitlines())
}


@dataclass(frozen=True)
class Sign:
    """An indicator: its levels, how long each stays known, its cuts and its common error."""

    levels: list[str]
    half_lives: dict[str, timedelta | None]
    cuts: list[float] | None
    common_error: float
    draft: bool


@dataclass(frozen=True)
class Expected:
    """What a problem expects of one sign, and the most the sign could say for or against any scenario."""

    sign: Sign
    rows: list[list[float]]  # one per scenario, one number per level
    weight: float
    most_for: float
    most_against: float


@dataclass(frozen=True)
class Rung:
    """A step of a ladder."""

    id: str
    raise_at: float
    clear_at: float
    hold: timedelta


@dataclass(frozen=True)
class Ladder:
    """A problem's warning ladder, lowest rung first."""

    adverse: list[str]
    rungs: list[Rung]
    coverage_floor: float
    blind_hold: timedelta
    every: timedelta


@dataclass(frozen=True)
class Question:
    """A problem, read: scenarios with normalised priors, expectations, groups, ladder."""

    id: str
    scale: str
    scenarios: list[str]
    priors: list[float]
    expected: dict[str, Expected]
    groups: list[tuple[list[str], float]]  # members and correlation; a lone sign is a group
    ladder: Ladder | None


class Register:
    """The sources: where each one's word comes from, and the letters given to it over time."""

    def __init__(self, sources: list[Document], trust: dict[str, list[float]] | None) -> None:
        self.sources = {source["id"]: source for source in sources}
        self.table = trust or HOUSE_TRUST

    def end_of_chain(self, source: str, origin: str) -> str | None:
        """Where the word comes from in the end; None where the register does not know a step."""
        step = origin or source
        if source not in self.sources or step not in self.sources:
            return None
        while self.sources[step].get("origin"):
            step = self.sources[step]["origin"]
        return step

    def letter(self, source: str, observed_at: datetime) -> str | None:
        """The letter in force for the source at a time of observation."""
        rows = [row for row in self.sources[source].get("grades", []) if instant(row["from"]) <= observed_at]
        latest = max(rows, key=lambda row: instant(row["from"]), default=None)
        return latest["reliability"] if latest else None

    def regrade(self, source: str, known_at: datetime) -> str | None:
        """The letter that replaces all others of the source, as known then."""
        rows = [(instant(r["known_from"], end_of_day=True), r["reliability"]) for r in self.regraded(source)]
        rows = [row for row in rows if row[0] <= known_at]
        return str(max(rows, key=lambda row: row[0])[1]) if rows else None

    def regraded(self, source: str) -> list[Document]:
        """The regrading rows of a source as written."""
        return list(self.sources[source].get("regraded", []))

    def trust(self, letter: str, digit: str) -> float:
        """What a grade is worth."""
        return self.table[letter][int(digit) - 1]


def read_sign(document: Document) -> Sign:
    """One indicator as the method needs it."""
    levels = document.get("levels", ["absent", "present"])
    half_life: Any = document["half_life"]
    one_for_all: dict[str, str] = dict.fromkeys(levels, half_life)
    by_level = half_life if isinstance(half_life, dict) else one_for_all
    return Sign(
        levels=levels,
        half_lives={level: duration(by_level[level]) for level in levels},
        cuts=document["measure"]["cuts"] if "measure" in document else None,
        common_error=document.get("common_error", 0.02),
        draft=document.get("status") == "draft",
    )


def normalised(numbers: list[float]) -> list[float]:
    """The same numbers, summing to one."""
    whole = math.fsum(numbers)
    return [number / whole for number in numbers]


def read_row(written: Any, levels: list[str], scale: str) -> list[float]:
    """P(level) for each level, from a mapping by level or from one word or number for `yes`."""
    if isinstance(written, dict):
        return normalised([probability(written[level], scale) for level in levels])
    yes = probability(written, scale)
    return [1 - yes, yes]


def read_expected(written: Document, sign: Sign, scenarios: list[str], priors: list[float], scale: str) -> Expected:
    """What one problem expects of one sign."""
    given, otherwise = written.get("given", {}), written.get("otherwise")
    rows = [read_row(given.get(name, otherwise), sign.levels, scale) for name in scenarios]
    weight = written.get("weight", 1.0)
    return Expected(sign, rows, weight, *weighing.reach(rows, weight, priors, sign.common_error))


def read_question(document: Document, signs: dict[str, Sign]) -> Question:
    """One problem as the method needs it; signs that are drafts or not expected are left out."""
    scale = document.get("scale", "icd203")
    scenarios = [scenario["id"] for scenario in document["scenarios"]]
    priors = normalised([scenario["prior"] for scenario in document["scenarios"]])
    expected = {
        name: read_expected(written, signs[name], scenarios, priors, scale)
        for name, written in document["expectations"].items()
        if not signs[name].draft
    }
    groups = [(group["indicators"], group["correlation"]) for group in document.get("groups", [])]
    grouped = {name for members, _ in groups for name in members}
    return Question(
        id=document["id"],
        scale=scale,
        scenarios=scenarios,
        priors=priors,
        expected=expected,
        groups=[([name for name in members if name in expected], rho) for members, rho in groups]
        + [([name], 0.0) for name in expected if name not in grouped],
        ladder=read_ladder(document["ladder"]) if "ladder" in document else None,
    )


def read_ladder(document: Document) -> Ladder:
    """A ladder with its defaults filled in."""
    rungs = [
        Rung(
            id=rung["id"],
            raise_at=rung["raise_at"],
            clear_at=rung.get("clear_at", rung["raise_at"]),
            hold=duration(rung["hold"]) or timedelta() if "hold" in rung else timedelta(),
        )
        for rung in document["rungs"]
    ]
    return Ladder(
        adverse=document["adverse"],
        rungs=rungs,
        coverage_floor=document.get("coverage_floor", 0.2),
        blind_hold=duration(document.get("blind_hold", "30d")) or timedelta(),
        every=duration(document.get("every", "1d")) or timedelta(days=1),
    )
