"""Strips: few signs are named, many are thinned; rungs last from one time to another."""

from datetime import timedelta

import pytest

from iwscore.domain.times import to_micros
from iwscore.render.strips import event_marks, event_rules, event_strip, rung_spans, rung_strip
from tests.render.samples import AT, trend


def millis(days: float) -> int:
    return to_micros(AT - timedelta(days=days)) // 1000


def test_a_sign_has_a_row_and_one_label() -> None:
    marks = event_marks(trend())
    assert [(mark["row"], mark["side"]) for mark in marks] == [(0, ""), (0, "right"), (1, "left")]
    assert {mark["sign"] for mark in marks} == {
        "Boats gathered at the landing: many",
        "Patrols along the river: absent",
    }
    assert marks[0]["at"] == millis(4)


def test_a_long_name_is_cut_and_its_level_kept() -> None:
    (mark,) = event_marks(trend(events=((AT, "Signs " * 30, "many"),)))
    assert mark["sign"].endswith("…: many")
    assert len(mark["sign"]) < 70


@pytest.mark.parametrize(("signs", "rows"), [(20, 20), (21, 1)])
def test_many_signs_are_thinned(signs: int, rows: int) -> None:
    many = trend(events=tuple((AT - timedelta(days=n / 5), f"Sign {n}", "seen") for n in reversed(range(signs))))
    (strip,) = event_strip(many)
    assert strip["height"] == rows * 13
    assert len(event_rules(many)) == (rows > 1)


def test_reports_that_come_close_share_a_mark() -> None:
    close = tuple((AT - timedelta(minutes=n), f"Sign {n}", "seen") for n in reversed(range(30)))
    marks = event_marks(trend(events=((AT - timedelta(days=5), "Sign", "first"), *close)))
    assert [mark["sign"] for mark in marks] == ["1 first heard", "29 first heard", "1 first heard"]


def test_nothing_heard_leaves_no_strip() -> None:
    assert event_strip(trend(events=())) == []
    assert event_rules(trend(events=())) == []


def test_rungs_last_until_the_next() -> None:
    spans = [(span["rung"], span["at"], span["until"]) for span in rung_spans(trend())]
    assert spans == [
        ("routine", millis(5), millis(4)),
        ("guarded, 25 %", millis(4), millis(1)),
        ("severe, 60 %", millis(1), millis(0)),
    ]


def test_a_rung_entered_at_the_last_time_has_a_span_of_its_own() -> None:
    late = trend(2)
    assert [(span["at"], span["until"]) for span in rung_spans(late)] == [
        (millis(1), millis(0)),
        (millis(0), millis(0)),
    ]


def test_higher_rungs_are_darker_and_stand_higher() -> None:
    (strip,) = rung_strip(trend())
    assert strip["encoding"]["y"]["scale"]["domain"] == ["severe, 60 %", "guarded, 25 %", "routine"]
    shades = [span["shade"] for span in rung_spans(trend())]
    assert shades == sorted(shades, reverse=True)


def test_without_a_ladder_there_is_no_strip() -> None:
    assert (rung_strip(trend(rungs=())), rung_spans(trend(rungs=()))) == ([], [])
