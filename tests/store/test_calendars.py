from datetime import UTC, date, datetime

import numpy as np
import pytest

from iwscore.domain.mappings import Period, Span
from iwscore.domain.times import from_micros, to_micros
from iwscore.store.calendars import (
    boundaries,
    from_utc,
    is_zone,
    local_to_utc,
    month_starts,
    period_days,
    shift_days,
    shift_times,
)

EPOCH = date(1970, 1, 1).toordinal()


def day(text: str) -> int:
    return date.fromisoformat(text).toordinal() - EPOCH


def days(*texts: str) -> np.ndarray:
    return np.array([day(text) for text in texts], dtype=np.int64)


def spelt(numbers: np.ndarray) -> list[str]:
    return [date.fromordinal(number + EPOCH).isoformat() for number in numbers.tolist()]


def local(text: str) -> np.ndarray:
    return np.array([to_micros(datetime.fromisoformat(text).replace(tzinfo=UTC))], dtype=np.int64)


def utc(times: np.ndarray) -> str:
    return from_micros(int(times[0])).isoformat().removesuffix("+00:00")


@pytest.mark.parametrize(
    ("period", "first", "end"),
    [
        ("instant", "2024-02-29", "2024-03-01"),
        ("day", "2024-02-29", "2024-03-01"),
        ("week", "2024-02-26", "2024-03-04"),
        ("month", "2024-02-01", "2024-03-01"),
        ("quarter", "2024-01-01", "2024-04-01"),
        ("year", "2024-01-01", "2025-01-01"),
    ],
)
def test_a_period_is_that_of_the_calendar_in_which_a_day_lies(period: Period, first: str, end: str) -> None:
    begins, ends = period_days(days("2024-02-29"), period)
    assert (spelt(begins), spelt(ends)) == ([first], [end])


def test_weeks_begin_on_mondays_before_1970_too() -> None:
    begins, _ = period_days(days("1969-12-28", "1969-12-29", "1970-01-04", "1970-01-05"), "week")
    assert spelt(begins) == ["1969-12-22", "1969-12-29", "1969-12-29", "1970-01-05"]


def test_boundaries_include_both_ends() -> None:
    assert spelt(boundaries(day("2022-01-01"), day("2022-07-01"), "quarter")) == [
        "2022-01-01",
        "2022-04-01",
        "2022-07-01",
    ]
    assert boundaries(5, 4, "day").tolist() == []


@pytest.mark.parametrize(
    ("start", "span", "sign", "end"),
    [
        ("2022-01-31", Span(months=1), 1, "2022-02-28"),
        ("2024-03-31", Span(months=1), -1, "2024-02-29"),
        ("2022-12-15", Span(months=1, days=20), 1, "2023-02-04"),
        ("2022-03-01", Span(days=28), -1, "2022-02-01"),
        ("2022-03-01", Span(), 1, "2022-03-01"),
    ],
)
def test_days_shift_by_the_calendar(start: str, span: Span, sign: int, end: str) -> None:
    assert spelt(shift_days(days(start), span, sign)) == [end]


def test_months_count_from_1970() -> None:
    assert spelt(month_starts(np.array([-1, 0, 14]))) == ["1969-12-01", "1970-01-01", "1971-03-01"]


@pytest.mark.parametrize(
    ("zone", "at", "found"),
    [
        ("UTC", "2022-06-01T00:00", "2022-06-01T00:00:00"),
        ("Europe/Kyiv", "2022-06-01T00:00", "2022-05-31T21:00:00"),
        ("Europe/Kyiv", "2022-12-01T00:00", "2022-11-30T22:00:00"),
        # Clocks went from 23:59 to 01:00: the day began with the change.
        ("America/Sao_Paulo", "2018-11-04T00:00", "2018-11-04T03:00:00"),
        # Clocks went from 00:59 back to 00:00: the day began the first time.
        ("America/Havana", "2022-11-06T00:00", "2022-11-06T04:00:00"),
    ],
)
def test_a_midnight_is_the_first_moment_of_its_day(zone: str, at: str, found: str) -> None:
    assert utc(local_to_utc(local(at), zone)) == found


def test_local_clocks_show_times_in_utc() -> None:
    assert utc(from_utc(local("2022-06-01T12:00"), "Asia/Kathmandu")) == "2022-06-01T17:45:00"


def test_a_lag_of_days_keeps_to_local_clocks_and_one_of_hours_does_not() -> None:
    eve, zone = local("2022-03-26T12:00"), "Europe/Berlin"
    start = local_to_utc(eve, zone)
    assert utc(start) == "2022-03-26T11:00:00"
    assert utc(shift_times(eve, start, Span(days=1), zone)) == "2022-03-27T10:00:00"
    assert utc(shift_times(eve, start, Span(micros=24 * 3_600_000_000), zone)) == "2022-03-27T11:00:00"
    assert utc(shift_times(eve, start, Span(), zone)) == "2022-03-26T11:00:00"


def test_a_zone_is_one_of_the_database() -> None:
    assert [is_zone(name) for name in ("UTC", "Europe/Kyiv", "Europe/Minks", "")] == [True, True, False, False]
