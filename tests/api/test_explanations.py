"""Explanations over HTTP: the command's keys and digits, and one reading of the log for many questions."""

from collections.abc import Iterator
from typing import Any

import orjson
import pytest

from iwscore.domain.times import parse_instant
from iwscore.render import explanation_json
from iwscore.services import explain
from iwscore.services.questions import known_micros
from tests.api.chances import Chance
from tests.api.serving import Served, refused, report, serving
from tests.store.drafting import NOON, Clock, record, sound

PATH = "/v1/problems/northern-front/explanation"


@pytest.fixture(scope="module", params=[2, 10])
def seed(request: pytest.FixtureRequest) -> int:
    return int(request.param)


@pytest.fixture
def served(sqlite_url: str) -> Iterator[Served]:
    with serving(sqlite_url, Clock()) as served:
        record(served.log, sound(**report(observed_at=NOON - 1)))
        served.station.follow()
        yield served


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"at": "2022-09-20T06:00:00Z"},
        {"at": "2022-09-20T06:00:00Z", "known_at": "2022-09-18"},
        {"since": "2022-09-12"},
        {"at": "2022-09-20", "since": "2022-09-12T00:00:00Z", "known_at": "2022-09-20"},
    ],
)
def test_an_explanation_has_the_digits_of_the_command(random: Chance, asked: dict[str, str]) -> None:
    known = parse_instant(asked["known_at"], end_of_day=True) if "known_at" in asked else None
    for problem, subject in random.subject.items():
        wanted = explain(
            random.catalog, random.served.log.observations(), problem=problem, subject=subject, known_at=known,
            at=parse_instant(asked["at"]) if "at" in asked else random.now(),
            since=parse_instant(asked["since"]) if "since" in asked else None,
            in_force=random.in_force(known),
        )  # fmt: skip
        found, said = random.get(problem, "explanation", **asked).json(), orjson.loads(explanation_json(wanted))
        assert {key: found[key] for key in said} == said
        assert set(found) - set(said) == {"log", "ceiling", "stale", "degraded"}
    assert known_micros(known) > 0


def test_the_log_is_read_once_for_what_is_seen(served: Served) -> None:
    readings: Any = served.client.app.state.readings  # type: ignore[attr-defined]
    kept = []
    for params in ({}, {"at": "2022-10-05"}, {"since": "2022-10-01"}):
        assert served.get(PATH, **params).status_code == 200
        kept.append(readings._kept["red"])
    assert kept[0] is kept[1] is kept[2]
    record(served.log, sound(**report(observed_at=NOON - 1, source="osint")))
    served.station.follow()
    seen, reports = served.get(PATH).json()["log"], readings._kept["red"]
    assert reports[0] == seen != kept[0][0]
    assert len(reports[1]) == 2


@pytest.mark.parametrize(
    ("path", "params", "status", "code"),
    [
        ("/v1/problems/nowhere/explanation", {}, 404, "IW501"),
        (PATH, {"subject": "elsewhere"}, 404, "IW503"),
        (PATH, {"since": "2022-10-02", "at": "2022-10-01"}, 422, "IW504"),
        (PATH, {"since": "then"}, 422, "IW507"),
        (PATH, {"at": "2122-10-01"}, 422, "IW565"),
        (PATH, {"top": "3"}, 422, "IW560"),
    ],
)
def test_what_cannot_be_asked_is_refused(
    silent: Served, path: str, params: dict[str, str], status: int, code: str
) -> None:
    refused(silent.get(path, **params), status, code)
