"""Who speaks: the core says at every time what the method says, read report by report."""

from collections.abc import Sequence
from dataclasses import replace
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iwscore.core.bundles import NEVER, Times
from iwscore.core.evidence import Evidence, gather
from iwscore.core.hearings import Clocks, hear
from iwscore.core.speaking import speak
from tests.core.drawing import some_clocks, some_regrades, some_rows, some_times
from tests.core.plainly import read
from tests.core.rows import QUARTER, Regrade, Row, log_order, problem, register, reports

TABLES = problem()


def heard(rows: Sequence[Row], times: Times, clocks: Clocks, regrades: Sequence[Regrade] = ()) -> Evidence:
    """What is heard at each of the times."""
    hearings = hear(reports(rows), register(regrades), TABLES, clocks)
    return gather(hearings, speak(hearings, times), times, TABLES)


def said_at(rows: Sequence[Row], at: int, clocks: Clocks | None = None) -> list[int]:
    """Which of the rows are heard at a time."""
    hearings = hear(reports(rows), register(), TABLES, clocks or Clocks())
    statements = speak(hearings, np.array([at]))
    return sorted(hearings.report[statements.hearing].tolist())


def same_as_read(rows: list[Row], times: Times, clocks: Clocks, regrades: list[Regrade]) -> None:
    found = heard(rows, times, clocks, regrades)
    for t, at in enumerate(times.tolist()):
        plain = read(rows, regrades, clocks, at)
        evidence = [plain.evidence[channel] for channel in range(found.nats.shape[1])]
        fresh = [plain.fresh[indicator] for indicator in range(found.fresh.shape[1])]
        np.testing.assert_allclose(found.nats[t], evidence, rtol=1e-12, atol=1e-15)
        np.testing.assert_allclose(found.fresh[t], fresh, rtol=1e-12)
        assert found.speaking[t] == plain.speaking


@settings(max_examples=400)
@given(some_rows(), some_times, some_clocks, some_regrades)
def test_late_relayed_withdrawn_and_regraded_reports_are_heard_as_the_method_says(
    rows: list[Row], times: Times, clocks: Clocks, regrades: list[Regrade]
) -> None:
    same_as_read(rows, times, clocks, regrades)


@settings(max_examples=300)
@given(some_rows(plain=True, most=24), some_times, some_clocks)
def test_sources_that_speak_for_themselves_are_heard_as_the_method_says(
    rows: list[Row], times: Times, clocks: Clocks
) -> None:
    same_as_read(rows, times, clocks, [])


@settings(max_examples=200)
@given(some_rows(plain=True, most=24), some_times, some_clocks)
def test_a_report_withdrawn_long_ago_leaves_no_trace(rows: list[Row], times: Times, clocks: Clocks) -> None:
    """A voice that something was withdrawn from is settled stretch by stretch, others by running maxima."""
    long_ago = -90 * QUARTER
    ghosts = {replace(row, observed_at=long_ago, known_from=long_ago, stands_until=long_ago + 1) for row in rows}
    with_ghosts = heard(log_order([*ghosts, *rows]), times, clocks)
    without = heard(rows, times, clocks)
    assert with_ghosts.nats.tobytes() == without.nats.tobytes()
    assert with_ghosts.fresh.tobytes() == without.fresh.tobytes()
    assert with_ghosts.speaking.tolist() == without.speaking.tolist()


@settings(max_examples=100)
@given(some_rows(most=20), some_times, some_clocks, st.integers(1, 7))
def test_how_much_is_held_in_memory_at_once_never_shows(
    rows: list[Row], times: Times, clocks: Clocks, pairs: int
) -> None:
    whole = heard(rows, times, clocks)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("iwscore.core.spans.PAIRS_AT_ONCE", pairs)
        piecewise = heard(rows, times, clocks)
    assert whole.nats.tobytes() == piecewise.nats.tobytes()
    assert whole.fresh.tobytes() == piecewise.fresh.tobytes()


@settings(max_examples=100)
@given(some_rows(), some_times, some_clocks, st.randoms(use_true_random=False))
def test_reports_known_at_one_instant_may_stand_in_any_order(
    rows: list[Row], times: Times, clocks: Clocks, random: Random
) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)
    assert heard(shuffled, times, clocks).nats.tobytes() == heard(rows, times, clocks).nats.tobytes()


YES, NO = Row(level=1), Row(level=0)


def at(row: Row, quarters: int, **more: Any) -> Row:
    """The row, observed and known at that time."""
    return replace(row, observed_at=quarters * QUARTER, known_from=quarters * QUARTER, **more)


@pytest.mark.parametrize(
    ("rows", "spoken"),
    [
        ([at(YES, 0), at(NO, 1)], [1]),
        ([at(YES, 0), at(NO, 1), at(YES, 2)], [2]),
        ([at(YES, 0), at(NO, 1, letter=6)], []),
        ([at(YES, 0), at(YES, 1, letter=6)], [0]),
        ([at(YES, 0, letter=1), at(NO, 0)], [1]),
        ([at(YES, 0, digit=1), at(YES, 0)], [1]),
        ([replace(YES, known_from=2), replace(NO, known_from=1)], [0]),
        ([YES, NO], [0]),
        ([at(YES, 0, source=1), at(YES, 0, source=2, digit=1)], [0]),
        ([at(YES, 0, source=1), at(NO, 1, source=2)], [0, 1]),
        ([at(YES, 0, source=1), at(NO, 1)], [1]),
        ([at(YES, 1, source=1), at(NO, 1)], [0, 1]),
        ([at(YES, 0, source=1), at(NO, 1, letter=6)], [0]),
        ([at(YES, 0, source=1), at(YES, 1, letter=6), at(NO, 2, letter=6)], [0]),
        ([at(YES, 0), at(NO, 1, source=1, letter=6)], [0]),
        ([at(YES, 0), at(NO, 1, stands_until=2 * QUARTER)], [0]),
        ([], []),
    ],
    ids=[
        "contradicting oneself replaces",
        "going back to an earlier word counts from then on",
        "a worthless report silences its own source",
        "a worthless repetition takes nothing away",
        "at one time the greater trust is the later word",
        "at one time on one level the stronger is heard",
        "at one time the later known is the later word",
        "at one time and worth the higher level is the later word",
        "two relays of one word are one voice",
        "relays that disagree share a voice",
        "a relay falls silent once the origin says otherwise later",
        "a relay does not fall silent over a word of the same time",
        "a worthless word of the origin silences no relay",
        "however often it comes",
        "a relay of nothing worth silences nobody",
        "a retracted contradiction gives the earlier word back",
        "nobody speaks where nothing was said",
    ],
)
def test_who_is_heard(rows: list[Row], spoken: list[int]) -> None:
    assert said_at(rows, 5 * QUARTER) == spoken


def test_a_repetition_refreshes() -> None:
    """Both say the same with the same grade; what has faded less is heard."""
    assert said_at([at(YES, 0), at(YES, 4)], 5 * QUARTER) == [1]
    assert said_at([at(YES, 0), at(YES, 4)], 3 * QUARTER) == [0]


def test_a_strong_word_outlasts_a_weak_repetition_until_it_has_faded_below() -> None:
    """ln(1.983/0.017) = 4.759 against ln(1.2413/0.7587) = 0.492: 3.27 halvings, of 2.5 days each; 8.2 days."""
    strong, weak = at(YES, 0), at(YES, 32, letter=5, digit=4)
    assert said_at([strong, weak], 32 * QUARTER) == [0]
    stale = at(YES, 33, letter=5, digit=4)
    assert said_at([strong, stale], 33 * QUARTER) == [1]


def test_a_late_report_takes_its_place_in_the_telling() -> None:
    """Known last, it says what was so between two others, and cuts the earlier one off."""
    said = [at(YES, 0), at(YES, 2, letter=5), replace(at(NO, 1), known_from=4 * QUARTER)]
    vintage = Clocks(vintage=True)
    assert said_at(said, 3 * QUARTER, vintage) == [0]
    assert said_at(said, 4 * QUARTER, vintage) == [1]
    assert said_at(said, 3 * QUARTER) == [1]


def test_statements_come_by_voice_then_start_then_level() -> None:
    rows = log_order([at(YES, 0, source=2, origin=2), at(NO, 0), at(NO, 1, source=1), at(YES, 3, source=1)])
    hearings = hear(reports(rows), register(), TABLES, Clocks())
    statements = speak(hearings, np.arange(0, 6) * QUARTER)
    keys = list(
        zip(
            hearings.voice[statements.hearing].tolist(),
            statements.start.tolist(),
            hearings.level[statements.hearing].tolist(),
            strict=True,
        )
    )
    assert keys == sorted(keys)
    assert len(statements) == len(keys) > 3


def test_numbers_of_voices_need_not_be_without_gaps() -> None:
    rows = [at(YES, 0, source=n, origin=n) for n in range(3)]
    hearings = hear(reports(rows), register(), TABLES, Clocks())
    gaps = replace(hearings, voice=hearings.voice * 3 + 1)
    now = np.array([QUARTER])
    assert speak(gaps, now).hearing.tolist() == speak(hearings, now).hearing.tolist() == [0, 1, 2]


def test_a_withdrawn_report_is_not_heard_from_then_on() -> None:
    gone = at(YES, 0, stands_until=3 * QUARTER)
    vintage = Clocks(vintage=True)
    assert [said_at([gone], q * QUARTER, vintage) for q in (-1, 0, 2, 3)] == [[], [0], [0], []]
    assert said_at([gone], 0) == []
    assert said_at([replace(gone, stands_until=NEVER)], 0) == [0]
