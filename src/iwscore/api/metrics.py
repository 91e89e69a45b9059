"""Metrics: the figures for Prometheus, at the ceiling of the token that scrapes.

Here belongs who may see which figures, and in which form. The figures belong to ``gauges`` and ``tallies``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from threading import Lock
from typing import Any

from fastapi import APIRouter, Depends, Request, Response
from prometheus_client import generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, choose_encoder
from prometheus_client.metrics_core import Metric

from iwscore.api.answers import Moment, asking, reply
from iwscore.api.gauges import Sheet, filled
from iwscore.api.readers import requires
from iwscore.api.stations import Stamp
from iwscore.api.tallies import Tallies
from iwscore.domain.observations import MARKINGS

__all__ = ["Sheets", "router"]

router = APIRouter(tags=["operation"], dependencies=[Depends(requires("reader"))])
_EXAMPLE = 'iwscore_likelihood{problem="northern-front",subject="belarus",scenario="rear-area"} 0.61\n'


class Sheets:
    """The figures of each ceiling, made once for what is seen and the minute, whoever asks in which form."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[Stamp, int | None, Sheet]] = {}
        self._lock = Lock()
        self.made = 0

    def of(self, moment: Moment) -> Sheet:
        """Return the figures of a moment."""
        key = (moment.stamp, moment.until)
        with self._lock:
            kept = self._kept.get(moment.reader.ceiling)
            if kept is None or kept[:2] != key:
                kept = self._kept[moment.reader.ceiling] = (*key, filled(moment))
                self.made += 1
        return kept[2]


@router.get(
    "/metrics", operation_id="metrics", summary="Figures for Prometheus", response_class=Response,
    openapi_extra={"x-role": "reader"},
    responses={200: {"content": {"text/plain": {"example": _EXAMPLE}, "application/openmetrics-text": {}}}},
)  # fmt: skip
def metrics(request: Request) -> Response:
    """Answer how things stand with every question, as seen from under the reader's ceiling.

    Whoever sees all is told as well how often the service was asked; the text then differs each time.
    """
    encode, media_type = _form(request.headers.get("accept", ""))
    with asking(request) as moment:
        sheet = request.app.state.sheets.of(moment)
    if moment.reader.ceiling != MARKINGS[-1]:
        return reply(request, moment, encode(sheet), media_type)
    answer = reply(request, moment, encode(_Both(sheet, request.app.state.tallies)), media_type)
    del request.scope["keep_until"], answer.headers["etag"]
    answer.headers["cache-control"] = "no-store"
    return answer


class _Both:
    """The figures of the questions, then those of the service."""

    def __init__(self, sheet: Sheet, tallies: Tallies) -> None:
        self._parts = (sheet, tallies)

    def collect(self) -> Iterable[Metric]:
        return (family for part in self._parts for family in part.collect())


def _form(accept: str) -> tuple[Callable[[Any], bytes], str]:
    """Return how to write the figures, and what that is called; a header that makes no sense asks for plain text."""
    try:
        return choose_encoder(accept)
    except (TypeError, ValueError):
        return generate_latest, CONTENT_TYPE_PLAIN_0_0_4
