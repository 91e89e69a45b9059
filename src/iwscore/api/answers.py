"""Answers: what every answer carries beside its content, and the tag that says which answer it is.

Here belong the envelope, its headers and the ETag. The content belongs to ``services`` and ``render``.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from fastapi import Request, Response
from pydantic import BaseModel

from iwscore import __version__
from iwscore.api.readers import Reader, reader_of
from iwscore.api.stations import Stamp, Station
from iwscore.domain.catalogs import Catalog
from iwscore.domain.times import from_micros, print_instant, to_micros
from iwscore.services.following import Live, catalog_of

__all__ = ["Envelope", "Moment", "asking", "json_bytes", "present", "reply", "station_of"]


class Envelope(BaseModel):
    """What every answer says of itself."""

    catalog: str
    log: str
    ceiling: str
    at: datetime | None
    known_at: datetime | None
    stale: list[str]
    degraded: list[str]


@dataclass(frozen=True, slots=True)
class Moment:
    """What an answer is computed from: who asks, when, by which catalog, and the stamp it was asked under.

    ``stale`` says why what is seen may be out of date. ``until`` is when an answer whose ``at`` was left out is another
    one, in microseconds.
    """

    station: Station
    reader: Reader
    live: Live
    catalog: Catalog
    stamp: Stamp
    stale: tuple[str, ...]
    at: datetime
    known_at: datetime | None
    until: int | None

    def envelope(self) -> dict[str, Any]:
        """Return the keys that every answer has."""
        return {
            "catalog": self.stamp.catalog,
            "log": self.stamp.seen,
            "ceiling": self.reader.ceiling,
            "at": self.at,
            "known_at": self.known_at,
            "stale": list(self.stale),
            "degraded": list(self.stamp.degraded),
        }


def station_of(request: Request) -> Station:
    """Return what this process holds."""
    station: Station = request.app.state.station
    return station


@contextmanager
def asking(request: Request, at: datetime | None = None, known_at: datetime | None = None) -> Iterator[Moment]:
    """Hold the log still while a request is answered; without ``at`` it is about the present, up to the minute."""
    with present(station_of(request), reader_of(request), at, known_at) as moment:
        yield moment


@contextmanager
def present(
    station: Station, reader: Reader, at: datetime | None = None, known_at: datetime | None = None
) -> Iterator[Moment]:
    """Hold the log still while a reader is answered, asked or unasked."""
    now = station.now()
    live = station.live(reader.ceiling)
    with live.still():
        when, catalog = from_micros(now) if at is None else at, catalog_of(live)
        stale = station.stale(reader.ceiling, to_micros(when))
        stamp, until = station.stamped(live.seen, catalog), now if at is None else None
        yield Moment(station, reader, live, catalog, stamp, stale, when, known_at, until)


def reply(request: Request, moment: Moment, content: bytes, media_type: str = "application/json") -> Response:
    """Return an answer that may be kept while it is true, with its tag and what it says of itself in headers."""
    said = moment.envelope()
    request.scope["stamp"], request.scope["keep_until"] = moment.stamp, moment.until
    headers = {
        "ETag": _tag(request, moment, media_type),
        "Cache-Control": "private, no-cache",
        "Vary": "Authorization, Accept, Accept-Encoding, Cookie",
        "Iwscore-Catalog": said["catalog"],
        "Iwscore-Log": said["log"],
        "Iwscore-Ceiling": said["ceiling"],
        "Iwscore-At": print_instant(moment.at),
        "Iwscore-Known-At": print_instant(moment.known_at) if moment.known_at else "",
        "Iwscore-Stale": "; ".join(said["stale"]),
        "Iwscore-Degraded": "; ".join(said["degraded"]),
    }
    return Response(content, headers=headers, media_type=media_type)


def json_bytes(content: Mapping[str, Any]) -> bytes:
    """Return JSON as the commands print it: every digit, instants with a closing Z."""
    return orjson.dumps(content, default=_instant, option=orjson.OPT_PASSTHROUGH_DATETIME)


def _tag(request: Request, moment: Moment, media_type: str) -> str:
    """Return a strong tag made of all that the answer depends on for this reader."""
    stamp, reader = moment.stamp, moment.reader
    parts = (
        __version__, reader.ceiling, reader.role, stamp.catalog, stamp.seen, *stamp.degraded,
        print_instant(moment.at), str(moment.until), media_type, request.url.path, request.url.query,
    )  # fmt: skip
    digest = hashlib.sha256("\0".join(parts).encode()).digest()
    return f'"{base64.urlsafe_b64encode(digest[:18]).decode()}"'


def _instant(value: object) -> str:
    if isinstance(value, datetime):
        return print_instant(value)
    raise TypeError(f"not a value of an answer: {type(value).__name__}")
