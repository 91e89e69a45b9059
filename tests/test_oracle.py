"""The engine answers as the oracle does, on random worlds with everything in them.

That the oracle itself answers rightly is shown in `tests/oracle/test_answers.py` and by the
networks and published figures in the neighbouring modules.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from iwscore import catalog, services, store
from tests.oracle import Oracle
from tests.oracle.comparison import by_sign, comparable, differences
from tests.oracle.reports import knowledge_time
from tests.oracle.texts import UNITS, instant
from tests.oracle.worlds import DAYS, START, World, make, write

SEEDS = 60


@dataclass(frozen=True)
class Case:
    """One world, asked through the oracle and through the engine."""

    seed: int
    world: World
    oracle: Oracle
    catalog: Any
    observations: Any

    def questions(self, count: int) -> list[dict[str, Any]]:
        """Random questions: problem, subject and the two clocks."""
        rng = Random(f"questions of {self.seed}")
        asked = []
        for _ in range(count):
            problem = rng.choice(self.world.documents["problems"])["id"]
            at = self.moment(rng)
            known_at = rng.choice([None, None, at, self.moment(rng), at + timedelta(days=3)])
            subject = rng.choice(self.world.subjects(problem))
            asked.append({"problem": problem, "subject": subject, "at": at, "known_at": known_at})
        return asked

    def moment(self, rng: Random) -> datetime:
        """Any minute, a midnight, or the very instant of a report or of the knowledge of it."""
        row = rng.choice(self.world.rows)
        return rng.choice(
            [
                START + timedelta(minutes=rng.randrange(1440 * (DAYS + 20))),
                START + timedelta(days=rng.randrange(DAYS + 20)),
                instant(row["observed_at"]),
                knowledge_time(row),
            ]
        )


@pytest.fixture(scope="module", params=range(SEEDS))
def case(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Case:
    seed = request.param
    world = make(seed)
    folder: Path = tmp_path_factory.mktemp(f"world-{seed}-")
    write(world, folder)
    loaded = catalog.load(folder)
    observations = store.read_observations(folder / "observations.csv", loaded)
    return Case(seed, world, Oracle(world.documents, world.rows), loaded, observations)


def test_assessments_agree(case: Case) -> None:
    for question in case.questions(6):
        assessment = services.score(case.catalog, case.observations, **question).model_dump()
        assert differences(case.oracle.answer(**question), assessment) == [], question


@pytest.mark.parametrize("vintage", [False, True], ids=["plain", "vintage"])
def test_trends_agree(case: Case, vintage: bool) -> None:
    rng = Random(f"trends of {case.seed}")
    for question in case.questions(2):
        start = question.pop("at") - timedelta(days=rng.randrange(DAYS))
        step, length = rng.choice([("7h", UNITS["h"] * 7), ("1d", UNITS["d"]), ("2d", 2 * UNITS["d"])])
        times = [start + number * length for number in range(20)]
        end = times[-1] + timedelta(minutes=rng.choice([0, 7]))
        trend = services.trend(
            case.catalog, case.observations, **question, start=start, end=end, step=step, vintage=vintage
        )
        expected = case.oracle.trend(**question, times=times, vintage=vintage)
        assert differences(trend_rows(expected), list(trend.rows())) == [], (question, step)


def trend_rows(answers: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows of a trend from its answers."""
    return [
        {
            **{column: answer[column] for column in ("at", "subject", "coverage", "rung")},
            "scenario": scenario["id"],
            **{column: scenario[column] for column in ("likelihood", "score", "against")},
        }
        for answer in answers
        for scenario in answer["scenarios"]
    ]


def test_explanations_agree(case: Case) -> None:
    for question in case.questions(3):
        expected = comparable(case.oracle.explanation(**question))
        explanation = services.explain(case.catalog, case.observations, **question).model_dump()
        assert differences(expected, by_sign(expected, explanation)) == [], question


def test_changes_agree(case: Case) -> None:
    rng = Random(f"changes of {case.seed}")
    for question in case.questions(4):
        since = question["at"] - timedelta(hours=rng.choice([1, 30, 150, 400]))
        if question["known_at"] is not None:
            question["known_at"] = max(question["known_at"], since)
        explanation = services.explain(case.catalog, case.observations, **question, since=since).model_dump()
        expected = {"since": since, "steps": case.oracle.change(**question, since=since)}
        assert differences(expected, explanation["change"]) == [], question
