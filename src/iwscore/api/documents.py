"""Documents: the OpenAPI document, with what holds for every operation: refusals, the token, headers of answers.

Here belongs what no single endpoint can say. What an operation is asked and answers stands beside its endpoint.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI

from iwscore.api.refusals import MEDIA_TYPE, Problem
from iwscore.api.samples import show

__all__ = ["describe"]

_REFUSALS = {
    401: "No token that is in force.",
    403: "The role does not allow it.",
    404: "There is no such thing, or none that this token may see.",
    405: "The service only reads for now.",
    406: "It is not to be had in that form.",
    408: "The body took too long to come.",
    409: "It stands for something else already, or stands no more.",
    413: "The body is too large.",
    414: "The query is too long.",
    415: "The body is not JSON.",
    422: "Not as documented, or it cannot be asked so; `code` and `faults` say what.",
    429: "Too much was asked; `Retry-After` says how long to wait.",
    503: "The log cannot be reached, or the service has more to do than it takes; `Retry-After` says how long to wait.",
    504: "It took too long.",
}
_EVERYWHERE = (401, 414, 422, 429, 503, 504)
_WRITING = (405, 408, 409, 413, 415)
_HEADERS = {
    "Iwscore-Catalog": "The digest of the catalog that answers.",
    "Iwscore-Log": "The digest of what this token may see of the log.",
    "Iwscore-Ceiling": "Up to which marking entries are seen.",
    "Iwscore-Degraded": "Why less is answered than usual; empty when all is well.",
    "Iwscore-Stale": "Why the answer may be out of date; empty when all is well.",
    "ETag": "Names the answer: send it as `If-None-Match`.",
}


def describe(app: FastAPI) -> None:
    """Complete the document of an application whose endpoints are all there."""
    document = app.openapi()
    parts = document.setdefault("components", {})
    schema = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas = parts.setdefault("schemas", {})
    schemas |= schema.pop("$defs", {}) | {"Problem": schema}
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    parts["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    for path, item in document["paths"].items():
        for method, operation in item.items():
            _complete(operation, reads=method == "get", named="{" in path)
    show(document)


def _complete(operation: dict[str, Any], *, reads: bool, named: bool) -> None:
    """Add to an operation what it may be refused with, and what its answers carry."""
    role, answers = operation["x-role"], operation["responses"]
    if role == "none":
        answers.pop("422", None)
        return
    operation["security"] = [{"token": []}]
    for status in _refusals(role, answers, reads=reads, named=named):
        answers[str(status)] = {
            "description": _REFUSALS[status],
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
    if reads and "text/event-stream" not in answers["200"].get("content", {}):
        answers["304"] = {"description": "What `If-None-Match` names is still so."}
        text = {"type": "string"}
        answers["200"]["headers"] = {name: {"description": what, "schema": text} for name, what in _HEADERS.items()}


def _refusals(role: str, answers: dict[str, Any], *, reads: bool, named: bool) -> Iterator[int]:
    yield from _EVERYWHERE
    if role != "reader":
        yield 403
    if named:
        yield 404
    if len(answers.get("200", {}).get("content", {})) > 1:
        yield 406
    if not reads:
        yield from _WRITING
