"""Health: alive and ready, told to anyone, and nothing else."""

from tests.api.serving import serving
from tests.store.drafting import Clock


def test_alive_and_ready_are_told_without_a_token(sqlite_url: str) -> None:
    with serving(sqlite_url, Clock()) as served:
        for path in ("/healthz", "/readyz"):
            answer = served.client.get(path)
            assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_who_answers_from_memory_is_ready(sqlite_url: str) -> None:
    with serving(sqlite_url, Clock(), findings=1) as served:
        answer = served.client.get("/readyz")
        assert (answer.status_code, answer.json()) == (200, {"status": "degraded"})


def test_who_follows_no_more_is_not_ready(sqlite_url: str) -> None:
    with serving(sqlite_url, Clock()) as served:
        served.station.close()
        answer = served.client.get("/readyz")
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
        assert answer.json()["detail"] == "The log is not followed."
        assert served.client.get("/healthz").status_code == 200
