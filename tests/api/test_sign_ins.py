"""Sign-ins: a code is changed for a cookie once, and the page can say nothing that acts."""

from fastapi import FastAPI
from fastapi.testclient import TestClient

from iwscore.api.sign_ins import router_of
from iwscore.errors import QuestionError


def redeem(code: str) -> str:
    if code != "good":
        raise QuestionError("IW556", "sign-in code opens nothing", f"<b>{code}</b>", "must be fresh", "Ask again.")
    return "iws_token"


def page(code: str, *, secure: bool):
    app = FastAPI()
    app.include_router(router_of(redeem, secure=secure))
    return TestClient(app).get("/sign-in", params={"code": code})


def test_a_good_code_is_a_cookie_that_scripts_and_other_sites_never_see() -> None:
    answer = page("good", secure=True)
    assert answer.headers["set-cookie"] == (
        "iwscore=iws_token; HttpOnly; Max-Age=2592000; Path=/; SameSite=strict; Secure"
    )
    assert "Secure" not in page("good", secure=False).headers["set-cookie"]
    assert "iws_token" not in answer.text


def test_a_bad_code_is_refused_and_escaped() -> None:
    answer = page("<script>", secure=False)
    assert (answer.status_code, "set-cookie" in answer.headers) == (403, False)
    assert "&lt;b&gt;&lt;script&gt;&lt;/b&gt;" in answer.text
    assert "<script>" not in answer.text
