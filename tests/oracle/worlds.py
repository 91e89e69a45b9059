"""Random worlds: catalogs with every feature of the method, and the rows of a file of reports.

The same seed gives the same world. Documents are made here, rows in `histories`; `write` puts
both into a folder as a catalog and an `observations.csv`.
"""

import csv
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import yaml

from tests.oracle.catalogs import Document
from tests.oracle.histories import Cast, history
from tests.oracle.reports import Row
from tests.oracle.texts import BANDS

START = datetime(2022, 9, 1, tzinfo=UTC)
DAYS = 40
LETTERS = "ABCDEFG"
REQUIRED = {"observed_at", "indicator", "level", "source", "grade"}
LEVELS = {2: ["quiet", "active"], 3: ["none", "some", "many"], 4: ["nil", "low", "middling", "high"]}


@dataclass(frozen=True)
class World:
    """A catalog's documents and the rows of a file of reports."""

    documents: Document
    rows: list[Row]

    def subjects(self, problem: str) -> list[str]:
        """The subjects that a problem can be asked about."""
        written = next(one["subjects"] for one in self.documents["problems"] if one["id"] == problem)
        named = sorted({row["subject"] for row in self.rows if row.get("subject")})
        return named if written == "any" else list(written)


def make(seed: int) -> World:
    """The world of a seed."""
    rng = Random(seed)
    indicators = [indicator(rng, number) for number in range(rng.randint(3, 6))]
    sources = register(rng)
    subjects = rng.choice([["north"], ["north", "south"], ["RU-UA", "belarus"]])
    problems = [problem(rng, number, indicators, subjects) for number in range(rng.choice([1, 1, 2]))]
    documents: Document = {"indicators": indicators, "problems": problems, "sources": sources}
    if rng.random() < 0.3:
        documents["trust"] = {letter: trusts(rng, letter) for letter in LETTERS}
    listed = [one["subjects"] for one in problems if one["subjects"] != "any"]
    cast = Cast(
        indicators=indicators,
        sources=sources,
        subjects=subjects,
        blank_subject=len(listed) == len(problems) and {name for one in listed for name in one} == set(subjects[:1]),
        start=START,
        days=DAYS,
    )
    return World(documents, history(rng, cast))


def trusts(rng: Random, letter: str) -> list[float]:
    """One line of a trust table; the deceptive are worth nothing."""
    return [0.0 if letter == "G" or rng.random() < 0.1 else round(rng.uniform(0, 0.99), 3) for _ in range(6)]


def indicator(rng: Random, number: int) -> Document:
    """An indicator of two to four levels."""
    levels = list(LEVELS[rng.choice([2, 2, 3, 4])])
    made: dict[str, Any] = {"id": f"sign-{number}", "title": f"Sign {number}", "category": "military"}
    if len(levels) == 2 and rng.random() < 0.5:
        levels = ["absent", "present"]
    else:
        made["levels"] = levels
    lengths = ["36h", "2d", "3d", "9d", "2w", "60d", "never"]
    made["half_life"] = {one: rng.choice(lengths) for one in levels} if rng.random() < 0.6 else rng.choice(lengths)
    if rng.random() < 0.3:
        cuts = sorted(rng.sample(range(10, 2000), len(levels) - 1))
        made["measure"] = {"unit": "vehicles", "cuts": [cut + rng.choice([0, 0.5]) for cut in cuts]}
    if rng.random() < 0.6:
        made["common_error"] = rng.choice([0, 0.01, 0.05, 0.2, 0.5])
    made["status"] = rng.choices(["active", "deprecated", "draft"], [8, 1, 1])[0]
    return made


def register(rng: Random) -> list[Document]:
    """Sources: some on their own, some that have their word from others, some regraded."""
    count = rng.randint(4, 8)
    sources = []
    for number in range(count):
        made: dict[str, Any] = {
            "id": f"source-{number}",
            "title": f"Source {number}",
            "party": f"side-{number % 3}",
        }
        if number > 0 and rng.random() < 0.45:
            made["origin"] = f"source-{rng.randrange(number)}"
        made["grades"] = []
        if rng.random() < 0.8:
            days = sorted(rng.sample(range(DAYS), rng.randint(0, 2)))
            starts = ["2022-01-01", *(moment_text(rng, START + timedelta(days=day)) for day in days)]
            made["grades"] = [
                {"from": start, "reliability": rng.choice("ABCDEF"), "reason": "track record"} for start in starts
            ]
        if rng.random() < 0.35:
            days = sorted(rng.sample(range(5, DAYS), rng.randint(1, 2)))
            made["regraded"] = [
                {
                    "known_from": moment_text(rng, START + timedelta(days=day)),
                    "reliability": rng.choice("ACDEG"),
                    "reason": "found out",
                }
                for day in days
            ]
        sources.append(made)
    rng.shuffle(sources)
    return sources


def moment_text(rng: Random, moment: datetime) -> str:
    """A day, bare or as an instant."""
    return moment.date().isoformat() if rng.random() < 0.5 else moment.strftime("%Y-%m-%dT07:00:00Z")


def problem(rng: Random, number: int, indicators: list[Document], subjects: list[str]) -> Document:
    """A problem of two to six scenarios with expectations of most indicators."""
    scenarios = [f"course-{letter}" for letter in "abcdef"[: rng.randint(2, 6)]]
    priors = probabilities(rng, len(scenarios))
    scale = rng.choice(["icd203", "icd203", "phia", "kent"])
    flat = rng.random() < 0.08
    expected = [one for one in indicators if rng.random() < 0.9] or indicators[:1]
    made: dict[str, Any] = {
        "id": f"problem-{number}",
        "title": f"Problem {number}",
        "question": "What comes next?",
        "horizon": "90d",
        "subjects": "any" if rng.random() < 0.2 else list(subjects),
        "scenarios": [
            {"id": name, "title": name, "prior": prior} for name, prior in zip(scenarios, priors, strict=True)
        ],
        "scale": scale,
        "expectations": {one["id"]: expectation(rng, one, scenarios, scale, flat=flat) for one in expected},
    }
    groups = grouped(rng, [one["id"] for one in expected])
    if groups:
        made["groups"] = groups
    if rng.random() < 0.9:
        made.update(ladder(rng, scenarios, priors))
    return made


def probabilities(rng: Random, count: int, spread: float = 2.5) -> list[float]:
    """Numbers within the bounds of the catalog that sum to one, nearly."""
    raised = [2.0 ** rng.uniform(-spread, spread) for _ in range(count)]
    numbers = [one / sum(raised) for one in raised]
    if rng.random() < 0.3:
        numbers = [round(one, 7) for one in numbers]
    return [min(max(one, 0.002), 0.998) for one in numbers] if count == 2 else numbers


def expectation(rng: Random, one: Document, scenarios: list[str], scale: str, *, flat: bool) -> Document:
    """What the scenarios make of one indicator; a few named and otherwise, or all named."""
    count = len(one.get("levels", ["absent", "present"]))
    spread = 0.01 if flat else rng.choice([0.5, 2.0, 4.0])

    def row() -> Any:
        numbers = probabilities(rng, count, spread)
        if count > 2 or rng.random() < 0.3:
            return dict(zip(one.get("levels", ["absent", "present"]), numbers, strict=True))
        return rng.choice(sorted(BANDS[scale])) if rng.random() < 0.5 and not flat else numbers[1]

    made: dict[str, Any] = {"rationale": "house judgement"}
    named = scenarios if rng.random() < 0.3 else rng.sample(scenarios, rng.randint(1, len(scenarios) - 1))
    made["given"] = {name: row() for name in named}
    if len(named) < len(scenarios):
        made["otherwise"] = row()
    if rng.random() < 0.4:
        made["weight"] = rng.choice([0, 0.25, 0.8, 1])
    return made


def grouped(rng: Random, names: list[str]) -> list[Document]:
    """Up to two groups that share no indicator."""
    left = list(names)
    groups: list[Document] = []
    rng.shuffle(left)
    while len(left) >= 2 and len(groups) < 2 and rng.random() < 0.7:
        size = rng.randint(2, min(3, len(left)))
        members, left = left[:size], left[size:]
        correlation = rng.choice([0, 0.3, 0.7, 1])
        groups.append(
            {
                "id": f"group-{len(groups)}",
                "indicators": members,
                "correlation": correlation,
                "rationale": "one staff orders both",
            }
        )
    return groups


def ladder(rng: Random, scenarios: list[str], priors: list[float]) -> Document:
    """A ladder whose upper rungs lie above the priors; nothing where there is no room for one."""
    adverse = rng.sample(scenarios, rng.randint(1, len(scenarios) - 1))
    calm = sum(prior for name, prior in zip(scenarios, priors, strict=True) if name in adverse) + 0.001
    lowest = calm + 0.01
    if lowest > 0.9:
        return {}
    rungs: list[dict[str, Any]] = [{"id": "step-0", "raise_at": 0}]
    for number in range(rng.randint(1, 3)):
        lowest = rng.uniform(lowest, lowest + min(0.1, (0.98 - lowest) / 3))
        rung: dict[str, Any] = {"id": f"step-{number + 1}", "raise_at": lowest}
        if rng.random() < 0.5:
            rung["clear_at"] = rng.uniform(calm, lowest)
        if rng.random() < 0.6:
            rung["hold"] = rng.choice(["6h", "1d", "2d", "5d"])
        rungs.append(rung)
    made: dict[str, Any] = {"adverse": adverse, "rungs": rungs}
    optional: dict[str, list[Any]] = {
        "coverage_floor": [0.05, 0.15, 0.3, 0.5],
        "blind_hold": ["1d", "4d", "9d"],
        "every": ["1d", "2d", "12h"],
    }
    made.update({key: rng.choice(choices) for key, choices in optional.items() if rng.random() < 0.6})
    return {"ladder": made}


def write(world: World, folder: Path) -> None:
    """Put a world into a folder: the catalog's files and `observations.csv`."""
    indicators, sources = world.documents["indicators"], world.documents["sources"]
    write_yaml(folder / "indicators" / "early.yaml", {"indicators": indicators[:2]})
    write_yaml(folder / "indicators" / "late.yaml", {"indicators": indicators[2:]})
    for one in world.documents["problems"]:
        write_yaml(folder / "scenarios" / f"{one['id']}.yaml", one)
    register_file: dict[str, Any] = {"sources": sources}
    if "trust" in world.documents:
        register_file["trust"] = {"label": "made values", "table": world.documents["trust"], "spread": 0.1}
    write_yaml(folder / "sources" / "sources.yaml", register_file)
    columns = sorted(REQUIRED.union(*world.rows))
    with (folder / "observations.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="")
        writer.writeheader()
        writer.writerows(world.rows)


def write_yaml(path: Path, document: Document) -> None:
    """Write a document in full precision, without aliases."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unshared = json.loads(json.dumps(document))
    path.write_text(yaml.safe_dump(unshared, sort_keys=False, allow_unicode=True), encoding="utf-8")
