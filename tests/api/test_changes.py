"""Changes: everything that was recorded, in its order, and nothing of what is hidden but what it withdraws."""

import json

import pytest

from tests.api.serving import Served, report, serving
from tests.store.drafting import Clock

PATH = "/v1/observations"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def served(url, clock):
    with serving(url, clock) as served:
        yield served


def sent(served: Served, *markings: str) -> list[str]:
    answer = served.post(PATH, {"observations": [report(marking=marking) for marking in markings], "reason": "why"})
    return [entry["id"] for entry in answer.json()["entries"]]


def amended(served: Served, path: str, body: object) -> str:
    answer = served.post(f"{PATH}/{path}", body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["entries"][0]["id"])


def told(served: Served, ceiling: str, limit: int = 100, cursor: str = "") -> tuple[list[tuple[str, str]], str]:
    """Return the kinds and ids, or targets, of all changes behind a cursor, page by page, and the last cursor."""
    found = []
    while True:
        answer = served.get("/v1/changes", ceiling=ceiling, limit=limit, cursor=cursor).json()
        found += [(one["kind"], one.get("id", one["target"])) for one in answer["changes"]]
        if not answer["changes"]:
            assert answer["next"] == cursor
            return found, cursor
        cursor = answer["next"]


@pytest.mark.parametrize("limit", [1, 2, 100])
def test_a_poller_sees_each_change_once(served: Served, clock: Clock, limit: int) -> None:
    assert told(served, "amber") == ([], "")
    a, b, c = sent(served, "green", "red", "amber")
    _, cursor = told(served, "amber", limit)
    clock.now += 60_000_000
    corrected = amended(served, f"{a}/correction", {"changes": {"level": "few", "marking": "red"}, "reason": "r"})
    clock.now += 60_000_000
    retracted = amended(served, f"{c}/retraction", {"reason": "r", "marking": "green"})
    catalog = served.log.entries()[0].id
    assert told(served, "amber", limit, cursor)[0] == [("withdrawal", a), ("retraction", retracted)]
    assert told(served, "amber", limit)[0] == [
        ("catalog", catalog), ("observation", a), ("observation", c), ("withdrawal", a), ("retraction", retracted),
    ]  # fmt: skip
    assert told(served, "red", limit)[0] == [
        ("catalog", catalog), ("observation", a), ("observation", b), ("observation", c), ("correction", corrected),
        ("retraction", retracted),
    ]  # fmt: skip
    assert told(served, "green", limit)[0][1:] == [("observation", a), ("withdrawal", a), ("retraction", retracted)]


def test_what_is_hidden_changes_neither_cursor_nor_tag(served: Served) -> None:
    sent(served, "amber")
    first = served.get("/v1/changes", ceiling="amber")
    sent(served, "red", "red")
    again = served.get("/v1/changes", ceiling="amber")
    assert (again.content, again.headers["etag"]) == (first.content, first.headers["etag"])


def test_a_catalog_is_told_without_whose_batch_put_it_in_force(served: Served) -> None:
    sent(served, "red")
    (catalog,) = served.get("/v1/changes", ceiling="clear").json()["changes"]
    assert (catalog["kind"], catalog["author"], catalog["reason"]) == ("catalog", "", "")
    assert json.loads(catalog["content"])["digest"] == served.catalog.digest


def test_a_cursor_of_what_is_hidden_is_none(served: Served) -> None:
    (hidden,) = sent(served, "red")
    answers = [served.get("/v1/changes", ceiling="amber", cursor=name) for name in (hidden, "0" * 32, "a-b", "x")]
    assert {(answer.status_code, answer.json()["code"], answer.json()["detail"]) for answer in answers} == {
        (422, "IW564", answers[-1].json()["detail"])
    }
