"""Figures: numbers, times and names as people read them, rounded, with their units in the header.

Here belongs how one cell is written. Where it stands belongs to ``layouts``; full precision belongs to ``machines``.
"""

from __future__ import annotations

import math
from datetime import UTC, datetime

__all__ = ["DECIBANS_PER_NAT", "date_of", "plain", "points", "score", "share", "short", "signed", "tenths", "time_of"]

DECIBANS_PER_NAT = 10 / math.log(10)
UNKNOWN = "–"


def share(probability: float | None) -> str:
    """Return a probability in percent; neither 0 nor 100 unless it is.

    Examples
    --------
    >>> share(0.7412), share(0.0001), share(0.9999), share(None)
    ('74.1', '<0.1', '>99.9', '–')
    """
    if probability is None or math.isnan(probability):
        return UNKNOWN
    rounded = points(probability)
    if rounded == 0 and probability > 0:
        return "<0.1"
    if rounded == 1000 and probability < 1:
        return ">99.9"
    return plain(rounded)


def score(value: float | None) -> str:
    """Return a score of 0 to 100, or a dash where the list cannot tell."""
    return UNKNOWN if value is None or math.isnan(value) else plain(tenths(value))


def tenths(value: float) -> int:
    """Return the value in whole tenths, which add up without rounding."""
    return round(value * 10)


def points(probability: float) -> int:
    """Return a probability, or a difference of two, in whole tenths of a percentage point."""
    return tenths(probability * 100)


def plain(value: int) -> str:
    """Return whole tenths as a decimal, with a minus sign where below 0.

    Examples
    --------
    >>> plain(741), plain(-4), plain(0)
    ('74.1', '−0.4', '0.0')
    """
    return f"{'−' if value < 0 else ''}{abs(value) // 10}.{abs(value) % 10}"


def signed(value: int) -> str:
    """Return whole tenths as a decimal that says which way it moves.

    Examples
    --------
    >>> signed(12), signed(-4), signed(0)
    ('+1.2', '−0.4', '0.0')
    """
    return f"+{plain(value)}" if value > 0 else plain(value)


def time_of(instant: datetime) -> str:
    """Return an instant to the minute, or to the second where it has seconds; never later than it is.

    Examples
    --------
    >>> time_of(datetime(2022, 10, 7, 23, 59, 59, 999999, tzinfo=UTC))
    '2022-10-07 23:59:59 UTC'
    """
    utc = instant.astimezone(UTC)
    unit = "seconds" if utc.second or utc.microsecond else "minutes"
    return f"{utc.replace(tzinfo=None).isoformat(' ', unit)} UTC"


def date_of(instant: datetime) -> str:
    """Return the UTC date of an instant."""
    return instant.astimezone(UTC).date().isoformat()


def short(digest: str) -> str:
    """Return enough of a digest to tell two catalogs apart."""
    return digest[:12]
