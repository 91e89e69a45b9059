from typing import Any

import numpy as np
import pytest

from iwscore.domain.mappings import Cell, Clock
from iwscore.domain.times import from_micros
from iwscore.store.periods import read_periods
from tests.store.mapped import column, everything, verdicts

SLOTS = ("%Y-%m-%d", "day")


def clock(form: str, period: Any, **kept: Any) -> Clock:
    return Clock(cell=Cell(template="{c}"), form=form, period=period, **kept)


def ends(own: Clock, *texts: str) -> tuple[list[str], list[str]]:
    """Return when each period was over (and its first and next day), and what is said of those that are none."""
    found = verdicts(len(texts))
    periods = read_periods(column(*texts), own, "c", everything(len(texts)), found)
    spelt = [from_micros(int(micros)).isoformat().removesuffix("+00:00") for micros in periods.end[periods.sound]]
    return spelt, [str(fault) for fault in found.faults]


@pytest.mark.parametrize(
    ("form", "period", "text", "end"),
    [
        ("%Y-%m-%d", "day", "2022-02-28", "2022-03-01T00:00:00"),
        ("%Y-%m-%d", "month", "2022-02-01", "2022-03-01T00:00:00"),
        ("%Y-%m-%d", "month", "2022-02-28", "2022-03-01T00:00:00"),
        ("%Y-%m-%d", "week", "2022-03-02", "2022-03-07T00:00:00"),
        ("%Y-%m", "quarter", "2022-05", "2022-07-01T00:00:00"),
        ("%Y-Q%q", "quarter", "2022-Q4", "2023-01-01T00:00:00"),
        ("%Y", "year", "1965", "1966-01-01T00:00:00"),
        ("%d.%m.%Y %H:%M", "instant", "5.1.2022 8:09", "2022-01-05T08:09:00"),
        ("%d.%m.%Y %H:%M", "day", "5.1.2022 8:09", "2022-01-06T00:00:00"),
        ("iso", "instant", "2022-01-05T08:09:10.5+02:00", "2022-01-05T06:09:10.500000"),
        ("iso", "instant", "2022-01-05 08:09-0330", "2022-01-05T11:39:00"),
        ("iso", "instant", "2022-01-05T08:09:10z", "2022-01-05T08:09:10"),
        ("iso", "instant", "2022-01-05T08:09", "2022-01-05T08:09:00"),
        ("iso", "day", "2022-01-05", "2022-01-06T00:00:00"),
        ("%Y", "year", "9998", "9999-01-01T00:00:00"),
    ],
)
def test_a_period_is_over_at_its_end(form: str, period: str, text: str, end: str) -> None:
    assert ends(clock(form, period), text) == ([end], [])


def test_a_period_ends_at_midnight_in_its_zone() -> None:
    months = clock("%Y-%m", "month", zone="America/New_York")
    assert ends(months, "2022-02", "2022-06")[0] == ["2022-03-01T05:00:00", "2022-07-01T04:00:00"]


def test_a_time_with_an_offset_lies_in_the_day_of_the_zone() -> None:
    found = read_periods(
        column("2022-01-05T23:30Z"), clock("iso", "day", zone="Asia/Tokyo"), "c", everything(1), verdicts(1)
    )
    assert (found.end_day - found.first_day).tolist() == [1]
    assert np.datetime64(int(found.first_day[0]), "D") == np.datetime64("2022-01-06")
    assert from_micros(int(found.end[0])).isoformat() == "2022-01-06T15:00:00+00:00"
    assert int(found.local[0] - found.end[0]) == 9 * 3_600_000_000


@pytest.mark.parametrize(
    ("form", "period", "text"),
    [
        ("%Y-%m-%d", "day", "2022-02-29"),
        ("%Y-%m-%d", "day", "2022-13-01"),
        ("%Y-%m-%d", "day", "2022-00-01"),
        ("%Y-%m-%d", "day", "2022-01-00"),
        ("%Y-%m-%d", "day", "2022-01"),
        ("%Y-%m-%d", "day", ""),
        ("%Y-%m-%d %H:%M:%S", "instant", "2022-01-01 24:00:00"),
        ("%Y-%m-%d %H:%M:%S", "instant", "2022-01-01 23:60:00"),
        ("%Y-%m-%d %H:%M:%S", "instant", "2022-01-01 23:59:60"),
        ("iso", "instant", "2022-01-01"),
    ],
)
def test_what_is_no_time_is_a_fault(form: str, period: str, text: str) -> None:
    said = f"feed.csv:row 2:c: IW352 time cannot be read ({text or 'blank'}); it must have the form {form}. "
    assert ends(clock(form, period), text) == ([], [f"{said}Correct it, or the form in the mapping."])


def test_a_time_that_clocks_showed_twice_must_be_told_apart() -> None:
    twice = "2022-10-30T02:30"
    said = f"feed.csv:row 2:c: IW353 time was twice on the clocks of Europe/Berlin ({twice}); "
    said += "it must be told which is meant. Say ambiguous: earlier or later in the mapping."
    assert ends(clock("iso", "instant", zone="Europe/Berlin"), twice) == ([], [said])
    meant = {which: clock("iso", "instant", zone="Europe/Berlin", ambiguous=which) for which in ("earlier", "later")}
    assert ends(meant["earlier"], twice)[0] == ["2022-10-30T00:30:00"]
    assert ends(meant["later"], twice)[0] == ["2022-10-30T01:30:00"]
    assert ends(clock("iso", "instant", zone="Europe/Berlin"), f"{twice}+02:00")[0] == ["2022-10-30T00:30:00"]


def test_a_time_that_clocks_never_showed_is_a_fault_whatever_is_said() -> None:
    own = clock("iso", "instant", zone="Europe/Berlin", ambiguous="later")
    said = "feed.csv:row 3:c: IW354 time was never on the clocks of Europe/Berlin (2022-03-27T02:30); "
    said += "clocks went over it. Correct it, or the zone."
    times = ["2022-03-27T00:59:00", "2022-03-27T01:00:00"]
    assert ends(own, "2022-03-27T01:59", "2022-03-27T02:30", "2022-03-27T03:00") == (times, [said])


def test_only_rows_that_are_meant_are_judged() -> None:
    found = verdicts(2)
    periods = read_periods(column("soon", "2022-01-01"), clock(*SLOTS), "c", np.array([False, True]), found)
    assert (found.faults, periods.sound.tolist()) == ([], [False, True])
