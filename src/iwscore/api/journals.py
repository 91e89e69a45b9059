"""Journals: what the service says of itself on stderr, one line for each request and each event.

Here belongs the form of a line, as text or JSON. No line holds a token, a body or the values of a query: of what is
asked it names the operation. The log of observations is another thing, and belongs to ``store``.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from threading import RLock

import orjson
from starlette.types import Scope

from iwscore.domain.times import from_micros
from iwscore.errors import printable

__all__ = ["LOGGER", "Journal", "Lines", "Operations", "outliving"]

LOGGER = logging.getLogger("iwscore.service")
_PLAIN = re.compile(r"[A-Za-z0-9.\-_+:/]+").fullmatch
_MOST_HELD = 64 << 10


class Journal:
    """Writes a line for each request; ``clock`` tells the time in microseconds since 1970.

    Lines are held for so many ``seconds``, for each write takes as long as a small answer; at 0 none is held, and no
    event loop is needed.
    """

    def __init__(
        self, write: Callable[[bytes], object], clock: Callable[[], int], *, as_json: bool, seconds: float = 0.0
    ) -> None:
        self._write, self._clock, self._as_json, self._seconds = write, clock, as_json, seconds
        self._held, self._size, self._lock = list[bytes](), 0, RLock()

    def note(self, **fields: object) -> None:
        """Write what is said of one request, together with what is said soon after it."""
        line = _line(self._clock(), "info", "request", fields, as_json=self._as_json)
        with self._lock:
            self._held.append(line)
            self._size += len(line)
            first, full = len(self._held) == 1, self._size >= _MOST_HELD
        if full or not self._seconds:
            self.flush()
        elif first:
            asyncio.get_running_loop().call_later(self._seconds, self.flush)

    def flush(self) -> None:
        """Write what is held."""
        with self._lock:
            held, self._held, self._size = self._held, [], 0
            if held:
                self._write(b"".join(held))

    def before(self, record: logging.LogRecord) -> bool:
        """Write what is held before anything else is told; a filter that lets all pass."""
        self.flush()
        return True


class Lines(logging.Formatter):
    """The same form for what is said through ``logging``, by the service and by uvicorn."""

    def __init__(self, *, as_json: bool) -> None:
        super().__init__()
        self._as_json = as_json

    def format(self, record: logging.LogRecord) -> str:
        """Return one line; in text a traceback follows it."""
        fields: dict[str, object] = {"said": record.getMessage()} | getattr(record, "fields", {})
        trace = self.formatException(record.exc_info) if record.exc_info else ""
        if trace and self._as_json:
            fields["traceback"] = trace
        line = (
            _line(int(record.created * 1e6), record.levelname.lower(), "event", fields, as_json=self._as_json)
            .decode()
            .rstrip("\n")
        )
        return f"{line}\n{trace}" if trace and not self._as_json else line


@contextmanager
def outliving(what: str, *, quiet: bool = False, **fields: object) -> Iterator[None]:
    """Go on after whatever error there is inside; unless ``quiet`` it is told with its traceback."""
    try:
        yield
    except Exception:
        if not quiet:
            LOGGER.exception(what, extra={"fields": fields})


class Operations:
    """The operations that paths have turned out to mean: where an answer is given again, no route is looked for."""

    def __init__(self, most: int = 1024) -> None:
        self._known: dict[tuple[str, str], str] = {}
        self._most = most

    def name(self, scope: Scope) -> str:
        """Return the id that the OpenAPI document has for what a request asks, else "-"."""
        key, route = (scope["path"], scope["method"]), scope.get("route")
        found = getattr(route, "operation_id", None) or getattr(route, "name", None)
        if not found:
            return self._known.get(key, "-")
        if len(self._known) >= self._most:
            self._known.clear()
        self._known[key] = str(found)
        return str(found)


def _line(micros: int, level: str, event: str, fields: Mapping[str, object], *, as_json: bool) -> bytes:
    time = f"{_second(micros // 1_000_000)}.{micros // 1000 % 1000:03}Z"
    if as_json:
        return orjson.dumps({"time": time, "level": level, "event": event, **fields}, default=str) + b"\n"
    texts = list(map(str, fields.values()))
    if not (all(texts) and _PLAIN("".join(texts))):  # seldom: all at once is asked sooner than one by one
        texts = [text if _PLAIN(text) else _quoted(text) for text in texts]
    told = " ".join(map("=".join, zip(fields, texts, strict=True)))
    return f"{time} {level} {event} {told}\n".encode("utf-8", "backslashreplace")


@lru_cache(maxsize=2)
def _second(seconds: int) -> str:
    return from_micros(seconds * 1_000_000).isoformat().removesuffix("+00:00")


def _quoted(text: str) -> str:
    """Return a value between quotes, so that it cannot be taken for two, nor end the line."""
    return '"' + printable(text).replace('"', "'") + '"'
