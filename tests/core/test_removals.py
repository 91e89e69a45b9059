"""The evidence without a report, an origin or a party is that of a log that never held it."""

import numpy as np
from hypothesis import given, settings

from iwscore.core.bundles import Floats, Ints, Times
from iwscore.core.evidence import gather, say
from iwscore.core.hearings import Clocks, Hearings, hear
from iwscore.core.removals import removable, without_reports, without_voices
from iwscore.core.speaking import Statements, speak
from tests.core.drawing import some_regrades, some_rows
from tests.core.rows import QUARTER, Regrade, Row, problem, register, reports

NOW: Times = np.array([26 * QUARTER])
TABLES = problem()


def log(rows: list[Row], regrades: list[Regrade]) -> tuple[Hearings, Statements, Floats]:
    """What can be heard, who is heard now, and the evidence."""
    hearings = hear(reports(rows), register(regrades), TABLES, Clocks())
    heard = speak(hearings, NOW)
    return hearings, heard, gather(hearings, heard, NOW, TABLES).nats[0]


@settings(max_examples=150)
@given(some_rows(), some_regrades)
def test_a_report_taken_out_leaves_what_a_log_without_it_says(rows: list[Row], regrades: list[Regrade]) -> None:
    """And those that are not named could be taken out without a trace."""
    hearings, heard, evidence = log(rows, regrades)
    named = removable(hearings, heard, NOW)
    left = without_reports(evidence, hearings, named, NOW)
    found = dict(zip(hearings.report[named].tolist(), left, strict=True))
    assert len(found) == len(named)
    for n in range(len(rows)):
        rest = log(rows[:n] + rows[n + 1 :], regrades)[2]
        np.testing.assert_allclose(found.get(n, evidence), rest, atol=1e-12)
        assert ((found.get(n, evidence) == 0) | (rest > 0)).all()


@given(some_rows(), some_regrades)
def test_an_origin_taken_out_leaves_what_a_log_without_it_says(rows: list[Row], regrades: list[Regrade]) -> None:
    hearings, heard, evidence = log(rows, regrades)
    origin: Ints = np.array([row.origin for row in rows], dtype=np.int64)[hearings.report]
    left = without_voices(evidence, hearings, (heard, say(hearings, heard, NOW)), origin)
    assert len(left) == origin.max(initial=-1) + 1
    for label, without in enumerate(left):
        rest = log([row for row in rows if row.origin != label], regrades)[2]
        np.testing.assert_allclose(without, rest, atol=1e-12)


def test_what_stands_under_no_label_stays() -> None:
    rows = [Row(source=0, origin=0), Row(source=1, origin=1), Row(source=2, origin=2)]
    hearings, heard, evidence = log(rows, [])
    said = (heard, say(hearings, heard, NOW))
    both = without_voices(evidence, hearings, said, np.array([0, -1, 0]))
    assert len(both) == 1
    np.testing.assert_allclose(both[0], log(rows[1:2], [])[2], rtol=1e-12)
    assert without_voices(evidence, hearings, said, np.array([-1, -1, -1])).shape == (0, len(evidence))


def test_without_its_only_report_nothing_is_left_of_a_log() -> None:
    hearings, heard, evidence = log([Row()], [])
    named = removable(hearings, heard, NOW)
    left = without_reports(evidence, hearings, named, NOW)
    assert named.tolist() == [0]
    assert left.tolist() == [[0.0] * 5]


def test_a_lone_report_among_longer_voices_can_be_taken_out() -> None:
    """A voice that vanishes with its report must not be mistaken for its neighbour."""
    rows = [Row(source=0, origin=0), *(Row(source=1, origin=1, observed_at=n, known_from=n) for n in (0, 1))]
    hearings, heard, evidence = log(rows, [])
    named = removable(hearings, heard, NOW)
    left = without_reports(evidence, hearings, named, NOW)
    assert hearings.report[named].tolist() == [0, 2]
    np.testing.assert_allclose(left[0], log(rows[1:], [])[2], rtol=1e-12)


def test_an_origins_worthless_repetition_does_not_hide_what_else_silences_a_relay() -> None:
    """Without the first of them the relay, stronger than the origin's latest word, would be heard."""
    said = [(2, 1, 2, 0), (0, 0, 5, 0), (0, 0, 6, 6), (2, 0, 7, 5)]
    rows = [
        Row(indicator=1, level=level, source=source, observed_at=time, known_from=time, letter=letter)
        for level, source, time, letter in said
    ]
    hearings, heard, evidence = log(rows, [])
    named = removable(hearings, heard, NOW)
    left = dict(zip(hearings.report[named].tolist(), without_reports(evidence, hearings, named, NOW), strict=True))
    assert left[1][4] > evidence[4] > 0
    np.testing.assert_allclose(left[1], log([rows[0], *rows[2:]], [])[2], rtol=1e-12)


def test_of_an_empty_log_nothing_can_be_taken_out() -> None:
    hearings, heard, evidence = log([], [])
    named = removable(hearings, heard, NOW)
    left = without_reports(evidence, hearings, named, NOW)
    assert (named.shape, left.shape) == ((0,), (0, 5))
    assert without_voices(
        evidence, hearings, (heard, say(hearings, heard, NOW)), np.array([], dtype=np.int64)
    ).shape == (
        0,
        5,
    )
