"""The catalog over HTTP: what its models hold, as JSON."""

from collections.abc import Iterator
from typing import Any

import pytest

from iwscore import __version__
from iwscore.domain.grades import RELIABILITIES
from tests.api.serving import CATALOG, Served, refused, serving
from tests.store.drafting import Clock


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(str(tmp_path_factory.mktemp("served") / "iwscore.db"), Clock()) as served:
        yield served


def test_every_indicator_is_listed_with_the_problems_that_expect_it(served: Served) -> None:
    found = served.get("/v1/indicators").json()["indicators"]
    assert [one["id"] for one in found] == list(CATALOG.indicators)
    for line in found:
        one = CATALOG.indicators[line["id"]]
        assert (line["title"], tuple(line["levels"]), line["status"]) == (one.title, one.levels, one.status)
        expecting = [p.id for p in CATALOG.problems.values() if one.id in {each.indicator for each in p.expectations}]
        assert line["problems"] == expecting


def test_what_never_fades_has_no_half_life(sqlite_url: str) -> None:
    name, one = next(iter(CATALOG.indicators.items()))
    lasting = one.model_copy(update={"half_life_days": (float("inf"), *one.half_life_days[1:])})
    other = CATALOG.model_copy(update={"indicators": {**CATALOG.indicators, name: lasting}})
    with serving(sqlite_url, Clock(), catalog=other) as served:
        for line in served.get("/v1/indicators").json()["indicators"][0], whole(served)["indicators"][name]:
            assert line["half_life_days"] == [None, *one.half_life_days[1:]]


def whole(served: Served) -> Any:
    return served.get("/v1/catalog").json()["content"]


@pytest.mark.parametrize(
    ("params", "holds"),
    [
        ({"category": "military"}, lambda one: one["category"] == "military"),
        ({"status": "deprecated"}, lambda one: one["status"] == "deprecated"),
        ({"problem": "northern-front"}, lambda one: "northern-front" in one["problems"]),
        ({"problem": "nowhere"}, lambda one: False),
    ],
)  # fmt: skip
def test_indicators_are_picked_by_what_they_are(served: Served, params: dict[str, str], holds: Any) -> None:
    every = served.get("/v1/indicators").json()["indicators"]
    assert served.get("/v1/indicators", **params).json()["indicators"] == [one for one in every if holds(one)]


def test_the_register_has_letters_and_ends_of_chains(served: Served) -> None:
    found = served.get("/v1/sources").json()["sources"]
    assert [one["id"] for one in found] == list(CATALOG.sources)
    for line in found:
        one = CATALOG.sources[line["id"]]
        assert line["ends_in"] == CATALOG.origins[one.id]
        assert [row["reliability"] for row in line["grades"]] == [RELIABILITIES[row.reliability] for row in one.grades]
        assert [row["reason"] for row in line["regraded"]] == [row.reason for row in one.regraded]
    assert any(line["regraded"] for line in found)


@pytest.mark.parametrize(
    ("name", "value"), [("party", "belarus-government"), ("kind", "official"), ("origin", "belarus-government")]
)
def test_sources_are_picked_by_side_kind_and_origin(served: Served, name: str, value: str) -> None:
    every = served.get("/v1/sources").json()["sources"]
    key = "ends_in" if name == "origin" else name
    found = served.get("/v1/sources", **{name: value}).json()["sources"]
    assert found == [one for one in every if one[key] == value]


def test_the_catalog_is_told_whole_under_its_digest(served: Served) -> None:
    found = served.get("/v1/catalog").json()
    assert (found["digest"], found["catalog"], found["version"]) == (CATALOG.digest, CATALOG.digest, __version__)
    assert found["content"] == CATALOG.model_dump(mode="json")
    assert (found["findings"], found["in_force"]) == (0, [])


def test_catalogs_in_force_are_named_with_the_time(served: Served) -> None:
    """It comes last: the others do not look at what is in force."""
    served.log.register(CATALOG, author="ann", reason="first edition")
    served.station.live("red").follow()
    served.station.follow()
    found = served.get("/v1/catalog").json()["in_force"]
    assert found == [{"since": "2022-10-05T20:00:00Z", "catalog": CATALOG.digest}]


def test_findings_are_counted(sqlite_url: str) -> None:
    with serving(sqlite_url, Clock(), findings=3) as served:
        found = served.get("/v1/catalog").json()
    assert (found["findings"], found["degraded"]) == (3, ["catalog has findings"])


@pytest.mark.parametrize("path", ["indicators", "sources", "catalog"])
def test_what_is_asked_otherwise_is_refused(served: Served, path: str) -> None:
    refused(served.get(f"/v1/{path}", colour="red"), 422, "IW560")
    headers = {"Authorization": "Bearer reader-clear"}
    first = served.client.get(f"/v1/{path}", headers=headers)
    again = served.client.get(f"/v1/{path}", headers=headers | {"If-None-Match": first.headers["etag"]})
    assert (first.status_code, again.status_code) == (200, 304)
