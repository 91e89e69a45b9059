"""The OpenAPI document says of every operation who may ask it and what it can be refused with."""

from typing import Any

from fastapi import APIRouter, FastAPI

from iwscore.api.documents import describe

router = APIRouter()


@router.get("/things/{thing}", operation_id="thing", openapi_extra={"x-role": "reader"})
def thing(thing: str) -> str:
    return thing


@router.post("/things", operation_id="make", openapi_extra={"x-role": "analyst"})
def make(count: int) -> str:
    return str(count)


@router.get("/healthz", operation_id="healthz", openapi_extra={"x-role": "none"})
def healthz() -> str:
    return "ok"


def described() -> dict[str, Any]:
    app = FastAPI()
    app.include_router(router)
    describe(app)
    return app.openapi()


def test_refusals_are_problem_documents() -> None:
    document = described()
    answers = document["paths"]["/things/{thing}"]["get"]["responses"]
    assert set(answers) == {"200", "304", "401", "404", "414", "422", "429", "503", "504"}
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    assert all(answer.get("content") == problem for status, answer in answers.items() if status >= "4")
    assert set(document["components"]["schemas"]) == {"FaultLine", "Problem"}


def test_what_writes_can_be_refused_to_a_role_and_for_its_body() -> None:
    operation = described()["paths"]["/things"]["post"]
    assert {"403", "405", "408", "409", "413", "415"} <= set(operation["responses"])
    assert "404" not in operation["responses"]
    assert operation["security"] == [{"token": []}]


def test_what_is_open_asks_for_no_token() -> None:
    operation = described()["paths"]["/healthz"]["get"]
    assert ("security" in operation, set(operation["responses"])) == (False, {"200"})
