"""Connections: requests with a token, sent again where that is safe, and answers that are kept while they are true.

Here belongs what holds for every request. What is asked belongs to ``problems`` and ``logs``.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import TYPE_CHECKING, Any

import orjson

from iwscore.client.refusals import declined
from iwscore.domain.times import print_instant
from iwscore.errors import Unreachable

if TYPE_CHECKING:
    import httpx

__all__ = ["JSON", "Connection", "Got"]

JSON = "application/json"
_AGAIN = frozenset({429, 502, 503, 504})
_MOST_KEPT = 256
_LONGEST_PAUSE = 30.0
Params = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Got:
    """An answer as bytes, with its tag; ``unchanged`` where the service said that what is kept is still so."""

    body: bytes
    headers: Mapping[str, str]
    tag: str
    unchanged: bool = False

    def json(self) -> Any:
        """Return what the body says."""
        return orjson.loads(self.body)


class Connection:
    """Requests to one service with one token.

    What reads is sent again when the service cannot be reached or asks to wait, and so is what writes under a key by
    which the service knows it again; ``attempts`` in all, with growing pauses between them.
    """

    def __init__(
        self,
        url: str,
        token: str,
        *,
        timeout: float = 30.0,
        attempts: int = 4,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        import httpx

        self._url, self._attempts, self.pause = url.rstrip("/"), attempts, pause
        self._http = httpx.Client(timeout=timeout, headers={"Authorization": f"Bearer {token}"})
        self._kept: OrderedDict[tuple[str, str], Got] = OrderedDict()
        self._lock = Lock()

    def close(self) -> None:
        """Give back every connection."""
        self._http.close()

    def get(self, path: str, params: Params | None = None, *, accept: str = JSON) -> Got:
        """Return the answer; one that is held here already does not travel again while it is true.

        Raises
        ------
        Declined
            If the service declines.
        Unreachable
            IW577 if it cannot be reached.
        """
        request = self._http.build_request("GET", self._url + path, params=written(params), headers={"Accept": accept})
        key = (str(request.url), accept)
        with self._lock:
            kept = self._kept.get(key)
        if kept is not None:
            request.headers["If-None-Match"] = kept.tag
        response = self._send(request)
        if response.status_code == 304 and kept is not None:
            got = Got(kept.body, response.headers, kept.tag, unchanged=True)
        else:
            got = _read(response)
        self._keep(key, got)
        return got

    def post(self, path: str, content: Any, *, params: Params | None = None, key: str | None = None) -> Got:
        """Return the answer to what is sent; ``key`` is what the service knows a repetition by."""
        body = orjson.dumps(content, default=_plain, option=orjson.OPT_PASSTHROUGH_DATETIME)
        headers = {"Accept": JSON, "Content-Type": JSON} | ({"Idempotency-Key": key} if key else {})
        url = self._url + path
        request = self._http.build_request("POST", url, params=written(params), content=body, headers=headers)
        return _read(self._send(request))

    @contextmanager
    def lines(
        self, path: str, params: Params | None, headers: Mapping[str, str], quiet: float
    ) -> Iterator[Iterator[str]]:
        """Yield the lines of an answer as they come; ``quiet`` is for how many seconds none need come.

        Raises
        ------
        ConnectionError
            If the connection cannot be had, or breaks, or the service asks to wait.
        """
        import httpx

        usual = self._http.timeout
        patient = httpx.Timeout(usual.connect, read=quiet)
        try:
            with self._http.stream(
                "GET", self._url + path, params=written(params), headers=headers, timeout=patient
            ) as response:
                if response.status_code in _AGAIN:
                    raise ConnectionError(str(response.status_code))
                if response.status_code != 200:
                    raise declined(response.status_code, response.read())
                yield response.iter_lines()
        except httpx.TransportError as error:
            raise ConnectionError(str(error)) from None

    def unreachable(self) -> Unreachable:
        """Return the refusal that says so."""
        return Unreachable(
            "IW577", "service cannot be reached", self._url, "must answer", "Check the address, and that it runs."
        )

    def wait(self, attempt: int, asked: str = "") -> None:
        """Pause before another attempt: as long as was asked for, else twice as long each time."""
        seconds = float(asked) if asked.isdecimal() else 0.1 * 2.0**attempt
        self.pause(min(seconds, _LONGEST_PAUSE))

    def _send(self, request: httpx.Request) -> httpx.Response:
        import httpx

        for attempt in range(self._attempts):
            last = attempt + 1 == self._attempts
            try:
                response = self._http.send(request)
            except httpx.TransportError:
                if last:
                    break
                self.wait(attempt)
                continue
            if response.status_code not in _AGAIN or last:
                return response
            self.wait(attempt, response.headers.get("Retry-After", ""))
        raise self.unreachable()

    def _keep(self, key: tuple[str, str], got: Got) -> None:
        with self._lock:
            if got.tag:
                self._kept[key] = got
                self._kept.move_to_end(key)
            while len(self._kept) > _MOST_KEPT:
                self._kept.popitem(last=False)


def written(params: Params | None) -> dict[str, Any]:
    """Return parameters as they are written: what is not given left out, instants with a closing Z.

    Examples
    --------
    >>> written({"subject": None, "vintage": True, "at": datetime.fromisoformat("2022-10-12T02:00+02:00")})
    {'vintage': 'true', 'at': '2022-10-12T00:00:00Z'}
    """
    return {name: _word(value) for name, value in (params or {}).items() if value is not None}


def _word(value: Any) -> Any:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | tuple):
        return [_word(one) for one in value]
    return _plain(value) if isinstance(value, datetime) else value


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return print_instant(value)
    raise TypeError(f"cannot be sent: {type(value).__name__}")


def _read(response: httpx.Response) -> Got:
    if not response.is_success:
        raise declined(response.status_code, response.content)
    return Got(response.content, response.headers, response.headers.get("ETag", ""))
