"""Bodies: what is sent, read strictly, and sent again without being done twice.

Here belong the reading of JSON and the key of a request. What a body may say belongs to the module of its endpoint.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import replace
from typing import Annotated, Any

from fastapi import Header, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import BaseModel, ConfigDict
from starlette.exceptions import HTTPException

from iwscore.api.answers import station_of
from iwscore.errors import DraftFaults, Fault, QuestionError, RowFaults
from iwscore.store import receipts

__all__ = ["Body", "Key", "Strict", "in_body", "refuse_read_only", "request_of"]

_MOST_DEEP = 16
Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        max_length=receipts.MOST_KEY,
        description="Your own name for this request; sent again under it, it is answered alike and not done twice.",
        examples=["0b6c2e1e-6a52-4a55-9d0a-1f6a8c8e4a10"],
    ),
]


class Body(BaseModel):
    """A body of JSON: nothing in it is turned into another type, and no name is passed over."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)


class _Unread(ValueError):
    """What the standard lets pass, and this service does not."""


class _StrictRequest(Request):
    async def json(self) -> Any:
        """Return the body as JSON in which each name is there once, numbers are numbers and nesting is shallow."""
        try:
            content = json.loads(await self.body(), object_pairs_hook=_once, parse_constant=_no_number)
            _require_shallow(content)
        except (ValueError, RecursionError) as error:
            said = str(error) if isinstance(error, _Unread) else "not JSON in UTF-8"
            raise RequestValidationError([{"type": "json_invalid", "loc": ("body",), "msg": said}]) from None
        return content


class Strict(APIRoute):
    """A route whose bodies are read strictly."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler, which is given the stricter request."""
        handle = super().get_route_handler()

        async def strictly(request: Request) -> Response:
            try:
                return await handle(_StrictRequest(request.scope, request.receive))
            except HTTPException as error:  # what FastAPI makes of any error while it reads a body
                if isinstance(error.__cause__, RequestValidationError):
                    raise error.__cause__ from None
                raise

        return strictly


def refuse_read_only(request: Request) -> None:
    """Refuse to write where the service only reads."""
    if station_of(request).read_only:
        raise QuestionError(
            "IW566", "service is read-only", None, "must be one that writes", "Send it to another one, or later."
        )


def request_of(request: Request, key: str | None, body: BaseModel) -> receipts.Request | None:
    """Return the request as it is known by its key: what it says, and about what; None without a key."""
    if key is None:
        return None
    said = "\0".join((request.method, request.url.path, body.model_dump_json()))
    return receipts.Request(key, hashlib.sha256(said.encode()).digest())


def in_body(refused: RowFaults | DraftFaults, name: str, *, rows: bool = False) -> RowFaults | DraftFaults:
    """Return a refusal whose faults are placed in the body: under that name, where it has ``rows`` by row, from 0."""
    moved = type(refused)(())
    moved.faults = tuple(_moved(refused.faults, (name, "{}") if rows else (name,)))
    return moved


def _moved(faults: Iterable[Fault], path: tuple[str, ...]) -> Iterable[Fault]:
    for fault in faults:
        under = () if fault.field in ("author", "reason") else path
        where = ".".join(filter(None, ("body", *under, fault.field))).format(fault.line)
        yield replace(fault, file=where, line=0, field="")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    content = dict(pairs)
    if len(content) < len(pairs):
        raise _Unread("a name is there twice in one object")
    return content


def _no_number(text: str) -> float:
    raise _Unread(f"{text} is no number")


def _require_shallow(content: Any) -> None:
    level, deep = [content], 0
    while level:
        deep += 1
        if deep > _MOST_DEEP:
            raise _Unread(f"nested deeper than {_MOST_DEEP}")
        level = [
            inner
            for one in level
            for inner in (one.values() if isinstance(one, dict) else one if isinstance(one, list) else ())
        ]
