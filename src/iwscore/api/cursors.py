"""Cursors: where the next page of an answer begins, as a text that means nothing to whoever passes it on.

Here belongs the text. What a page is belongs to the endpoint.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import struct
from dataclasses import astuple, dataclass
from urllib.parse import parse_qsl, quote, urlencode

from fastapi import Request

from iwscore.errors import QuestionError

__all__ = ["LENGTH", "Place", "cursor_of", "next_link", "place_in"]

_FORM = struct.Struct(">Iqq")
_CHECK = 10
LENGTH = 40  # of a cursor
_FREE = frozenset({"cursor", "limit"})  # what may differ from page to page


@dataclass(frozen=True, slots=True)
class Place:
    """The first time of a page, counted from 0, on the grid from ``start`` to ``end``, in microseconds."""

    number: int
    start: int
    end: int


def cursor_of(request: Request, place: Place) -> str:
    """Return the cursor of a place in the answer to this request."""
    packed = _FORM.pack(*astuple(place))
    return base64.urlsafe_b64encode(packed + _check(request, packed)).decode()


def place_in(request: Request, cursor: str) -> Place:
    """Return the place that a cursor names.

    Raises
    ------
    QuestionError
        IW564 where it is none, or one of another question.
    """
    try:
        raw = base64.b64decode(cursor, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    packed, check = raw[: _FORM.size], raw[_FORM.size :]
    if len(packed) != _FORM.size or check != _check(request, packed):
        raise strange()
    return Place(*_FORM.unpack(packed))


def strange() -> QuestionError:
    """Return the refusal of a cursor."""
    return QuestionError(
        "IW564", "not a cursor of this question", None, "must be given back with the question it came from",
        "Begin again without it.",
    )  # fmt: skip


def next_link(request: Request, cursor: str) -> str:
    """Return where the next page is, as the header ``Link`` says it."""
    query = urlencode([pair for pair in _query(request) if pair[0] != "cursor"] + [("cursor", cursor)])
    return f'<{quote(request.scope["path"])}?{query}>; rel="next"'


def _query(request: Request) -> list[tuple[str, str]]:
    return parse_qsl(request.scope["query_string"].decode("latin-1"), keep_blank_values=True)


def _check(request: Request, packed: bytes) -> bytes:
    """Return what ties a place to the question: a cursor is no secret, and asked otherwise it would skip times."""
    question = sorted(pair for pair in _query(request) if pair[0] not in _FREE)
    said = "\0".join([request.scope["path"], *(part for pair in question for part in pair)])
    return hashlib.sha256(said.encode() + packed).digest()[:_CHECK]
