"""Stations: what an answer says of itself when the log or the catalog is not as it should be."""

from pathlib import Path

import pytest

from iwscore.api.stations import Station
from iwscore.errors import Unreachable
from iwscore.store.logs import create_log, open_log
from tests.api.serving import CATALOG, READERS
from tests.store.drafting import Clock


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
