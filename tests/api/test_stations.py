"""Stations: what an answer says of itself when the log or the catalog is not as it should be."""

from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from iwscore.api.application import make_app
from iwscore.api.stations import Station
from iwscore.errors import Unreachable
from iwscore.store.logs import create_log, open_log
from tests.api.serving import CATALOG, READERS, bearer, report
from tests.store.drafting import NOON, Clock, record, sound


@pytest.fixture
def ticks() -> list[float]:
    return [0.0]


@pytest.fixture
def station(sqlite_url: str, ticks: list[float]):
    create_log(sqlite_url)
    with open_log(sqlite_url, clock=Clock()) as log:
        yield Station(log, CATALOG, lambda: READERS, ticks=lambda: ticks[0])


def test_a_log_that_cannot_be_reached_is_told_and_forgotten_when_it_can(station: Station, sqlite_url: str) -> None:
    before, told = station.stamp("amber"), list[str]()
    station.listen(lambda: told.append("told"))
    place = Path(sqlite_url)
    content = place.read_bytes()
    station.log.close()
    place.write_bytes(b"no database " * 400)
    with pytest.raises(Unreachable):
        station.follow()
    assert station.stamp("amber").degraded == (*before.degraded, "database unreachable")
    station.log.close()
    place.write_bytes(content)
    station.follow()
    assert station.stamp("amber") == before
    assert told == ["told", "told"]


def test_a_log_that_is_not_followed_for_long_is_told(station: Station, ticks: list[float]) -> None:
    before = station.stamp("amber").degraded
    ticks[0] = 11.0
    assert station.stamp("amber").degraded == (*before, "log not followed")
    station.follow()
    assert station.stamp("amber").degraded == before


def test_doubts_and_findings_of_the_catalog_are_told(station: Station) -> None:
    station.replace(CATALOG, 2, doubts=("not the one",))
    assert station.stamp("amber").degraded == ("catalog has findings", "not the one")
    station.replace(CATALOG, 0)
    assert station.stamp("amber").degraded == ()


@pytest.mark.parametrize("path", ["changes", "observations"])
def test_what_is_hidden_does_not_tell_that_it_has_just_come(station: Station, path: str) -> None:
    """Nobody follows here: the log is a step ahead of the service, as it is after each write of another process."""
    client = TestClient(make_app(station))
    record(station.log, sound(**report(observed_at=NOON - 1)))
    station.follow()
    before = client.get(f"/v1/{path}", headers=bearer(ceiling="amber"))
    record(station.log, sound(**report(observed_at=NOON - 1, marking="red")))
    after = client.get(f"/v1/{path}?limit=100", headers=bearer(ceiling="amber"))
    assert before.headers.keys() == after.headers.keys() >= {"etag"}
    assert before.json() == after.json()


def test_an_answer_names_the_catalog_that_it_is_of_while_another_comes_into_use(station: Station) -> None:
    client, newer = TestClient(make_app(station)), CATALOG.model_copy(update={"digest": "newer"})
    station.live("red").replace(newer)
    for path in ("assessment", "trend?from=2022-10-01&to=2022-10-02", "explanation", "rungs"):
        answer = client.get(f"/v1/problems/northern-front/{path}", headers=bearer())
        assert (answer.json()["catalog"], answer.headers["iwscore-catalog"]) == ("newer", "newer")
