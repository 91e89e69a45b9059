"""Assessments over HTTP: the digits of the command, under both clocks, and nothing for whoever has no token."""

from collections.abc import Iterator

import pytest

from iwscore.domain.times import from_micros
from iwscore.render import assessment_json
from iwscore.services import score
from tests.api.serving import CATALOG, Served, refused, report, serving
from tests.store.drafting import NOON, Clock, record, sound


@pytest.fixture
def served(sqlite_url: str) -> Iterator[Served]:
    with serving(sqlite_url, Clock()) as served:
        yield served


def test_an_assessment_has_the_digits_of_the_command(served: Served) -> None:
    answer = served.get("/v1/problems/northern-front/assessment")
    assert answer.status_code == 200, answer.text
    wanted = score(CATALOG, served.log.columns(), problem="northern-front", at=from_micros(NOON), draws=1000)
    for key, value in __import__("json").loads(assessment_json(wanted)).items():
        assert answer.json()[key] == value


def test_the_same_question_again_is_not_modified(served: Served) -> None:
    first = served.get("/v1/problems/northern-front/assessment")
    again = served.client.get(
        "/v1/problems/northern-front/assessment",
        headers={"Authorization": "Bearer reader-red", "If-None-Match": first.headers["etag"]},
    )
    assert (again.status_code, again.content) == (304, b"")
    assert served.get("/v1/problems/northern-front/assessment").content == first.content


def test_whoever_has_no_token_learns_nothing(served: Served) -> None:
    answer = served.client.get("/v1/problems/northern-front/assessment")
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "IW562"


def test_an_unknown_problem_is_refused(served: Served) -> None:
    answer = served.get("/v1/problems/nowhere/assessment")
    assert (answer.status_code, answer.json()["code"]) == (404, "IW501")


def test_a_parameter_nobody_knows_is_refused(served: Served) -> None:
    answer = served.get("/v1/problems/northern-front/assessment", knwon_at="2022-10-01")
    assert (answer.status_code, answer.json()["faults"][0]["where"]) == (422, "query.knwon_at")


def test_every_problem_is_listed_with_those_it_is_about(served: Served) -> None:
    record(served.log, sound(**report(observed_at=NOON - 1)))
    served.station.live("red").follow()
    served.station.follow()
    found = served.get("/v1/problems").json()["problems"]
    assert [one["id"] for one in found] == list(CATALOG.problems)
    for line in found:
        one = CATALOG.problems[line["id"]]
        assert (line["subjects"], line["reported"]) == (list(one.subjects or ()), ["belarus"])
        assert [scenario["prior"] for scenario in line["scenarios"]] == [scenario.prior for scenario in one.scenarios]
        assert line["indicators"] == [each.indicator for each in one.expectations]
    assert served.get("/v1/problems", subject="elsewhere").json()["problems"] == []
    assert served.get("/v1/problems", subject="belarus").json()["problems"] == found


def test_a_problem_that_watches_any_subject_says_so(sqlite_url: str) -> None:
    one = CATALOG.problems["northern-front"].model_copy(update={"subjects": None})
    catalog = CATALOG.model_copy(update={"problems": {"northern-front": one}})
    with serving(sqlite_url, Clock(), catalog=catalog) as served:
        record(served.log, *(sound(**report(observed_at=NOON - 1, subject=name)) for name in ("RU-UA", "belarus")))
        served.station.live("red").follow()
        served.station.follow()
        found = served.get("/v1/problems/northern-front").json()
    assert (found["subjects"], found["reported"]) == ("any", ["RU-UA", "belarus"])


def test_a_problem_in_full_is_what_the_catalog_has(served: Served) -> None:
    found = served.get("/v1/problems/northern-front").json()
    wanted = CATALOG.problems["northern-front"].model_dump(mode="json")
    assert {key: found[key] for key in wanted} == wanted
    listed = next(one for one in served.get("/v1/problems").json()["problems"] if one["id"] == "northern-front")
    assert listed.items() <= found.items()


def test_an_unknown_problem_has_no_page(served: Served) -> None:
    refused(served.get("/v1/problems/nowhere"), 404, "IW501")
    refused(served.get("/v1/problems/northern-front", subject="belarus"), 422, "IW560")
    refused(served.get("/v1/problems", at="2022-10-01"), 422, "IW560")


def test_times_far_ahead_are_refused(served: Served) -> None:
    refused(served.get("/v1/problems/northern-front/assessment", at="9999-12-31"), 422, "IW565")
