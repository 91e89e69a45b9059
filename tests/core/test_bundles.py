"""The bundles the core computes on."""

import numpy as np

from iwscore.core.bundles import EVERYTHING, NEVER
from tests.core.rows import Row, problem, reports


def test_reports_count_their_rows_and_can_be_taken_by_place_or_mask() -> None:
    three = reports([Row(source=source) for source in (7, 8, 9)])
    assert len(three) == 3
    assert three.take(np.array([2, 0])).source.tolist() == [9, 7]
    assert three.take(three.source > 7).source.tolist() == [8, 9]
    assert len(reports([])) == 0


def test_the_channels_of_an_indicator_are_its_levels_in_a_row() -> None:
    tables = problem()
    places = np.arange(tables.offsets[-1])
    assert [places[tables.channels(i)].tolist() for i in range(len(tables.given))] == [[0, 1], [2, 3, 4]]


def test_everything_is_known_before_never() -> None:
    assert EVERYTHING < NEVER


def test_a_problem_can_do_with_some_of_its_indicators() -> None:
    tables = problem(groups=[([0, 1], 0.5), ([0], 0.9)])
    fewer, channels = tables.only(np.array([False, True]))
    assert channels.tolist() == [False, False, True, True, True]
    assert (fewer.offsets.tolist(), len(fewer.given)) == ([0, 3], 1)
    assert fewer.given[0] is tables.given[1]
    assert fewer.half_life_days.tolist() == tables.half_life_days[2:].tolist()
    assert (fewer.weight.tolist(), fewer.common_error.tolist()) == ([0.5], [0.1])
    assert [(members.tolist(), rho) for members, rho in fewer.groups] == [([0], 0.5)]


def test_a_problem_can_do_without_all_of_them() -> None:
    fewer, channels = problem(groups=[([0, 1], 0.5)]).only(np.array([False, False]))
    assert not channels.any()
    assert (len(fewer.given), len(fewer.groups), fewer.offsets.tolist()) == (0, 0, [0])
