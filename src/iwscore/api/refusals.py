"""Refusals: every error as a problem document (RFC 9457) that names the IW code and nothing else.

Here belongs which status a refusal has. What is refused, and in which words, belongs to the floors below.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import orjson
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from iwscore.api.readers import Forbidden
from iwscore.errors import DraftFaults, QuestionError, Refusal, RowFaults, Unreachable, printable

__all__ = ["MEDIA_TYPE", "Problem", "add_refusals", "problem"]

MEDIA_TYPE = "application/problem+json"
_STATUS = {
    "IW501": 404,
    "IW503": 404,
    "IW527": 404,
    "IW530": 404,
    "IW538": 409,
    "IW539": 409,
    "IW559": 409,
    "IW563": 406,
    "IW566": 405,
}
_ODD = QuestionError(
    "IW560", "request is not as documented", None, "must be as /v1/openapi.json says", "Correct each part named."
)
_CONFLICT = "IW420"  # an external_id that stands for something else


class FaultLine(BaseModel):
    """One fault of a body: where, which, and what to do."""

    code: str
    where: str
    detail: str


class Problem(BaseModel):
    """A problem document."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    request: str
    faults: list[FaultLine] | None = None


def add_refusals(app: FastAPI) -> None:
    """Let every refusal of the program, and every other error, leave as a problem document."""
    app.add_exception_handler(Refusal, _refused)
    app.add_exception_handler(RequestValidationError, _misread)
    app.add_exception_handler(HTTPException, _plain)
    app.add_exception_handler(Exception, _broken)


def problem(
    status: int,
    code: str,
    detail: str,
    *,
    request: str,
    faults: Sequence[Mapping[str, str]] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return a problem document; ``request`` is the id that the service's log has too."""
    content: dict[str, Any] = {
        "type": f"urn:iwscore:{code}" if code else "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
        "request": request,
    }
    if faults:
        content["faults"] = list(faults)
    fixed = {"Cache-Control": "no-store", **(headers or {})}
    return Response(orjson.dumps(content), status, headers=fixed, media_type=MEDIA_TYPE)


async def _refused(request: Request, error: Exception) -> Response:
    if isinstance(error, RowFaults | DraftFaults):
        lines = [{"code": one.code, "where": one.where, "detail": str(one)} for one in error.faults]
        status = 409 if any(one["code"] == _CONFLICT for one in lines) else 422
        return _answer(request, status, lines[0]["code"], f"{len(lines)} at fault; nothing was recorded.", lines)
    if isinstance(error, Unreachable):
        return _answer(request, 503, error.code, "The log cannot be reached; try again.", retry=True)
    if isinstance(error, Forbidden):
        return _answer(request, 403, error.code, _without_code(error))
    if isinstance(error, QuestionError):
        status = _STATUS.get(error.code, 422)
        # By RFC 9110 §10.2.1 an empty Allow says that settings rule every method out for now.
        return _answer(
            request, status, error.code, _without_code(error), headers={"Allow": ""} if status == 405 else {}
        )
    return _answer(request, 422, "", printable(str(error)))


async def _misread(request: Request, error: Exception) -> Response:
    """Name each part of the request that is not as documented; its value is not given back."""
    assert isinstance(error, RequestValidationError)
    lines = [
        {"code": _ODD.code, "where": ".".join(map(str, one["loc"])), "detail": printable(str(one["msg"]))}
        for one in error.errors()
    ]
    return _answer(request, 422, _ODD.code, _without_code(_ODD), lines)


async def _plain(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    phrase = HTTPStatus(error.status_code).phrase
    return _answer(request, error.status_code, "", f"{phrase}.", headers=error.headers)


async def _broken(request: Request, error: Exception) -> Response:
    return _answer(request, 500, "", "A fault of the service itself; its log has more under this request.")


def _answer(
    request: Request,
    status: int,
    code: str,
    detail: str,
    faults: Sequence[Mapping[str, str]] = (),
    *,
    headers: Mapping[str, str] | None = None,
    retry: bool = False,
) -> Response:
    more = dict(headers or {}) | ({"Retry-After": "1"} if retry else {})
    name = request.scope.get("request_id", "")
    return problem(status, code, detail, request=name, faults=faults, headers=more)


def _without_code(error: QuestionError) -> str:
    return str(error).removeprefix(f"{error.code} ")
