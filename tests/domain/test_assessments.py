"""The answers, as they leave the house."""

import math
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from iwscore.domain.assessments import ScenarioLine, Trend, number
from iwscore.domain.times import DAY


def trend(**more: Any) -> Trend:
    """Two times and two scenarios on a ladder of two rungs."""
    given: dict[str, Any] = {
        "problem": "front",
        "subject": "RU-UA",
        "known_at": None,
        "vintage": False,
        "catalog": "0" * 64,
        "scenarios": ("war", "peace"),
        "titles": ("War", "Peace"),
        "times": np.array([0, DAY]),
        "likelihood": np.array([[0.25, 0.75], [0.5, 0.5]]),
        "score": np.array([[10.0, math.nan], [20.0, 0.0]]),
        "against": np.array([[math.nan, 30.0], [0.0, 40.0]]),
        "coverage": np.array([math.nan, 0.5]),
        "rung": np.array([0, 1]),
        "rungs": (("calm", 0.0), ("watch", 0.4)),
        "events": (),
    }
    return Trend(**{**given, **more})


def test_a_trend_has_a_row_a_time_and_scenario() -> None:
    first, second = datetime(1970, 1, 1, tzinfo=UTC), datetime(1970, 1, 2, tzinfo=UTC)
    columns = ("at", "subject", "scenario", "likelihood", "score", "against", "coverage", "rung")
    rows = list(trend().rows())
    assert all(tuple(row) == columns for row in rows)
    assert [tuple(row.values()) for row in rows] == [
        (first, "RU-UA", "war", 0.25, 10.0, None, None, "calm"),
        (first, "RU-UA", "peace", 0.75, None, 30.0, None, "calm"),
        (second, "RU-UA", "war", 0.5, 20.0, 0.0, 0.5, "watch"),
        (second, "RU-UA", "peace", 0.5, 0.0, 40.0, 0.5, "watch"),
    ]


def test_ends_of_bands_stand_behind_the_rest_where_there_are_any() -> None:
    low, high = np.array([[0.2, 0.7], [0.4, 0.4]]), np.array([[0.3, 0.8], [0.6, 0.6]])
    rows = list(trend(low=low, high=high).rows())
    assert {tuple(row)[-3:] for row in rows} == {("rung", "low", "high")}
    assert [(row["low"], row["high"]) for row in rows] == [(0.2, 0.3), (0.7, 0.8), (0.4, 0.6), (0.4, 0.6)]
    assert {type(row["low"]) for row in rows} == {float}


def test_without_a_ladder_there_is_no_rung() -> None:
    rows = list(trend(rung=np.array([-1, -1]), rungs=()).rows())
    assert [row["rung"] for row in rows] == [None] * 4


def test_numbers_are_those_of_the_language_not_of_the_arrays() -> None:
    """What prints them in full precision must not print the name of a type with them."""
    row = next(iter(trend().rows()))
    assert {type(row[column]) for column in ("likelihood", "score")} == {float}


def test_a_line_without_a_band_says_so() -> None:
    line: Any = ScenarioLine(
        id="war", title="War", prior=0.1, likelihood=0.2, term="very-unlikely", score=None, against=0.0
    )
    assert (line.low, line.high, line.score, line.against) == (None, None, None, 0.0)
    with pytest.raises(ValidationError, match="frozen"):
        line.likelihood = 1.0


def test_what_the_list_cannot_tell_is_none() -> None:
    assert [number(value) for value in np.array([0.25, np.nan])] == [0.25, None]
