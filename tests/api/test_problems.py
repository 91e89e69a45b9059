"""Assessments over HTTP: the digits of the command, under both clocks, and nothing for whoever has no token."""

from collections.abc import Iterator

import pytest

from iwscore.domain.times import from_micros
from iwscore.render import assessment_json
from iwscore.services import score
from tests.api.serving import CATALOG, Served, serving
from tests.store.drafting import NOON, Clock


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
