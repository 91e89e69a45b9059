"""Instants and spans: how people write them and the integer microseconds in which they are kept.

Here belong parsing and printing of times and durations. Which time means what belongs to docs/glossary.md.
Instants are aware UTC datetimes outside and integer microseconds since 1970 inside.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

__all__ = [
    "DAY",
    "MOST_TIMES",
    "end_of_day",
    "from_micros",
    "grid",
    "grid_micros",
    "parse_instant",
    "parse_span_days",
    "print_instant",
    "to_micros",
]

DAY = 86_400_000_000  # microseconds
MOST_TIMES = 1_000_000  # in one grid: a slip in a step must not fill the memory
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.,][0-9]{1,6})?)?(Z|[+-][0-9]{2}(:?[0-9]{2})?)",
    re.IGNORECASE,
)
_SPAN = re.compile(r"([0-9]+(?:\.[0-9]+)?)(min|h|d|w)")
_STEP = re.compile(r"([0-9]+)(mo|y)")
_UNIT_MICROS = {"min": 60_000_000, "h": 3_600_000_000, "d": DAY, "w": 7 * DAY}


def parse_instant(text: str, *, end_of_day: bool = False) -> datetime:
    """Return the UTC instant that ``text`` names; a bare date is 00:00, or the day's last microsecond.

    Raises
    ------
    ValueError
        If the text is not ISO 8601 with an offset, or not a day of the calendar.

    Examples
    --------
    >>> parse_instant("2022-10-04T12:00:00+02:00").isoformat()
    '2022-10-04T10:00:00+00:00'
    >>> parse_instant("2022-10-04", end_of_day=True).isoformat()
    '2022-10-04T23:59:59.999999+00:00'
    """
    text = text.strip()
    try:
        if _DATE.fullmatch(text):
            day = datetime.combine(date.fromisoformat(text), datetime.min.time(), UTC)
            return day + timedelta(days=1, microseconds=-1) if end_of_day else day
        if _INSTANT.fullmatch(text):
            return datetime.fromisoformat(text.upper().replace(",", ".")).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"not a time of the calendar: {text}") from error
    raise ValueError(f"not ISO 8601 with an offset: {text}")


def print_instant(instant: datetime) -> str:
    """Return the instant in UTC with a closing Z, and no more digits than it has.

    Examples
    --------
    >>> print_instant(datetime(2022, 10, 12, tzinfo=UTC))
    '2022-10-12T00:00:00Z'
    """
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")


def to_micros(instant: datetime) -> int:
    """Return microseconds since 1970-01-01T00:00Z, exactly."""
    if instant.tzinfo is None:
        raise ValueError(f"instant has no offset: {instant.isoformat()}")
    return (instant - _EPOCH) // timedelta(microseconds=1)


def end_of_day(micros: int) -> int:
    """Return the last microsecond of that time's UTC day."""
    return micros - micros % DAY + DAY - 1


def from_micros(micros: int) -> datetime:
    """Return the UTC instant that many microseconds after 1970-01-01T00:00Z."""
    return _EPOCH + timedelta(microseconds=int(micros))


def parse_span_days(text: str) -> float:
    """Return a span such as ``30min``, ``12h``, ``21d`` or ``2w`` in days; ``never`` is infinite.

    Raises
    ------
    ValueError
        If the text is not a number above zero and one of min, h, d, w; or never.

    Examples
    --------
    >>> parse_span_days("2w"), parse_span_days("never")
    (14.0, inf)
    """
    if text == "never":
        return float("inf")
    match = _SPAN.fullmatch(text)
    if not match or float(match[1]) == 0:
        raise ValueError(f"not a span: {text}")
    return float(match[1]) * _UNIT_MICROS[match[2]] / DAY


def grid(start: datetime, end: datetime, step: str) -> list[datetime]:
    """Return the instants from ``start`` to ``end``, both inclusive, counted in steps from ``start``.

    A step is a span, or whole months (``mo``) or years (``y``) of the calendar; a day that a month lacks becomes
    that month's last.

    Raises
    ------
    ValueError
        If the step is no such thing or ``end`` lies before ``start``.
    OverflowError
        If there are more than `MOST_TIMES`.

    Examples
    --------
    >>> [t.day for t in grid(parse_instant("2022-01-31"), parse_instant("2022-04-01"), "1mo")]
    [31, 28, 31]
    """
    return [from_micros(t) for t in grid_micros(start, end, step)]


def grid_micros(start: datetime, end: datetime, step: str) -> Sequence[int]:
    """Return the instants of `grid` in microseconds; those of a span are counted out only where they are looked at.

    Raises
    ------
    ValueError
        As `grid`.
    OverflowError
        As `grid`.

    Examples
    --------
    >>> len(grid_micros(parse_instant("2022-01-01"), parse_instant("2022-01-02"), "1min"))
    1441
    """
    if end < start:
        raise ValueError(f"end lies before start: {print_instant(end)}")
    first, last = to_micros(start), to_micros(end)
    if match := _SPAN.fullmatch(step):
        micros = float(match[1]) * _UNIT_MICROS[match[2]]
        if 0.5 < micros < float("inf"):
            steps = range(first, last + 1, round(micros))
            if len(steps) > MOST_TIMES:
                raise OverflowError(f"{len(steps)} times; at most {MOST_TIMES}")
            return steps
    if (match := _STEP.fullmatch(step)) and int(match[1]) > 0:
        months = int(match[1]) * (12 if match[2] == "y" else 1)
        return [to_micros(t) for t in _calendar_steps(start, end, months)]
    raise ValueError(f"not a step: {step}")


def _calendar_steps(start: datetime, end: datetime, months: int) -> list[datetime]:
    steps, count = [start], 1
    while True:
        year, month = divmod(start.year * 12 + start.month - 1 + count * months, 12)
        if year > 9999:
            return steps
        day = min(start.day, calendar.monthrange(year, month + 1)[1])
        instant = start.replace(year=year, month=month + 1, day=day)
        if instant > end:
            return steps
        steps.append(instant)
        count += 1
