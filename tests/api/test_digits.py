"""One question, one answer: functions, commands, service, figures and client give the same digits."""

from __future__ import annotations

import csv
import random
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson
import pytest
import requests

from iwscore.client import Client
from iwscore.domain.times import from_micros, parse_instant, print_instant, to_micros
from iwscore.render import assessment_json, explanation_json, trend_csv, trend_json
from iwscore.services import explain, score, trend
from tests.api.running import Running, running
from tests.api.serving import CATALOG, ROOT, bearer
from tests.store.drafting import DAY, NOON, Clock

QUESTIONS = range(12)
BEGIN = NOON - 12 * DAY
SENT = ("observed_at", "indicator", "level", "source", "grade", "subject", "origin", "external_id", "marking")


@dataclass(frozen=True)
class Place:
    """The service, the place of its log, and a client."""

    served: Running
    database: str
    clock: Clock
    client: Client

    def get(self, path: str, accept: str = "application/json", **params: Any) -> bytes:
        """Return the bytes that the service answers."""
        headers = bearer() | {"Accept": accept}
        answer = requests.get(self.served.url + path, params=params, headers=headers, timeout=20)
        assert answer.status_code == 200, answer.text
        return answer.content


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    database, clock = str(tmp_path_factory.mktemp("digits") / "iwscore.db"), Clock(BEGIN)
    with running(database, clock) as served, Client(served.url, "analyst-red") as client:
        with (ROOT / "examples" / "northern-front-2022.csv").open(encoding="utf-8", newline="") as rows:
            reports = [_sent(row) for row in csv.DictReader(rows)]
        for start in range(0, len(reports), 5):
            part = reports[start : start + 5]
            clock.now = max(clock.now + DAY, *(to_micros(parse_instant(str(row["observed_at"]))) for row in part))
            client.log.record(part)
        clock.now += 3 * DAY + 1
        yield Place(served, database, clock, client)


def _sent(row: dict[str, str]) -> dict[str, Any]:
    value = {"value": float(row["value"])} if row["value"] else {}
    return {name: row[name] for name in SENT if row[name]} | value


@dataclass(frozen=True)
class Question:
    """A problem and two clocks, by chance."""

    problem: str
    at: datetime
    known_at: datetime | None

    @classmethod
    def by_chance(cls, number: int, until: int) -> Question:
        chance = random.Random(number)
        at, known = (from_micros(BEGIN + chance.randrange(until - BEGIN)) for _ in range(2))
        return cls(chance.choice(sorted(CATALOG.problems)), at, chance.choice((None, known)))

    @property
    def asked(self) -> dict[str, str]:
        """The clocks as they are written."""
        known = {} if self.known_at is None else {"known_at": print_instant(self.known_at)}
        return {"at": print_instant(self.at)} | known


def parts(body: bytes, text: str) -> tuple[str, str]:
    """Return the part of an answer that a command prints too, and what that prints, both as text."""
    printed = orjson.loads(text)
    told = orjson.loads(body)
    return orjson.dumps({name: told[name] for name in printed}).decode(), orjson.dumps(printed).decode()


@pytest.mark.parametrize("number", QUESTIONS)
def test_an_assessment_has_the_same_digits_everywhere(place: Place, number: int) -> None:
    asked = Question.by_chance(number, place.clock.now)
    path, draws = f"/v1/problems/{asked.problem}/assessment", 100 * (number % 3)
    found = score(
        CATALOG, place.served.station.log.columns(), problem=asked.problem, at=asked.at, known_at=asked.known_at,
        draws=draws, seed=number,
    )  # fmt: skip
    told, printed = parts(place.get(path, draws=draws, seed=number, **asked.asked), assessment_json(found))
    assert told == printed
    clocks: dict[str, Any] = {"at": asked.at, "known_at": asked.known_at, "draws": draws, "seed": number}
    assert place.client.problems.assessment(asked.problem, **clocks).content == found


@pytest.mark.parametrize("number", QUESTIONS)
def test_a_trend_has_the_same_digits_everywhere(place: Place, number: int) -> None:
    asked = Question.by_chance(number, place.clock.now)
    path, start = f"/v1/problems/{asked.problem}/trend", from_micros(BEGIN)
    step, vintage = ("7h", "1d", "3d", "1w")[number % 4], number % 2 == 1
    found = trend(
        CATALOG, place.served.station.log.columns(), problem=asked.problem, start=start, end=asked.at, step=step,
        known_at=asked.known_at, vintage=vintage,
    )  # fmt: skip
    known = {name: text for name, text in asked.asked.items() if name == "known_at"}
    span = {"from": print_instant(start), "to": print_instant(asked.at), "step": step, "vintage": str(vintage).lower()}
    assert place.get(path, accept="text/csv", **span, **known).decode() == trend_csv(found)
    printed = orjson.loads(trend_json(found))
    told = orjson.loads(place.get(path, **span, **known))
    assert {name: told[name] for name in ("problem", "subject", "rows")} == {
        name: printed[name] for name in ("problem", "subject", "rows")
    }
    table = place.client.problems.trend(
        asked.problem, start=start, end=asked.at, step=step, known_at=asked.known_at, vintage=vintage, limit=9
    ).content
    assert list(table.rows) == printed["rows"]
    assert table.likelihood.tobytes() == found.likelihood.tobytes()


@pytest.mark.parametrize("number", [0, 1, 2])
def test_an_explanation_has_the_same_digits_everywhere(place: Place, number: int) -> None:
    asked = Question.by_chance(number, place.clock.now)
    found = explain(
        CATALOG, place.served.station.log.observations(), problem=asked.problem, at=asked.at, known_at=asked.known_at
    )  # fmt: skip
    told, printed = parts(
        place.get(f"/v1/problems/{asked.problem}/explanation", **asked.asked), explanation_json(found)
    )
    assert told == printed
    clocks: dict[str, Any] = {"at": asked.at, "known_at": asked.known_at}
    assert place.client.problems.explanation(asked.problem, **clocks).content == found


@pytest.mark.parametrize("days", [0, 1, 40])
def test_figures_have_the_digits_of_the_assessment_now(place: Place, days: int) -> None:
    place.clock.now += days * DAY
    lines = dict(line.rsplit(" ", 1) for line in place.client.metrics().splitlines() if not line.startswith("#"))
    for problem in CATALOG.problems:
        now = place.client.problems.assessment(problem).content
        assert float(lines[f'iwscore_coverage{{problem="{problem}",subject="{now.subject}"}}']) == now.coverage
        for line in now.scenarios:
            about = f'{{problem="{problem}",scenario="{line.id}",subject="{now.subject}"}}'
            assert float(lines[f"iwscore_likelihood{about}"]) == line.likelihood
            assert float(lines[f"iwscore_score{about}"]) == line.score


def command(place: Place, *words: str) -> str:
    """Run the real command on the log of the service."""
    program = Path(sys.executable).parent / "iwscore"
    about = ["--catalog", str(ROOT), "--database", place.database]
    return subprocess.run([program, *words, *about], capture_output=True, check=True, text=True).stdout


def test_the_commands_print_what_the_service_answers(place: Place) -> None:
    asked = Question.by_chance(3, place.clock.now)
    words = [word for name, text in asked.asked.items() for word in (f"--{name.replace('_', '-')}", text)]
    text = command(place, "score", asked.problem, *words, "--format", "json")
    told, printed = parts(place.get(f"/v1/problems/{asked.problem}/assessment", **asked.asked), text)
    assert told == printed
    span = ["--from", print_instant(from_micros(BEGIN)), "--to", print_instant(asked.at), "--step", "1d"]
    body = place.get(
        f"/v1/problems/{asked.problem}/trend", accept="text/csv", **{"from": span[1], "to": span[3], "step": "1d"}
    )
    assert body.decode() == command(place, "trend", asked.problem, *span, "--format", "csv")
