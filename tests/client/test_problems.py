"""Questions about a problem, asked of a service that runs."""

import itertools
from typing import Any

import pytest

from iwscore.client import Client, Declined
from iwscore.domain.times import from_micros
from iwscore.errors import Unreachable
from iwscore.services import explain, score, trend
from tests.api.running import Running
from tests.api.serving import CATALOG, report
from tests.client.scripted import said, scripted
from tests.store.drafting import DAY, NOON

PAGE: dict[str, Any] = {
    "problem": "p",
    "subject": "s",
    "known_at": None,
    "vintage": False,
    "catalog": "c",
    "ceiling": "red",
    "rows": [],
}


def test_an_assessment_is_the_one_of_the_service(served: Running) -> None:
    with Client(served.url, "reader-amber") as client:
        first, again = (client.problems.assessment("northern-front") for _ in range(2))
    assert first.content == score(
        CATALOG, served.station.log.columns(), problem="northern-front", at=from_micros(NOON), draws=1000
    )
    assert (first.said.ceiling, first.said.catalog) == ("amber", CATALOG.digest)
    assert (first.unchanged, again.unchanged, again.content) == (False, True, first.content)


def test_a_refusal_is_the_problem_document(served: Running) -> None:
    with Client(served.url, "reader-amber") as client, pytest.raises(Declined) as refused:
        client.problems.assessment("no/where")
    assert (refused.value.status, refused.value.code) in {(404, "IW501"), (404, "")}


def test_a_token_that_opens_nothing(served: Running) -> None:
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


def test_every_question_about_a_problem(served: Running) -> None:
    at, start = from_micros(NOON), from_micros(NOON - 20 * DAY)
    with Client(served.url, "analyst-red") as client:
        client.log.record([dict(report())])
        problems = client.problems
        assert [one["id"] for one in problems.all().content] == sorted(CATALOG.problems)
        assert problems.one("northern-front").content["horizon"] == "90d"
        columns = served.station.log.columns()
        table = problems.trend(
            "northern-front", start=start, end=at, step="1d", limit=7, scenario=["rear-area"]
        ).content
        whole = trend(CATALOG, columns, problem="northern-front", start=start, end=at, step="1d")
        assert table.likelihood[:, 0].tolist() == whole.likelihood[:, whole.scenarios.index("rear-area")].tolist()
        told = problems.explanation("northern-front", at=at).content
        assert told == explain(CATALOG, served.station.log.observations(), problem="northern-front", at=at)
        assert problems.rungs("northern-front").said.ceiling == "red"
        more = problems.what_if("northern-front", [dict(report(source="lukashenko"))], at=at, draws=0).content
        assert more.before == problems.assessment("northern-front", at=at, draws=0).content
        assert [one.id for one in more.difference] == [one.id for one in more.after.scenarios]


def test_a_stream_tells_what_is_new(served: Running) -> None:
    with Client(served.url, "analyst-red") as client:
        stream = client.problems.stream("northern-front")
        first = next(stream)
        assert first.content == client.problems.assessment("northern-front").content
        client.log.record([dict(report())])
        after = next(stream)
        assert (after.content.observations, first.content.observations) == (1, 0)
        stream.close()
        again = client.problems.stream("northern-front", after=first.tag)
        assert [one.content for one in itertools.islice(again, 1)] == [after.content]
        again.close()
