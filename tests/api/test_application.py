"""The application: pages of other places ask only where that is set."""

from fastapi.testclient import TestClient

from iwscore.api.application import make_app
from iwscore.api.limits import Rules
from tests.api.serving import bearer, serving
from tests.store.drafting import Clock

ASKED = {"Origin": "https://pages.example", "Access-Control-Request-Method": "GET"}


def test_pages_of_named_origins_may_ask_and_no_others(sqlite_url: str) -> None:
    with serving(sqlite_url, Clock()) as served:
        closed = served.client.options("/v1/problems", headers=ASKED)
        assert (closed.status_code, "access-control-allow-origin" in closed.headers) == (401, False)
        app = make_app(served.station, rules=Rules(origins=("https://pages.example",)))
        client = TestClient(app)
        opened = client.options("/v1/problems", headers=ASKED)
        assert opened.headers["access-control-allow-origin"] == "https://pages.example"
        assert "access-control-allow-credentials" not in opened.headers
        other = client.options("/v1/problems", headers=ASKED | {"Origin": "https://evil.example"})
        assert "access-control-allow-origin" not in other.headers
        answer = client.get("/v1/nowhere", headers=bearer() | {"Origin": "https://pages.example"})
        assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (404, "https://pages.example")
