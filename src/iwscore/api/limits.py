"""Limits: how much of the service one reader, one peer and one request may take.

Here belong the figures, what they are counted with, and the words for whoever goes beyond them. Where they are asked
for belongs to ``doors`` and ``turns``.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

from fastapi import Response

from iwscore.api.refusals import problem
from iwscore.errors import QuestionError

__all__ = ["Buckets", "Rules", "turned"]


@dataclass(frozen=True, slots=True)
class Rules:
    """What one process of the service allows.

    At 0 requests a second no one counts them. ``seconds`` is how long a request may take until its answer begins.
    ``hosts`` are the names under which the service is asked, any if there are none; ``origins`` the pages of other
    places whose scripts may ask. ``secure`` says that it is asked over TLS alone.
    """

    body_bytes: int = 8 << 20
    header_bytes: int = 16 << 10
    query_bytes: int = 4 << 10
    requests_per_second: float = 0.0
    burst: int = 400
    failures_per_second: float = 0.2
    failure_burst: int = 20
    seconds: float = 30.0
    at_once: int = 8
    streams: int = 1000
    hosts: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    secure: bool = False


class Buckets:
    """One bucket for each name: it fills at a rate up to a burst, and each request takes one out.

    At rate 0 no one counts. Of more names than ``most`` those unused for longest are forgotten, which gives them a full
    bucket.
    """

    def __init__(self, rate: float, burst: int, *, most: int = 4096) -> None:
        self.rate, self.burst, self._most = rate, burst, most
        self._levels: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, name: str, now: float) -> float:
        """Take one at ``now``, in seconds; return how many are left, or less than 0: minus the seconds to wait."""
        if not self.rate:
            return float(self.burst)
        level, since = self._levels.get(name, (float(self.burst), now))
        level = min(self.burst, level + (now - since) * self.rate)
        taken = level >= 1
        self._levels[name] = (level - taken, now)
        self._levels.move_to_end(name)
        if len(self._levels) > self._most:
            self._levels.popitem(last=False)
        return level - 1 if taken else -(1 - level) / self.rate


def turned(request: str, status: int, error: QuestionError, **headers: str) -> Response:
    """Return the problem document for whoever is turned away; ``Retry_After`` is the header Retry-After."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return problem(status, error.code, str(error).removeprefix(f"{error.code} "), request=request, headers=named)
