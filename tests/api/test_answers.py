"""What an answer says of itself, in its body and in its headers, and what its tag is made of."""

from collections.abc import Iterator

import pytest

from iwscore.api.answers import Envelope, json_bytes
from iwscore.api.reloads import put_in_force
from iwscore.domain.times import parse_instant
from tests.api.exchanges import Exchange, exchange
from tests.api.serving import Served, report, serving
from tests.store.drafting import Clock

PATH = "/v1/problems/northern-front/assessment"


@pytest.fixture
def served(sqlite_url: str) -> Iterator[Served]:
    with serving(sqlite_url, Clock()) as served:
        yield served


def tag(served: Served, query: str = "", who: tuple[str, str] = ("reader", "red"), accept: str = "*/*") -> str:
    answer: Exchange = exchange(served, "GET", PATH + query, who=who, accept=accept)
    assert answer.status == 200
    return answer.header("etag")


def test_body_and_headers_say_the_same(served: Served) -> None:
    answer = served.get(PATH, at="2022-10-05T00:00:00Z", known_at="2022-10-04")
    told = answer.json()
    assert set(Envelope.model_fields) <= set(told)
    for name in ("catalog", "log", "ceiling", "at", "known_at"):
        assert answer.headers[f"iwscore-{name.replace('_', '-')}"] == told[name]
    assert (answer.headers["iwscore-stale"], answer.headers["iwscore-degraded"]) == ("; ".join(told["stale"]), "")
    assert (told["known_at"], told["stale"]) == ("2022-10-04T23:59:59.999999Z", ["nothing is reported"])


def test_left_out_the_time_is_now_up_to_the_minute(served: Served) -> None:
    assert served.get(PATH).json()["at"] == "2022-10-05T20:00:00Z"
    assert served.get(PATH).json()["known_at"] is None


def test_a_tag_names_all_that_an_answer_depends_on(served: Served) -> None:
    put_in_force(served.station)
    served.station.follow()
    tags = [tag(served, who=(role, ceiling)) for role in ("reader", "analyst") for ceiling in ("red", "amber")]
    tags += [tag(served, query) for query in ("?draws=0", "?draws=1", "?at=2022-10-05", "?at=2022-10-05&draws=0")]
    assert len(set(tags)) == len(tags)
    assert tag(served) == tags[0]
    served.post("/v1/observations", {"observations": [report(marking="red")]})
    assert tag(served) != tags[0]
    assert tag(served, who=("reader", "amber")) == tags[1]


def test_no_one_else_may_keep_an_answer(served: Served) -> None:
    headers = served.get(PATH).headers
    assert headers["cache-control"] == "private, no-cache"
    assert "Authorization" in headers["vary"]


def test_instants_are_written_with_a_closing_z_and_numbers_in_full() -> None:
    content = {"at": parse_instant("2022-10-05T02:00+02:00"), "likelihood": 1 / 3, "score": float("nan")}
    assert json_bytes(content) == b'{"at":"2022-10-05T00:00:00Z","likelihood":0.3333333333333333,"score":null}'
    with pytest.raises(TypeError):
        json_bytes({"x": object()})
