"""Sparklines: one scale for all, and the end of a line is the end of the trend."""

from collections.abc import Callable

import pytest

from iwscore.render.sparklines import trend_sparklines
from tests.render.samples import trend


def test_sparklines(golden: Callable[[str, str], None]) -> None:
    golden("render/sparklines.txt", trend_sparklines(trend(30)))


def test_a_problem_without_a_ladder_has_no_rung_line() -> None:
    text = trend_sparklines(trend(2, rungs=()))
    assert "ungs:" not in text
    assert "rung (" not in text


@pytest.mark.parametrize(
    ("days", "marks", "says"),
    [
        (1, 1, "Each mark is one time."),
        (50, 50, "Each mark is one time."),
        (51, 26, "Each mark is the last of 2 times."),
    ],
)
def test_a_long_trend_is_gathered(days: int, marks: int, says: str) -> None:
    text = trend_sparklines(trend(days, likelihood=lambda x: (float(x == 1), 1 - float(x == 1), 0.0)))
    (calm,) = [line for line in text.splitlines() if line.startswith("Calm")]
    assert calm.split()[-1] == "▁" * (marks - 1) + ("▁" if days == 1 else "█")
    assert says in text


def test_a_rung_that_is_not_on_the_ladder_is_a_dash() -> None:
    none = trend(2)
    none.rung[0] = -1
    assert "–" in trend_sparklines(none)
