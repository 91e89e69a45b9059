"""Every refusal leaves as a problem document, with its code and nothing of how the service is made."""

from typing import Any

import orjson
import pytest
from fastapi import FastAPI, HTTPException
from fastapi.testclient import TestClient
from pydantic import BaseModel

from iwscore.api.readers import Forbidden
from iwscore.api.refusals import MEDIA_TYPE, Problem, add_refusals, problem
from iwscore.errors import DraftFaults, Fault, QuestionError, Refusal, RowFaults, Unreachable

WORDS = ("what is", "a value", "must be", "Do this.")


def fault(code: str, line: int) -> Fault:
    return Fault("body", line, 0, code, "grade is none", "Z9", "must be one", "Write one.", field="grade")


def raised(error: Exception) -> Any:
    """Return the answer where an endpoint raises this."""
    app = FastAPI()
    add_refusals(app)

    @app.get("/")
    def broken() -> None:
        raise error

    return TestClient(app, raise_server_exceptions=False).get("/")


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (QuestionError("IW507", *WORDS), 422, "IW507"),
        (QuestionError("IW501", *WORDS), 404, "IW501"),
        (QuestionError("IW530", *WORDS), 404, "IW530"),
        (QuestionError("IW538", *WORDS), 409, "IW538"),
        (QuestionError("IW559", *WORDS), 409, "IW559"),
        (QuestionError("IW563", *WORDS), 406, "IW563"),
        (QuestionError("IW566", *WORDS), 405, "IW566"),
        (Forbidden("IW561", *WORDS), 403, "IW561"),
        (Unreachable("IW431", "log of", "postgresql://ann:secret@host/watch", "must", "Start it."), 503, "IW431"),
        (RowFaults([fault("IW320", 1), fault("IW326", 2)]), 422, "IW320"),
        (DraftFaults([fault("IW420", 1)]), 409, "IW420"),
        (Refusal("no \x1b[31m"), 422, ""),
        (HTTPException(404), 404, ""),
        (ValueError("secret"), 500, ""),
    ],
)
def test_a_refusal_has_its_status_and_code(error: Exception, status: int, code: str) -> None:
    answer = raised(error)
    told = Problem.model_validate(answer.json())
    assert (answer.status_code, told.status, told.code) == (status, status, code)
    assert answer.headers["content-type"] == MEDIA_TYPE
    assert answer.headers["cache-control"] == "no-store"
    assert told.type == (f"urn:iwscore:{code}" if code else "about:blank")
    assert b"secret" not in answer.content
    assert "\x1b" not in told.detail


def test_each_fault_is_named_with_its_place() -> None:
    told = raised(RowFaults([fault("IW320", 1), fault("IW320", 2)])).json()
    assert [(one["code"], one["where"]) for one in told["faults"]] == [
        ("IW320", "body:row 1:grade"), ("IW320", "body:row 2:grade"),
    ]  # fmt: skip
    assert told["detail"] == "2 at fault; nothing was recorded."


def test_whoever_should_come_again_is_told_when() -> None:
    assert raised(Unreachable("IW431", *WORDS)).headers["retry-after"] == "1"
    assert "retry-after" not in raised(QuestionError("IW507", *WORDS)).headers


def test_what_is_not_as_documented_is_named_but_not_given_back() -> None:
    class Body(BaseModel):
        count: int

    app = FastAPI()
    add_refusals(app)

    @app.post("/")
    def counted(body: Body, most: int) -> None: ...

    answer = TestClient(app).post("/?most=secret", json={"count": "secret"})
    assert (answer.status_code, answer.json()["code"]) == (422, "IW560")
    assert [one["where"] for one in answer.json()["faults"]] == ["query.most", "body.count"]
    assert b"secret" not in answer.content


def test_a_problem_may_carry_headers() -> None:
    made = problem(401, "IW562", "No.", request="ab", headers={"WWW-Authenticate": "Bearer"})
    assert made.headers["www-authenticate"] == "Bearer"
    assert orjson.loads(made.body)["request"] == "ab"
