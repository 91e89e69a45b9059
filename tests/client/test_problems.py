"""Questions about a problem, asked of a service that runs."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from iwscore.api.application import make_app
from iwscore.api.stations import Station
from iwscore.client import Client, Declined
from iwscore.domain.times import from_micros
from iwscore.errors import Unreachable
from iwscore.services import score
from iwscore.store.logs import Log, create_log, open_log
from tests.api.serving import CATALOG, READERS
from tests.client.scripted import listening, said, scripted
from tests.store.drafting import NOON, Clock

PAGE: dict[str, Any] = {
    "problem": "p",
    "subject": "s",
    "known_at": None,
    "vintage": False,
    "catalog": "c",
    "ceiling": "red",
    "rows": [],
}


@dataclass(frozen=True)
class Place:
    url: str
    log: Log


@pytest.fixture
def served(sqlite_url: str) -> Iterator[Place]:
    create_log(sqlite_url)
    with open_log(sqlite_url, clock=Clock()) as log:
        station = Station(log, CATALOG, lambda: READERS)
        with listening(make_app(station)) as url:
            yield Place(url, log)


def test_an_assessment_is_the_one_of_the_service(served: Place) -> None:
    with Client(served.url, "reader-amber") as client:
        first, again = (client.problems.assessment("northern-front") for _ in range(2))
    assert first.content == score(
        CATALOG, served.log.columns(), problem="northern-front", at=from_micros(NOON), draws=1000
    )
    assert (first.said.ceiling, first.said.catalog) == ("amber", CATALOG.digest)
    assert (first.unchanged, again.unchanged, again.content) == (False, True, first.content)


def test_a_refusal_is_the_problem_document(served: Place) -> None:
    with Client(served.url, "reader-amber") as client, pytest.raises(Declined) as refused:
        client.problems.assessment("no/where")
    assert (refused.value.status, refused.value.code) in {(404, "IW501"), (404, "")}


def test_a_token_that_opens_nothing(served: Place) -> None:
    with Client(served.url, "none") as client, pytest.raises(Declined, match="401 IW562"):
        client.problems.assessment("northern-front")


def test_pages_of_a_trend_are_from_one_state_of_the_log() -> None:
    def page(log: str, onward: str | None) -> tuple[int, dict[str, str], bytes]:
        return said(PAGE | {"log": log, "next": onward})

    pages = [page("1", "b"), page("2", "c"), page("2", "b"), page("2", None)]
    with scripted(*pages) as server, Client(server.url, "secret") as client:
        assert client.problems.trend("p", start="2022-10-01").said.log == "2"
    assert [place.rpartition("/")[2] for _, place, _, _ in server.asked] == [
        "trend?from=2022-10-01", "trend?from=2022-10-01&cursor=b",
    ] * 2  # fmt: skip


def test_a_log_that_never_rests_gives_no_trend() -> None:
    pages = [said(PAGE | {"log": str(number), "next": "b"}) for number in range(16)]
    with scripted(*pages) as server, Client(server.url, "secret") as client, pytest.raises(Unreachable, match="IW578"):
        client.problems.trend("p")
