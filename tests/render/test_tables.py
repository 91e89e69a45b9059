"""Tables as people see them: kept whole, and never wider than a page."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from iwscore.render.layouts import WIDTH
from iwscore.render.tables import assessment_table, known_words, trend_table
from tests.render.samples import AT, assessment, banded, trend

Golden = Callable[[str, str], None]


def test_an_assessment(golden: Golden) -> None:
    golden("render/assessment.txt", assessment_table(assessment()))


def test_an_assessment_with_bands_and_nothing_else(golden: Golden) -> None:
    lines = tuple(
        line.model_copy(update={"low": line.likelihood / 2, "high": (1 + line.likelihood) / 2})
        for line in assessment().scenarios
    )
    bare = assessment(scenarios=lines, coverage=None, rung=None, flags=(), known_at=AT - timedelta(microseconds=1))
    golden("render/assessment_bands.txt", assessment_table(bare))


def test_a_flag_without_a_sentence_is_shown() -> None:
    text = assessment_table(assessment(flags=("contested", "novel")))
    assert "flags         contested: reports on one indicator speak strongly for two of its levels at once." in text
    assert "\n              novel\n" in text


def test_a_trend(golden: Golden) -> None:
    golden("render/trend.txt", trend_table(trend()))


def test_a_trend_with_bands(golden: Golden) -> None:
    golden("render/trend_bands.txt", trend_table(banded()))


def test_a_trend_of_many_scenarios_goes_on_below(golden: Golden) -> None:
    titles = {f"scenario-of-number-{n}": f"Number {n}" for n in range(14)}
    many = trend(2, titles=titles, likelihood=lambda x: (1 / 14,) * 14, rungs=())
    many.rung[:] = -1
    golden("render/trend_wide.txt", trend_table(many))


@pytest.mark.parametrize(
    ("vintage", "known_at", "words"),
    [
        (False, None, "everything recorded"),
        (False, AT, "2022-10-12 00:00 UTC"),
        (True, None, "each time as then known"),
        (True, AT, "each time as then known, at the latest 2022-10-12 00:00 UTC"),
    ],
)
def test_what_counted_as_known(vintage: bool, known_at: object, words: str) -> None:
    assert known_words(trend(vintage=vintage, known_at=known_at)) == words


def test_times_off_midnight_are_written_out() -> None:
    shifted = trend(2)
    text = trend_table(trend(2, times=shifted.times + 60_000_000))
    assert "2022-10-11 00:01  " in text


@pytest.mark.parametrize("length", [30, 300])
def test_nothing_is_wider_than_a_page(length: int) -> None:
    named = {f"s{n}-" + "x" * length: "Überlänge " * length for n in range(3)}
    lines = tuple(
        line.model_copy(update={"title": title})
        for line, title in zip(assessment().scenarios, named.values(), strict=True)
    )
    texts = [
        assessment_table(assessment(scenarios=lines, rung="r" * length)),
        trend_table(trend(2, titles=named, rungs=(("r" * length, 0.0), ("q", 0.5), ("p", 0.6)))),
    ]
    assert max(len(line) for text in texts for line in text.splitlines()) <= WIDTH
