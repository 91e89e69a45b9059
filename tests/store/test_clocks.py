"""Times: read as ``domain.times`` reads them, to the microsecond, or refused with the reason."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from iwscore.domain.times import parse_instant, to_micros
from iwscore.store.clocks import EARLIEST, LATEST, Times, read_times
from iwscore.store.tables import Table
from iwscore.store.verdicts import Verdicts

UNREADABLE = (
    "IW321 time cannot be read ({}); it must be ISO 8601 and a day of the calendar. Write it like 2022-10-04T12:00:00Z."
)
ZONELESS = "IW322 time has no offset from UTC ({}); it must end in Z or an offset. Write it like 2022-10-04T12:00:00Z."
TOO_FINE = "IW323 time is finer than a microsecond ({}); it may have six decimals. Round it."


def times_of(column: pa.Array) -> tuple[Times, list[str]]:
    rows = np.arange(1, len(column) + 1)
    verdicts = Verdicts("f", rows, [], np.zeros(len(rows), dtype=bool))
    times = read_times(Table("f", rows, {"observed_at": column}), "observed_at", verdicts)
    return times, [str(fault).removeprefix("f:") for fault in verdicts.faults]


def written(*texts: str | None) -> tuple[Times, list[str]]:
    return times_of(pa.array(texts, pa.string()).dictionary_encode())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("yesterday", UNREADABLE),
        ("2022-02-30", UNREADABLE),
        ("2022-02-30T00:00:00Z", UNREADABLE),
        ("2022-10-04T24:00:00Z", UNREADABLE),
        ("2022-10-04T12:00:60Z", UNREADABLE),
        ("0000-01-01T00:00:00Z", UNREADABLE),
        ("0001-01-01T00:00:00+00:01", UNREADABLE),
        ("9999-12-31T23:59:59.999999-00:01", UNREADABLE),
        ("04.10.2022", UNREADABLE),
        ("2022-10-04T12Z", UNREADABLE),
        ("1664884800", UNREADABLE),
        ("\u0662022-10-04", UNREADABLE),
        ("2022-10-04T12:00:00", ZONELESS),
        ("2022-10-04 12:00", ZONELESS),
        ("2022-10-04t12:00:00,5", ZONELESS),
        ("2022-10-04T12:00:00.0000000Z", TOO_FINE),
        ("2022-10-04T12:00:00,1234567+02:00", TOO_FINE),
        ("2022-10-04T12:00:00.1234567", TOO_FINE),
    ],
)
def test_a_time_that_cannot_be_taken_is_refused_with_the_reason(text: str, said: str) -> None:
    times, faults = written("2022-10-04T12:00:00Z", text, None)
    assert faults == [f"row 2:observed_at: {said.format(text)}"]
    assert (times.given.tolist(), times.sound.tolist()) == ([True, True, False], [True, False, False])
    assert times.micros.tolist() == [1_664_884_800_000_000, 0, 0]


def test_a_bare_date_begins_its_day_and_is_known_at_its_end() -> None:
    times, faults = written("2022-10-04", "2022-10-04T00:00:00Z", "0001-01-01", "9999-12-31")
    assert faults == []
    assert times.bare.tolist() == [True, False, True, True]
    ends = [to_micros(parse_instant(day, end_of_day=True)) for day in ("2022-10-04", "0001-01-01", "9999-12-31")]
    assert times.known.tolist() == [ends[0], times.micros[0], ends[1], ends[2]]
    assert (times.micros[2], times.known[3]) == (EARLIEST, LATEST)


OFFSETS = st.sampled_from(["Z", "z", "+00:00", "-00:00", "+0230", "-05:30", "+14:00", "+23:59", "-23:59"])
FRACTIONS = st.sampled_from(["", ":00", ":59.5", ":01.000001", ":07,25", ":60", ":3"])


@st.composite
def spelt(draw: st.DrawFn) -> str:
    year, month, day = (draw(st.integers(0, most)) for most in (9999, 13, 32))
    hour, minute = draw(st.integers(0, 24)), draw(st.integers(0, 60))
    between = draw(st.sampled_from("T t"))
    return f"{year:04}-{month:02}-{day:02}{between}{hour:02}:{minute:02}{draw(FRACTIONS)}{draw(OFFSETS)}"


@given(st.lists(spelt(), max_size=5))
@example(["9999-12-31T23:59:59.999999Z", "0001-01-01T00:00:00Z"])
@example(["9999-12-31T23:59:59.999999-00:01", "2022-10-04T12:00Z"])
def test_many_times_are_read_as_one_is(texts: list[str]) -> None:
    times, faults = written(*texts)
    for text, micros, sound in zip(texts, times.micros.tolist(), times.sound.tolist(), strict=True):
        try:
            assert (micros, sound) == (to_micros(parse_instant(text)), True)
        except ValueError:
            assert not sound
    assert len(faults) == np.count_nonzero(~times.sound)


@pytest.mark.parametrize(
    ("column", "said"),
    [
        (pa.array([0, 1001], pa.timestamp("ns", "UTC")), TOO_FINE.format("1001 ns since 1970")),
        (pa.array([0, 10**12], pa.timestamp("s", "UTC")), UNREADABLE.format("1000000000000 s since 1970")),
        (pa.array([0, -(10**15)], pa.timestamp("ms", "UTC")), UNREADABLE.format("-1000000000000000 ms since 1970")),
        (pa.array([0, 3_000_000], pa.int32()).cast(pa.date32()), UNREADABLE.format("3000000 d since 1970")),
    ],
    ids=lambda cell: str(getattr(cell, "type", "")),
)
def test_a_typed_time_off_the_calendar_or_too_fine_is_refused(column: pa.Array, said: str) -> None:
    times, faults = times_of(column)
    assert faults == [f"row 2:observed_at: {said}"]
    assert times.sound.tolist() == [True, False]


@pytest.mark.parametrize("unit", ["s", "ms", "us"])
def test_a_typed_time_reaches_the_ends_of_the_calendar(unit: str) -> None:
    each = {"s": 10**6, "ms": 10**3, "us": 1}[unit]
    times, faults = times_of(pa.array([EARLIEST // each, LATEST // each, None], pa.timestamp(unit, "UTC")))
    assert faults == []
    assert times.micros.tolist() == [EARLIEST, LATEST // each * each, 0]
    assert times.given.tolist() == [True, True, False]


def test_an_absent_column_is_a_column_of_blanks() -> None:
    verdicts = Verdicts("f", np.array([1]), [], np.zeros(1, dtype=bool))
    times = read_times(Table("f", np.array([1]), {}), "reported_at", verdicts)
    assert (times.given.tolist(), times.sound.tolist(), times.bare.tolist()) == ([False], [False], [False])
