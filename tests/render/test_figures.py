"""Figures: rounding that neither promises certainty nor loses the sign."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from iwscore.render.figures import date_of, plain, score, share, short, signed, tenths, time_of


@pytest.mark.parametrize(
    ("probability", "text"),
    [(0.0, "0.0"), (0.00049, "<0.1"), (0.0006, "0.1"), (0.99951, ">99.9"), (1.0, "100.0"), (float("nan"), "–")],
)
def test_a_share_is_certain_only_where_it_is(probability: float, text: str) -> None:
    assert share(probability) == text


@pytest.mark.parametrize(("value", "text"), [(None, "–"), (float("nan"), "–"), (0.04, "0.0"), (100.0, "100.0")])
def test_scores(value: float | None, text: str) -> None:
    assert score(value) == text


@pytest.mark.parametrize(
    ("value", "without", "within"), [(-0.04, "0.0", "0.0"), (-1.26, "−1.3", "−1.3"), (12.34, "12.3", "+12.3")]
)
def test_there_is_no_negative_zero(value: float, without: str, within: str) -> None:
    assert (plain(tenths(value)), signed(tenths(value))) == (without, within)


def test_times_are_in_utc_and_never_later_than_they_are() -> None:
    noon = datetime(2022, 10, 7, 12, tzinfo=timezone(timedelta(hours=2)))
    assert time_of(noon) == "2022-10-07 10:00 UTC"
    assert time_of(datetime(2022, 10, 7, 23, 59, 59, 999999, tzinfo=UTC)) == "2022-10-07 23:59:59 UTC"
    assert date_of(datetime(2022, 10, 8, 1, tzinfo=timezone(timedelta(hours=2)))) == "2022-10-07"


def test_a_digest_is_shortened() -> None:
    assert short("0123456789abcdef") == "0123456789ab"
