"""Axes: the time axis and the sizes that every part of a chart shares, so that what is above stands above.

Here belong width and time. What is drawn along them belongs to ``charts`` and ``strips``.
"""

from __future__ import annotations

from typing import Any

from iwscore.domain.assessments import Trend
from iwscore.domain.times import DAY, from_micros

__all__ = ["FAINT", "INK", "PALE", "SMALL", "WIDTH", "Spec", "fraction", "millis", "strip_title", "time_axis"]

Spec = dict[str, Any]

WIDTH = 640  # of the lines, in pixels
SMALL = 10  # the font of what annotates
INK = "#333333"
FAINT = "#bbbbbb"
PALE = "#e4e4e4"
_FORMATS = ((4, "%-d %b %H:%M"), (150, "%-d %b"), (1500, "%b %Y"), (float("inf"), "%Y"))  # up to so many days


def millis(micros: int) -> int:
    """Return microseconds since 1970 in the milliseconds of a chart."""
    return int(micros) // 1000


def fraction(trend: Trend, micros: int) -> float:
    """Return how far along the axis an instant lies, 0 to 1."""
    first, last = _span(trend)
    return (micros - first) / (last - first)


def time_axis(trend: Trend, field: str, *, labelled: bool = False) -> Spec:
    """Return the encoding of time, in UTC; the labelled view sets the span for all views of a chart."""
    time: Spec = {"field": field, "type": "temporal"}
    if not labelled:
        return time | {"scale": {"type": "utc"}, "axis": None}
    first, last = _span(trend)
    form = next(form for days, form in _FORMATS if (last - first) / DAY <= days)
    domain = [_date_time(first), _date_time(last)]
    return time | {
        "scale": {"type": "utc", "domain": domain, "nice": False},
        "axis": {"title": None, "format": form, "grid": False, "tickCount": 8, "labelOverlap": True},
    }


def strip_title(text: str) -> Spec:
    """Return the small heading of a strip."""
    small: Spec = {"fontSize": SMALL, "fontWeight": "normal", "color": INK, "offset": 4}
    return {"text": text, "anchor": "start", "frame": "group", **small}


def _span(trend: Trend) -> tuple[int, int]:
    first, last = int(trend.times[0]), int(trend.times[-1])
    return (first, last) if last > first else (first - DAY // 2, last + DAY // 2)


def _date_time(micros: int) -> Spec:
    at = from_micros(micros)
    day = {"year": at.year, "month": at.month, "date": at.day}
    clock = {"hours": at.hour, "minutes": at.minute, "seconds": at.second, "milliseconds": at.microsecond // 1000}
    return day | clock | {"utc": True}
