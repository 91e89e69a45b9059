"""Days, months and local clocks as arrays.

Here belong the calendar and time zones. What the times in a column stand for belongs to ``store.periods``.

Days count from 1 January 1970 in a zone. A midnight that a clock put forward leaves out is the moment of the change; of
one that a clock put back shows twice, the first counts.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from iwscore.domain.mappings import Period, Span
from iwscore.domain.times import DAY

__all__ = [
    "boundaries",
    "from_utc",
    "is_zone",
    "local_to_utc",
    "month_starts",
    "period_days",
    "shift_days",
    "shift_times",
]

_MONTHS: dict[Period, int] = {"month": 1, "quarter": 3, "year": 12}
_MONDAY = 4  # 5 January 1970


def month_starts(months: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the first day of each month, months counted from January 1970."""
    return months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)


def _months(days: NDArray[np.int64]) -> NDArray[np.int64]:
    return days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)


def period_days(days: NDArray[np.int64], period: Period) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the first day of the period that each day lies in, and the day after its last; weeks begin on Mondays."""
    if period == "week":
        first = days - (days - _MONDAY) % 7
        return first, first + 7
    if period in _MONTHS:
        months = _months(days) // _MONTHS[period] * _MONTHS[period]
        return month_starts(months), month_starts(months + _MONTHS[period])
    return days, days + 1


def boundaries(first: int, last: int, period: Period) -> NDArray[np.int64]:
    """Return the days on which such periods begin, from ``first`` to ``last``, both inclusive.

    Examples
    --------
    >>> boundaries(0, 31, "week").tolist(), boundaries(0, 31, "month").tolist()
    ([4, 11, 18, 25], [0, 31])
    """
    days = np.arange(first, last + 1, dtype=np.int64)
    begins: NDArray[np.int64] = days[period_days(days, period)[0] == days]
    return begins


def shift_days(days: NDArray[np.int64], span: Span, sign: int = 1) -> NDArray[np.int64]:
    """Return the days a span later (or earlier); a day that a month lacks becomes that month's last."""
    if span.months:
        months = _months(days)
        into = days - month_starts(months)
        months = months + sign * span.months
        days = month_starts(months) + np.minimum(into, month_starts(months + 1) - month_starts(months) - 1)
    return days + sign * span.days


def shift_times(local: NDArray[np.int64], utc: NDArray[np.int64], span: Span, zone: str) -> NDArray[np.int64]:
    """Return in UTC what is a span later than times given on local clocks and in UTC, all in microseconds."""
    if span.months or span.days:
        utc = local_to_utc(shift_days(local // DAY, span) * DAY + local % DAY, zone)
    return utc + span.micros


def is_zone(name: str) -> bool:
    """Return whether Arrow finds the zone in this machine's database."""
    try:
        local_to_utc(np.zeros(1, dtype=np.int64), name)
    except pa.ArrowInvalid:
        return False
    return True


def local_to_utc(
    local: NDArray[np.int64], zone: str, *, ambiguous: str = "earliest", nonexistent: str = "latest"
) -> NDArray[np.int64]:
    """Return local times in UTC; ``nonexistent`` "earliest" is the last moment before the change."""
    if zone == "UTC":
        return local
    times = pa.array(local).cast(pa.timestamp("us"))
    known = pc.assume_timezone(times, zone, ambiguous=ambiguous, nonexistent=nonexistent)
    found: NDArray[np.int64] = known.cast(pa.int64()).to_numpy()
    return found


def from_utc(utc: NDArray[np.int64], zone: str) -> NDArray[np.int64]:
    """Return times in UTC on the zone's clocks."""
    local: NDArray[np.int64] = (
        pc.local_timestamp(pa.array(utc).cast(pa.timestamp("us", zone))).cast(pa.int64()).to_numpy()
    )
    return local
