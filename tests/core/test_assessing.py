"""The one scoring path, from reports and times to likelihoods and tallies."""

import math
from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from iwscore.core.assessing import Assessed, assess, combine, weigh
from iwscore.core.bundles import Expectations, Ints, Times
from iwscore.core.examples import tiny_hearings, tiny_problem
from iwscore.core.hearings import Clocks, Hearings
from tests.core.drawing import some_clocks, some_regrades, some_rows, some_times
from tests.core.rows import TRUST, Regrade, Row, judged, problem, register, reports

GROUPED = problem(groups=[([0, 1], 0.5)])


def bits(assessed: Assessed, places: slice) -> list[bytes]:
    """The bytes of each column at some of the times."""
    return [getattr(assessed, field.name)[places].tobytes() for field in fields(assessed)]


def two_signs() -> Hearings:
    """A report on each of two signs, from sources of their own."""
    hearings = tiny_hearings(levels=[1, 0], observed_at=[0, 0], sources=[0, 1])
    return replace(hearings, voice=np.array([0, 1]), indicator=np.array([0, 1]), channel=np.array([1, 2]))


def test_two_signs_by_hand() -> None:
    """Trust 0.5 is 3 : 1. The sign that is there: (.2 + 3 × .8, .8 + 3 × .2) = 2.6 : 1.4; the absent one the reverse.

    Each could say ln(.8/.5) for a scenario, ln(.5/.2) against; alone each says ln(.65/.5) for one, ln(.5/.35) against
    the other.
    """
    found = judged(two_signs(), tiny_problem(indicators=2), np.array([0]))
    assert found.likelihood.tolist() == [[0.5, 0.5]]
    score, against = 50 * math.log(1.3) / math.log(1.6), 50 * math.log(0.5 / 0.35) / math.log(2.5)
    assert found.score[0].tolist() == pytest.approx([score, score], rel=1e-12)
    assert found.against[0].tolist() == pytest.approx([against, against], rel=1e-12)
    assert found.coverage.tolist() == pytest.approx([0.5])
    assert (found.contested.tolist(), found.speaking.tolist()) == ([False], [2])


def test_members_of_a_group_count_for_less_than_signs_that_stand_alone() -> None:
    """Two equal ones count as √2 at ρ = ½, as one at ρ = 1."""
    nats = np.array([[[1.0, -2.0], [1.0, -2.0]]])
    for rho, members in ((0.0, 2.0), (0.5, 2**0.5), (1.0, 1.0)):
        together = combine(nats, tiny_problem(indicators=2, correlation=rho))
        assert together.tolist() == [pytest.approx([members, -2 * members])]
    assert combine(nats, tiny_problem(indicators=2)).tolist() == [[2.0, -4.0]]


def test_groups_and_signs_that_stand_alone_add_up() -> None:
    nats = np.array([[[1.0, 0.0], [3.0, 0.0], [4.0, 0.0], [0.0, 7.0]]])
    tables = replace(tiny_problem(indicators=4), groups=((np.array([1, 2]), 0.5), (np.array([3]), 0.9)))
    assert combine(nats, tables).tolist() == [[6.0, 7.0]]


@pytest.mark.parametrize(("trust", "contested"), [(0.462, False), (0.463, True)])
def test_a_sign_with_over_one_nat_on_each_of_two_levels_is_contested(trust: float, contested: bool) -> None:
    """ln((1 + .463) / (1 − .463)) = 1.002, for .462 it is 0.9997."""
    two = tiny_hearings(levels=[1, 0], observed_at=[0, 0], sources=[0, 1], trust=trust)
    apart = replace(two, voice=np.array([0, 1]))
    assert judged(apart, tiny_problem(), np.array([0])).contested.tolist() == [contested]


def test_evidence_on_two_signs_is_not_contested() -> None:
    sure = replace(two_signs(), nats=np.array([5.0, 5.0]))
    assert judged(sure, tiny_problem(indicators=2), np.array([0])).contested.tolist() == [False]


@given(some_rows(), some_times, some_clocks, some_regrades)
def test_one_time_gives_the_bits_of_that_time_in_a_trend(
    rows: list[Row], times: Times, clocks: Clocks, regrades: list[Regrade]
) -> None:
    asked = reports(rows), register(regrades), GROUPED, clocks
    trend = assess(*asked, times)
    for t in range(len(times)):
        here = slice(t, t + 1)
        assert bits(assess(*asked, times[here]), slice(None)) == bits(trend, here)


@given(some_rows(), some_times, some_clocks, st.integers(1, 5))
def test_how_many_times_are_held_at_once_never_shows(
    rows: list[Row], times: Times, clocks: Clocks, at_once: int
) -> None:
    asked = reports(rows), register(), GROUPED, clocks, times
    whole = assess(*asked)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("iwscore.core.assessing._NATS_AT_ONCE", at_once * len(GROUPED.given) * len(GROUPED.priors))
        patch.setattr("iwscore.core.assessing._CELLS_AT_ONCE", 2 * at_once * int(GROUPED.offsets[-1]))
        assert bits(assess(*asked), slice(None)) == bits(whole, slice(None))


@given(some_rows(), some_times, some_clocks)
def test_answers_keep_their_bounds(rows: list[Row], times: Times, clocks: Clocks) -> None:
    found = assess(reports(rows), register(), GROUPED, clocks, times)
    np.testing.assert_allclose(found.likelihood.sum(axis=1), 1.0, rtol=1e-14)
    assert ((found.likelihood > 0) & (found.likelihood < 1)).all()
    assert ((found.score >= 0) & (found.score <= 100)).all()
    assert ((found.against >= 0) & (found.against <= 100)).all()
    assert ((found.coverage >= 0) & (found.coverage <= 0.99)).all()
    silent = found.speaking == 0
    assert (found.likelihood[silent] == GROUPED.priors).all()
    assert not found.score[silent].any()
    assert not found.coverage[silent].any()


def no_signs() -> Expectations:
    """A problem that no sign bears on."""
    empty = tiny_problem(indicators=0)
    return replace(empty, priors=np.array([0.3, 0.7]))


def test_a_problem_without_signs_has_its_priors_and_cannot_tell() -> None:
    nothing = tiny_hearings(levels=[], observed_at=[])
    found = judged(nothing, no_signs(), np.array([0, 1]))
    assert found.likelihood.tolist() == [[0.3, 0.7]] * 2
    assert np.isnan(found.score).all()
    assert np.isnan(found.against).all()
    assert np.isnan(found.coverage).all()
    assert found.contested.tolist() == [False, False]
    assert weigh(np.zeros((2, 0)), no_signs()).shape == (2, 0, 2)


@pytest.mark.parametrize("levels", [[], [1]])
def test_no_time_gives_no_answer(levels: list[int]) -> None:
    hearings = tiny_hearings(levels=levels, observed_at=[0] * len(levels))
    found = judged(hearings, tiny_problem(), np.empty(0, dtype=np.int64))
    assert found.likelihood.shape == (0, 2)
    assert found.coverage.shape == found.speaking.shape == (0,)


@pytest.mark.parametrize(("times", "named"), [([3, 1, 2], r"times\[1\] is 1"), ([1, 2, 0], r"times\[2\] is 0")])
def test_times_that_run_backwards_are_refused(times: list[int], named: str) -> None:
    hearings = tiny_hearings(levels=[1], observed_at=[0])
    with pytest.raises(ValueError, match=rf"^{named}; times must ascend$"):
        judged(hearings, tiny_problem(), np.array(times))


def test_the_weight_of_a_sign_tempers_what_it_says() -> None:
    """At weight ½ the ratio 2.6 : 1.4 counts as its root."""
    half = replace(tiny_problem(), weight=np.array([0.5]))
    hearings = tiny_hearings(levels=[1], observed_at=[0])
    likelihood = judged(hearings, half, np.array([0])).likelihood[0]
    assert likelihood[0] / likelihood[1] == pytest.approx((2.6 / 1.4) ** 0.5, rel=1e-14)


def test_a_thousand_voices_of_the_greatest_trust_overflow_nothing() -> None:
    rows = [Row(source=n, origin=n) for n in range(1000)]
    crowd = reports(rows)
    found = assess(crowd, register(), problem(), Clocks(), np.array([0]))
    odds = found.likelihood[0, 0] / found.likelihood[0, 1]
    present = 0.99
    ratio = (0.3 * present + 0.7 * 0.01) / (0.8 * present + 0.2 * 0.01)
    assert odds == pytest.approx(0.6 / 0.4 * ratio, rel=1e-12)
    assert found.speaking.tolist() == [1000]
    assert 0 < found.coverage[0] < TRUST[0, 0]


def places(assessed: Assessed) -> Ints:
    """Where the likelihoods differ from the time before."""
    return np.flatnonzero((np.diff(assessed.likelihood, axis=0) != 0).any(axis=1)) + 1


def test_more_times_than_are_held_at_once_join_without_a_seam() -> None:
    hearings = tiny_hearings(levels=[1, 0], observed_at=[1000, 2049])
    found = judged(hearings, tiny_problem(), np.arange(4100))
    assert places(found).tolist() == [1000, 2049]
