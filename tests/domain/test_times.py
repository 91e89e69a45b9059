"""Instants and spans, as people write them and as they are kept."""

from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iwscore.domain.times import (
    DAY,
    MOST_TIMES,
    end_of_day,
    from_micros,
    grid,
    parse_instant,
    parse_span_days,
    print_instant,
    to_micros,
)

instants = st.datetimes(timezones=st.just(UTC))


def utc(year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0, micro: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, second, micro, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2022-10-04", utc(2022, 10, 4)),
        (" 2022-10-04 ", utc(2022, 10, 4)),
        ("2022-10-04T12:00Z", utc(2022, 10, 4, 12)),
        ("2022-10-04T15:00+03", utc(2022, 10, 4, 12)),
        ("2022-10-04 12:00:01z", utc(2022, 10, 4, 12, 0, 1)),
        ("2022-10-04t12:00:00.5+02:00", utc(2022, 10, 4, 10, 0, 0, 500_000)),
        ("2022-10-04T12:00:00,000001-0530", utc(2022, 10, 4, 17, 30, 0, 1)),
        ("0001-01-01", utc(1, 1, 1)),
        ("9999-12-31T23:59:59.999999Z", utc(9999, 12, 31, 23, 59, 59, 999_999)),
        ("2024-02-29", utc(2024, 2, 29)),
    ],
)
def test_an_instant_is_read_to_the_microsecond(text: str, instant: datetime) -> None:
    assert parse_instant(text) == instant
    assert parse_instant(text).utcoffset() == timedelta()


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("2022-10-04", utc(2022, 10, 4, 23, 59, 59, 999_999)),
        ("9999-12-31", utc(9999, 12, 31, 23, 59, 59, 999_999)),
        ("2022-10-04T00:00Z", utc(2022, 10, 4)),
    ],
)
def test_a_bare_day_may_mean_its_end(text: str, end: datetime) -> None:
    assert parse_instant(text, end_of_day=True) == end


@pytest.mark.parametrize("text", ["2022-02-30", "2022-13-01", "0001-01-01T00:00+01:00", "2022-10-04T24:30Z"])
def test_what_no_calendar_has_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=f"^not a time of the calendar: {text.replace('+', '.')}$"):
        parse_instant(text)


@pytest.mark.parametrize(
    "text", ["", "yesterday", "2022-10-04T12:00", "2022-10", "20221004", "2022-10-04T12:00+2", "1664841600"]
)
def test_what_is_not_iso_8601_with_an_offset_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"^not ISO 8601 with an offset: "):
        parse_instant(text)


@given(instants)
def test_an_instant_printed_and_read_is_the_same(instant: datetime) -> None:
    assert parse_instant(print_instant(instant)) == instant
    assert print_instant(instant).endswith("Z")


@given(instants)
def test_an_instant_kept_as_microseconds_is_the_same(instant: datetime) -> None:
    assert from_micros(to_micros(instant)) == instant


@pytest.mark.parametrize("time", ["2022-10-04", "2022-10-04T12:00:00Z", "2022-10-04T23:59:59.999999Z"])
def test_a_day_ends_where_the_bare_day_does(time: str) -> None:
    assert end_of_day(to_micros(parse_instant(time))) == to_micros(parse_instant("2022-10-04", end_of_day=True))


def test_microseconds_count_from_1970_whatever_the_offset() -> None:
    assert to_micros(datetime(1970, 1, 2, 2, tzinfo=timezone(timedelta(hours=2)))) == DAY
    assert to_micros(utc(1969, 12, 31, 23, 59, 59, 999_999)) == -1


def test_an_instant_without_an_offset_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^instant has no offset: 2022-10-04T00:00:00$"):
        to_micros(utc(2022, 10, 4).replace(tzinfo=None))


@pytest.mark.parametrize(
    ("text", "days"),
    [("21d", 21), ("2w", 14), ("36h", 1.5), ("90min", 0.0625), ("0.5d", 0.5), ("never", float("inf"))],
)
def test_a_span_is_read_in_days(text: str, days: float) -> None:
    assert parse_span_days(text) == days


@pytest.mark.parametrize("text", ["", "0d", "0.0h", "d", "-1d", "1 d", "1mo", "1y", "1e3d", "1d2h", "Never", "inf"])
def test_what_is_no_span_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=f"^not a span: {text}$"):
        parse_span_days(text)


@pytest.mark.parametrize(
    ("start", "end", "step", "days"),
    [
        (utc(2022, 1, 1), utc(2022, 1, 4), "1d", [1, 2, 3, 4]),
        (utc(2022, 1, 1), utc(2022, 1, 3, 23), "1d", [1, 2, 3]),
        (utc(2022, 1, 1), utc(2022, 1, 4), "36h", [1, 2, 4]),
        (utc(2022, 1, 1), utc(2022, 1, 4), "1.5d", [1, 2, 4]),
        (utc(2022, 1, 1), utc(2022, 1, 1), "1w", [1]),
        (utc(2022, 1, 31), utc(2022, 5, 31), "1mo", [31, 28, 31, 30, 31]),
        (utc(2022, 1, 31), utc(2022, 4, 29), "1mo", [31, 28, 31]),
        (utc(2020, 2, 29), utc(2024, 2, 29), "1y", [29, 28, 28, 28, 29]),
        (utc(2022, 11, 30), utc(2023, 3, 1), "3mo", [30, 28]),
        (utc(9999, 11, 30), utc(9999, 12, 31), "1mo", [30, 30]),
        (utc(9999, 1, 1), utc(9999, 12, 31), "5y", [1]),
    ],
)
def test_a_grid_runs_from_start_to_end_both_inclusive(
    start: datetime, end: datetime, step: str, days: list[int]
) -> None:
    found = grid(start, end, step)
    assert [instant.day for instant in found] == days
    assert found[0] == start
    assert all(earlier < later for earlier, later in pairwise(found))


@pytest.mark.parametrize("step", ["", "0d", "0mo", "0y", "never", "1.5mo", "0.000000001min", "9" * 400 + "d", "1 d"])
def test_what_is_no_step_is_refused(step: str) -> None:
    with pytest.raises(ValueError, match=f"^not a step: {step}$"):
        grid(utc(2022, 1, 1), utc(2022, 1, 2), step)


def test_a_grid_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^end lies before start: 2022-01-01T00:00:00Z$"):
        grid(utc(2022, 1, 2), utc(2022, 1, 1), "1d")


def test_a_slip_in_a_step_does_not_fill_the_memory() -> None:
    start = utc(2000, 1, 1)
    assert len(grid(start, start + (MOST_TIMES - 1) * timedelta(minutes=1), "1min")) == MOST_TIMES
    with pytest.raises(OverflowError, match=r"^1000001 times; at most 1000000$"):
        grid(start, start + MOST_TIMES * timedelta(minutes=1), "1min")
