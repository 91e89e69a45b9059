"""Axes: time in UTC over the span of the trend, labelled as its length needs."""

import pytest

from iwscore.domain.times import DAY
from iwscore.render.axes import fraction, time_axis
from tests.render.samples import trend


@pytest.mark.parametrize(
    ("days", "form"), [(1, "%-d %b %H:%M"), (5, "%-d %b %H:%M"), (6, "%-d %b"), (400, "%b %Y"), (3650, "%Y")]
)
def test_labels_suit_the_span(days: int, form: str) -> None:
    axis = time_axis(trend(days), "at", labelled=True)
    assert axis["axis"]["format"] == form
    assert axis["scale"]["type"] == "utc"


def test_the_span_is_the_trends() -> None:
    first, last = time_axis(trend(6), "at", labelled=True)["scale"]["domain"]
    assert [first[part] for part in ("year", "month", "date", "hours", "utc")] == [2022, 10, 7, 0, True]
    assert [last[part] for part in ("year", "month", "date", "hours", "utc")] == [2022, 10, 12, 0, True]


def test_one_time_stands_in_the_middle_of_a_day() -> None:
    alone = trend(1)
    assert fraction(alone, int(alone.times[0])) == 0.5


def test_a_view_that_is_not_labelled_takes_the_span_of_the_one_that_is() -> None:
    assert time_axis(trend(), "at") == {"field": "at", "type": "temporal", "scale": {"type": "utc"}, "axis": None}


def test_a_fraction_is_of_the_span() -> None:
    week = trend(8)
    assert fraction(week, int(week.times[0]) + 7 * DAY) == 1.0
