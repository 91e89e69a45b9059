"""Answers are given again as bytes while they are true, each only to those whose answer it is."""

import gzip
from collections.abc import Iterator

import pytest

from tests.api.exchanges import Exchange, exchange
from tests.api.serving import Served, report, serving
from tests.store.drafting import Clock

PATH = "/v1/problems/northern-front/assessment"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def served(sqlite_url: str, clock: Clock) -> Iterator[Served]:
    with serving(sqlite_url, clock) as served:
        yield served


def asked(served: Served, ceiling: str = "red", path: str = PATH, **headers: str) -> Exchange:
    return exchange(served, "GET", path, who=("reader", ceiling), **headers)


def test_an_answer_for_one_ceiling_is_none_for_another(served: Served) -> None:
    served.post("/v1/observations", {"observations": [report(marking="red")]})
    answers = {ceiling: asked(served, ceiling) for ceiling in ("red", "amber", "red", "amber", "clear")}
    assert (b'"observations":1,' in answers["red"].body, b'"observations":0,' in answers["amber"].body) == (True, True)
    assert len({answer.header("etag") for answer in answers.values()}) == 3
    tag = answers["red"].header("etag")
    assert asked(served, "amber", if_none_match=tag).status == 200


@pytest.mark.parametrize("has", ["{}", '"x", {}', "W/{}", "*"])
def test_who_has_it_is_told_so(served: Served, has: str) -> None:
    first = asked(served)
    again = asked(served, if_none_match=has.format(first.header("etag")))
    assert (again.status, again.body, again.header("etag")) == (304, b"", first.header("etag"))
    assert asked(served, if_none_match='"x"').body == first.body


def test_without_a_time_an_answer_is_true_until_the_minute_is_over(served: Served, clock: Clock) -> None:
    first, fixed = asked(served), asked(served, path=f"{PATH}?at=2022-10-01")
    clock.now += 1
    assert asked(served, if_none_match=first.header("etag")).status == 200
    assert asked(served, path=f"{PATH}?at=2022-10-01", if_none_match=fixed.header("etag")).status == 304


def test_what_is_recorded_ends_it(served: Served) -> None:
    first = asked(served)
    served.post("/v1/observations", {"observations": [report()]})
    after = asked(served, if_none_match=first.header("etag"))
    assert (after.status, after.header("iwscore-log") != first.header("iwscore-log")) == (200, True)


def test_it_is_zipped_for_who_asks_so(served: Served) -> None:
    plain, zipped = asked(served), asked(served, accept_encoding="br, gzip")
    assert gzip.decompress(zipped.body) == plain.body
    assert (zipped.header("content-encoding"), plain.header("content-encoding")) == ("gzip", "")
    assert zipped.header("etag") != plain.header("etag")
    assert asked(served, accept_encoding="gzip", if_none_match=zipped.header("etag")).status == 304


def test_refusals_and_what_writes_are_not_kept(served: Served) -> None:
    for _ in range(2):
        refused = asked(served, path="/v1/problems/nowhere/assessment")
        assert (refused.status, refused.header("cache-control"), refused.header("etag")) == (404, "no-store", "")
    sent = served.post("/v1/observations", {"observations": [report()]})
    assert (sent.headers["cache-control"], "etag" in sent.headers) == ("no-store", False)
