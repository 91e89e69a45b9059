"""The door: who is let in, what is too much, and what every answer carries."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from iwscore.api.application import make_app
from iwscore.api.journals import Journal
from iwscore.api.limits import Rules
from iwscore.api.stations import Station
from iwscore.store.logs import create_log, open_log
from tests.api.serving import CATALOG, READERS, bearer
from tests.store.drafting import Clock

PROBLEM = "/v1/problems/northern-front/assessment"


@pytest.fixture
def lines() -> list[bytes]:
    return []


@pytest.fixture
def strict(sqlite_url: str, lines: list[bytes]):
    """Return a service of narrow limits, known as watch.example, which shows its station."""
    create_log(sqlite_url)
    rules = Rules(
        body_bytes=100, header_bytes=2000, query_bytes=100, requests_per_second=0.001, burst=3,
        failures_per_second=0.001, failure_burst=2, hosts=("watch.example",), origins=("https://pages.example",),
        secure=True,
    )  # fmt: skip
    with open_log(sqlite_url, clock=Clock()) as log:
        app = make_app(
            Station(log, CATALOG, lambda: READERS), rules=rules, journal=Journal(lines.append, Clock(), as_json=False)
        )

        @app.get("/broken")
        def broken() -> None:
            raise ValueError("secret")

        with TestClient(app, base_url="https://watch.example", raise_server_exceptions=False) as client:
            yield client


def said(answer: Any) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json"
    return answer.status_code, answer.json()["code"]


def test_a_token_has_so_many_requests(strict: TestClient) -> None:
    answers = [strict.get(PROBLEM, headers=bearer()) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert said(answers[3]) == (429, "IW576")
    assert (answers[3].headers["ratelimit-limit"], answers[3].headers["ratelimit-remaining"]) == ("3", "0")
    assert int(answers[3].headers["retry-after"]) > 900
    assert strict.get(PROBLEM, headers=bearer("reader", "amber")).status_code == 200


def test_a_peer_without_a_token_is_heard_so_often(strict: TestClient) -> None:
    tries = [{}, {"Authorization": "Bearer no"}, {"Authorization": "Basic bm8="}]
    assert [said(strict.get(PROBLEM, headers=headers)) for headers in tries] == [
        (401, "IW562"), (401, "IW562"), (429, "IW576"),
    ]  # fmt: skip
    assert strict.get(PROBLEM, headers=bearer()).status_code == 200
    assert strict.get("/healthz").status_code == 200


def test_what_is_too_much_is_refused(strict: TestClient) -> None:
    def post(content: Any, kind: str = "application/json") -> tuple[int, str]:
        headers = bearer("analyst", "amber+strict" if kind != "application/json" else "red") | {"Content-Type": kind}
        return said(strict.post("/v1/observations", content=content, headers=headers))

    assert said(strict.get(f"{PROBLEM}?subject={'x' * 100}", headers=bearer())) == (414, "IW576")
    assert said(strict.get(PROBLEM, headers={"X-Much": "x" * 2000})) == (431, "IW576")
    assert post(b"x" * 101) == (413, "IW576")
    assert post(iter([b"x" * 60, b"x" * 60])) == (413, "IW576")
    assert post(b"[]", "text/plain") == (415, "IW576")


def test_another_host_is_not_answered(strict: TestClient) -> None:
    assert said(strict.get(PROBLEM, headers=bearer() | {"Host": "evil.example:443"})) == (421, "IW575")
    assert strict.get(PROBLEM, headers=bearer() | {"Host": "WATCH.example:8443"}).status_code == 200


def test_head_is_get_without_the_body(strict: TestClient) -> None:
    whole, head = strict.get(PROBLEM, headers=bearer()), strict.head(PROBLEM, headers=bearer())
    assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", whole.headers["etag"])


def test_unknown_paths_and_methods_are_told_to_whoever_is_let_in(strict: TestClient) -> None:
    assert said(strict.get("/v1/nowhere"))[0] == 401
    assert said(strict.get("/v1/nowhere", headers=bearer()))[0] == 404
    answer = strict.delete(PROBLEM, headers=bearer())
    assert (said(answer)[0], answer.headers["allow"]) == (405, "GET")


def test_a_fault_of_the_service_is_told_to_the_journal_alone(
    strict: TestClient, lines: list[bytes], caplog: pytest.LogCaptureFixture
) -> None:
    answer = strict.get("/broken", headers=bearer() | {"X-Request-Id": "mine-1"})
    assert said(answer) == (500, "")
    assert answer.headers["x-request-id"] == answer.json()["request"] == "mine-1"
    assert "secret" not in answer.text
    assert caplog.records[0].exc_info is not None
    assert b"request=mine-1 who=reader-red method=GET operation=broken status=500" in lines[-1]


def test_a_request_id_of_another_form_is_not_taken(strict: TestClient) -> None:
    answer = strict.get("/healthz", headers={"X-Request-Id": "a b"})
    assert len(answer.headers["x-request-id"]) == 16


def test_every_answer_has_the_headers_that_protect(strict: TestClient) -> None:
    answer = strict.get("/v1/nowhere")
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["strict-transport-security"] == "max-age=31536000"
    assert answer.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert strict.get(PROBLEM, headers=bearer()).headers["cache-control"] == "private, no-cache"
