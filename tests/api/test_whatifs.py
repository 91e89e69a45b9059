"""What-ifs: the digits that would be answered were it recorded, and nothing is."""

import pytest

from tests.api.serving import Served, bearer, refused, report, serving
from tests.store.drafting import Clock

PATH = "/v1/problems/northern-front/what-if"
MORE = [report(level="assault-force", source="belaruski-hajun"), report(indicator="mobilisation", level="general")]


@pytest.fixture
def served(url):
    clock = Clock()
    with serving(url, clock) as served:
        served.post("/v1/observations", {"observations": [report(), report(marking="red", level="few")]})
        clock.now += 60_000_000
        yield served


def test_it_has_the_digits_of_what_is_then_recorded(served: Served) -> None:
    head = served.log.head()
    before = served.get("/v1/problems/northern-front/assessment").json()
    answer = served.post(PATH, {"hypothetical": MORE}, role="reader")
    assert (answer.status_code, served.log.head()) == (200, head)
    said = answer.json()
    assert said["before"] == {name: before[name] for name in said["before"]}
    served.post("/v1/observations", {"observations": MORE})
    after = served.get("/v1/problems/northern-front/assessment").json()
    assert said["after"]["scenarios"] == after["scenarios"]
    assert [one["likelihood"] for one in said["difference"]] == [
        new["likelihood"] - old["likelihood"] for old, new in zip(before["scenarios"], after["scenarios"], strict=True)
    ]


def test_it_is_computed_from_what_the_ceiling_may_see(served: Served) -> None:
    seen = served.post(PATH, {"hypothetical": MORE}, role="reader", ceiling="amber").json()
    assert (seen["before"]["observations"], seen["after"]["observations"]) == (1, 3)
    assert seen["ceiling"] == "amber"


def test_it_may_lie_ahead_but_not_after_the_question(served: Served) -> None:
    ahead = {"hypothetical": [report(observed_at="2023-01-01T00:00:00Z")]}
    late = served.post(PATH, ahead, role="reader")
    assert late.json()["faults"][0]["where"] == "body.hypothetical.0.observed_at"
    answer = served.client.post(
        PATH, params={"at": "2023-01-02", "draws": 0}, json=ahead, headers={"Authorization": "Bearer reader-red"}
    )
    assert answer.status_code == 200
    assert answer.json()["after"]["scenarios"] != answer.json()["before"]["scenarios"]
    assert answer.json()["before"]["scenarios"][0]["low"] is None


def test_as_known_earlier_it_counts_as_known_then(served: Served) -> None:
    answer = served.client.post(
        PATH,
        params={"known_at": "2022-10-04T12:00:00Z"},
        json={"hypothetical": MORE},
        headers={"Authorization": "Bearer reader-red"},
    ).json()
    assert (answer["before"]["observations"], answer["after"]["observations"]) == (0, 2)


def test_names_and_too_many_are_refused(served: Served) -> None:
    for rows in ([report(external_id="a")], [], MORE * 51, [report(level="many")]):
        assert served.post(PATH, {"hypothetical": rows}, role="reader").status_code == 422
    unknown = served.post("/v1/problems/nowhere/what-if", {"hypothetical": MORE}, role="reader")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "IW501")


def test_it_is_not_asked_about_a_time_that_takes_long_to_reach(served: Served) -> None:
    body = {"hypothetical": MORE}
    refused(served.client.post(f"{PATH}?at=9999-12-31", json=body, headers=bearer()), 422, "IW565")
    assert served.client.post(f"{PATH}?at=2032-10-01", json=body, headers=bearer()).status_code == 200
