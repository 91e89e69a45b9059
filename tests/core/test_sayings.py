"""What each indicator says alone, and the answers that follow: those of the one scoring path, bit for bit."""

from dataclasses import fields

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from iwscore.core.assessing import assess
from iwscore.core.bundles import Ints, Times
from iwscore.core.examples import tiny_hearings, tiny_problem
from iwscore.core.hearings import Clocks, Hearings, hear
from iwscore.core.sayings import Sayings, conclude, hear_out
from iwscore.core.scores import ceilings
from iwscore.core.speaking import speak
from tests.core.drawing import some_clocks, some_regrades, some_rows, some_times
from tests.core.rows import Regrade, Row, problem, register, reports

PROBLEM = problem(groups=[([0, 1], 0.5)])


def heard(hearings: Hearings, times: Times) -> Sayings:
    return hear_out(hearings, speak(hearings, times), PROBLEM, times)


@given(some_rows(), some_regrades, some_times, some_clocks)
def test_the_answers_are_those_of_the_one_scoring_path(
    rows: list[Row], regrades: list[Regrade], times: Times, clocks: Clocks
) -> None:
    told = reports(rows)
    hearings, wanted = (
        hear(told, register(regrades), PROBLEM, clocks),
        assess(told, register(regrades), PROBLEM, clocks, times),
    )
    found = conclude(heard(hearings, times), PROBLEM, ceilings(PROBLEM))
    for field in fields(wanted):
        assert getattr(found, field.name).tobytes() == getattr(wanted, field.name).tobytes()


@given(some_rows(), some_regrades, some_times, some_clocks, st.sampled_from([0, 1]))
def test_an_indicator_says_the_same_alone(
    rows: list[Row], regrades: list[Regrade], times: Times, clocks: Clocks, one: int
) -> None:
    hearings = hear(reports(rows), register(regrades), PROBLEM, clocks)
    among, alone = heard(hearings, times), heard(hearings.take(hearings.indicator == one), times)
    for field in fields(Sayings):
        assert getattr(alone, field.name)[:, one].tobytes() == getattr(among, field.name)[:, one].tobytes()
        assert not getattr(alone, field.name)[:, 1 - one].any()


@given(some_rows(), some_regrades, st.integers(-1, 40), some_clocks)
def test_the_reports_heard_at_a_time_say_the_same_without_the_others(
    rows: list[Row], regrades: list[Regrade], quarter: int, clocks: Clocks
) -> None:
    """This is what lets a scorer keep only who is heard."""
    told, times = reports(rows), np.array([quarter * 21_600_000_000])
    everything = hear(told, register(regrades), PROBLEM, clocks)
    kept: Ints = np.unique(everything.report[speak(everything, times).hearing])
    few = hear(told.take(kept), register(regrades), PROBLEM, clocks)
    for field in fields(Sayings):
        wanted = getattr(heard(everything, times), field.name)
        assert getattr(heard(few, times), field.name).tobytes() == wanted.tobytes()


def test_a_report_on_each_level_is_contested_and_counts_twice() -> None:
    hearings = tiny_hearings(levels=[1, 0], observed_at=[10, 10], sources=[0, 1], trust=0.9)
    times = np.array([9, 10])
    said = hear_out(hearings, speak(hearings, times), tiny_problem(), times)
    assert (said.speaking.tolist(), said.contested.tolist()) == ([[0], [2]], [[False], [True]])
