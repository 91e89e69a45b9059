"""Tallies: how much of what the list could say is being said, and how much of it could be known."""

import math
from dataclasses import replace

import numpy as np
import pytest

from iwscore.core.bundles import Expectations
from iwscore.core.examples import tiny_problem
from iwscore.core.scores import LEAST_NATS, ceilings, coverage, tally


def one_sign(table: list[list[float]], *, error: float = 0.0, weight: float = 1.0) -> Expectations:
    """Two scenarios with even priors and one indicator."""
    levels = len(table[0])
    return Expectations(
        priors=np.array([0.5, 0.5]),
        given=(np.array(table),),
        offsets=np.array([0, levels]),
        half_life_days=np.full(levels, 1.0),
        common_error=np.array([error]),
        weight=np.array([weight]),
        groups=(),
    )


@pytest.mark.parametrize(
    ("table", "error", "weight", "most_for", "most_against"),
    [
        ([[0.2, 0.8], [0.8, 0.2]], 0.0, 1.0, math.log(1.6), math.log(2.5)),
        ([[0.2, 0.8], [0.8, 0.2]], 0.5, 1.0, math.log(1.3), math.log(1 / 0.7)),
        ([[0.2, 0.8], [0.8, 0.2]], 0.0, 0.0, 0.0, 0.0),
        ([[0.5, 0.5], [0.5, 0.5]], 0.02, 1.0, 0.0, 0.0),
        ([[0.1, 0.2, 0.7], [0.4, 0.4, 0.2]], 0.0, 1.0, math.log(0.4 / 0.25), math.log(2.5)),
    ],
    ids=["certain", "half in common error", "weight 0", "tells nothing", "three levels"],
)
def test_the_most_an_indicator_could_say(
    table: list[list[float]], error: float, weight: float, most_for: float, most_against: float
) -> None:
    """At best one level is certain: 1 − ε + ε/L against ε/L."""
    found = ceilings(one_sign(table, error=error, weight=weight))
    assert found.most_for.tolist() == pytest.approx([most_for], abs=1e-15)
    assert found.most_against.tolist() == pytest.approx([most_against], abs=1e-15)
    assert (found.most_for >= 0).all()
    assert (found.most_against >= 0).all()


@pytest.mark.parametrize("priors", [[0.7, 0.2, 0.1], [0.1, 0.7, 0.2], [0.1] * 10])
@pytest.mark.parametrize("weight", [0.0, 0.3, 1.0])
def test_a_sign_that_tells_nothing_could_say_nothing_and_never_less(priors: list[float], weight: float) -> None:
    """These priors do not quite sum to 1 in binary."""
    found = ceilings(replace(one_sign([[0.4, 0.6]] * len(priors), weight=weight), priors=np.array(priors)))
    assert 0.0 <= found.most_for[0] < 1e-14
    assert 0.0 <= found.most_against[0] < 1e-14


def test_a_tally_is_the_share_of_what_could_be_said() -> None:
    said = np.array([[[1.0, 0.0], [0.5, 0.25]]])
    assert tally(said, np.array([2.0, 3.0])).tolist() == [[30.0, 5.0]]


def test_a_tally_goes_no_higher_than_100() -> None:
    assert tally(np.array([[[2.0, 9.0]]]), np.array([2.0])).tolist() == [[100.0, 100.0]]


@pytest.mark.parametrize("most", [[], [0.0], [LEAST_NATS * 0.999], [0.04, 0.05]])
def test_a_list_that_could_say_next_to_nothing_cannot_tell(most: list[float]) -> None:
    said = np.zeros((2, len(most), 3))
    assert np.isnan(tally(said, np.array(most))).all()
    assert np.isnan(coverage(said[:, :, 0], np.array(most))).all()
    assert tally(said, np.array(most)).shape == (2, 3)
    assert coverage(said[:, :, 0], np.array(most)).shape == (2,)


def test_at_a_tenth_of_a_nat_a_list_can_tell() -> None:
    assert tally(np.array([[[0.05]]]), np.array([LEAST_NATS])).tolist() == [[50.0]]
    assert coverage(np.array([[0.5]]), np.array([LEAST_NATS])).tolist() == [0.5]


def test_coverage_weighs_each_indicator_by_what_it_could_say() -> None:
    assert coverage(np.array([[0.8, 0.4], [0.0, 0.0]]), np.array([1.0, 3.0])).tolist() == [0.5, 0.0]


def test_a_list_of_many_indicators_sums_them_all() -> None:
    """Each could say ln 1.6 for a scenario."""
    assert ceilings(tiny_problem(indicators=4)).most_for.tolist() == pytest.approx([math.log(1.6)] * 4)
