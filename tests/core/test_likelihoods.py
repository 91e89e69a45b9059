"""From evidence to likelihoods: each formula against the same one written out number by number."""

import math
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from iwscore.core.bundles import Floats
from iwscore.core.likelihoods import (
    group_nats,
    group_norm,
    group_share,
    indicator_nats,
    level_nats,
    log_balance,
    posterior,
    temper,
)

correlations = st.one_of(st.sampled_from([0.0, 0.5, 1.0, 0.999, 1 - 1e-9, 1 - 2**-53, 5e-324]), st.floats(0, 1))
nats = st.floats(-8, 8)


@st.composite
def distributions(draw: st.DrawFn, size: int) -> list[float]:
    """Probabilities as a catalog may hold them: 0.001 and up, summing to 1."""
    parts = draw(st.lists(st.floats(0.01, 1), min_size=size, max_size=size))
    return [part / math.fsum(parts) for part in parts]


@st.composite
def signs(draw: st.DrawFn) -> tuple[list[float], list[list[float]], list[float]]:
    """Priors, P(level | scenario) and evidence of one indicator."""
    scenarios, levels = draw(st.integers(2, 5)), draw(st.integers(2, 4))
    given = [draw(distributions(levels)) for _ in range(scenarios)]
    evidence = draw(st.lists(st.one_of(st.just(0.0), st.floats(0, 40)), min_size=levels, max_size=levels))
    return draw(distributions(scenarios)), given, evidence


def one(values: Sequence[float]) -> Floats:
    """One time's values. Shape (1, …)."""
    return np.array([values])


@given(signs(), st.floats(0, 0.5), st.floats(0, 1))
def test_what_an_indicator_says_alone(
    sign: tuple[list[float], list[list[float]], list[float]], error: float, weight: float
) -> None:
    priors, given, evidence = sign
    said = indicator_nats(one(evidence), np.array(given), np.array(priors), common_error=error, weight=weight)[0]
    mean = math.fsum(math.exp(e) for e in evidence) / len(evidence)
    ratio = [(1 - error) * math.exp(e) + error * mean for e in evidence]
    c = [weight * math.log(math.fsum(p * g for p, g in zip(row, ratio, strict=True))) for row in given]
    base = math.log(math.fsum(p * math.exp(x) for p, x in zip(priors, c, strict=True)))
    np.testing.assert_allclose(said, [x - base for x in c], atol=1e-12)


@given(signs(), st.floats(0, 0.5), st.floats(0, 1))
def test_an_indicator_on_which_nothing_is_said_moves_nothing_by_exactly_nothing(
    sign: tuple[list[float], list[list[float]], list[float]], error: float, weight: float
) -> None:
    priors, given, evidence = sign
    nothing = np.zeros((1, len(evidence)))
    said = indicator_nats(nothing, np.array(given), np.array(priors), common_error=error, weight=weight)
    assert not said.any()


@pytest.mark.parametrize("nats", [1.0, 50.0, 745.0, 1e6, 1e300])
def test_no_number_of_reports_makes_a_yes_no_sign_surer_than_99_to_1(nats: float) -> None:
    absent, present = temper(one([0.0, nats]), 0.02)[0]
    assert present / absent <= 99.0 * (1 + 1e-15)
    assert nats < 50 or present / absent == pytest.approx(99.0, rel=1e-12)


def test_without_common_error_evidence_is_taken_at_its_word() -> None:
    assert temper(one([math.log(3.0), 0.0]), 0.0)[0].tolist() == pytest.approx([1.0, 1 / 3], rel=1e-15)


@pytest.mark.parametrize("huge", [710.0, 1e5, 1e308])
def test_evidence_beyond_what_powers_can_hold_is_certainty(huge: float) -> None:
    given, priors = np.array([[0.2, 0.8], [0.8, 0.2]]), np.array([0.5, 0.5])
    said = indicator_nats(one([0.0, huge]), given, priors, common_error=0.0)
    assert posterior(said, priors)[0].tolist() == pytest.approx([0.8, 0.2], rel=1e-14)


def test_a_weight_of_nothing_silences_an_indicator() -> None:
    given, priors = np.array([[0.25, 0.75], [0.5, 0.5]]), np.array([0.5, 0.5])
    assert level_nats(one([0.0, 1.0]), given, priors, weight=0.0).tolist() == [[0.0, 0.0]]


@given(st.lists(st.one_of(st.just(0.0), st.just(3.0), st.floats(0, 9)), min_size=1, max_size=5), correlations)
def test_a_group_says_no_less_than_its_loudest_and_no_more_than_their_sum(said: list[float], rho: float) -> None:
    norm = float(group_norm(np.array(said)[None, :, None], rho)[0, 0])
    assert max(said) * (1 - 1e-12) <= norm <= math.fsum(said) * (1 + 1e-12)


@given(st.integers(1, 6), st.floats(1e-300, 1e3), correlations)
def test_n_equal_members_count_as_a_power_of_n(members: int, said: float, rho: float) -> None:
    norm = float(group_norm(np.full((1, members, 1), said), rho)[0, 0])
    assert norm == pytest.approx(said * members ** (1 - rho), rel=1e-12)


@pytest.mark.parametrize("rho", [0.0, 0.3, 0.5, 0.9, 0.999, 1.0])
@pytest.mark.parametrize("size", [5e-324, 1e-310, 1.0, 1e150])
def test_the_size_of_what_members_say_does_not_break_a_group(size: float, rho: float) -> None:
    said = np.array([[[size], [-size], [0.0]]])
    assert group_norm(np.abs(said), rho)[0, 0] == pytest.approx(size * 2 ** (1 - rho), rel=1e-12, abs=1e-322)
    assert np.isfinite(group_nats(said, rho)).all()
    assert np.isfinite(group_share(said, rho)).all()


@given(st.lists(nats, min_size=1, max_size=5), correlations)
def test_members_shares_add_up_to_what_the_group_says(said: list[float], rho: float) -> None:
    members = np.array(said)[None, :, None]
    shares = group_share(members, rho)
    assert ((shares >= 0) & (shares <= 1 + 1e-12)).all()
    total = float(group_nats(members, rho)[0, 0])
    assert math.fsum((shares * members).ravel()) == pytest.approx(total, abs=1e-12)


@pytest.mark.parametrize(
    ("said", "rho", "shares"),
    [
        ([3.0, 4.0], 0.5, [0.6, 0.8]),
        ([3.0, -4.0], 0.5, [1.0, 1.0]),
        ([2.0, 2.0, -5.0], 1.0, [0.5, 0.5, 1.0]),
        ([2.0, 1.0], 1.0, [1.0, 0.0]),
        ([2.0, 1.0], 0.0, [1.0, 1.0]),
        ([0.0, 0.0], 1.0, [1.0, 1.0]),
        ([0.0, 0.0], 0.5, [1.0, 1.0]),
    ],
)
def test_the_share_each_member_keeps(said: list[float], rho: float, shares: list[float]) -> None:
    assert group_share(np.array(said)[None, :, None], rho)[0, :, 0].tolist() == pytest.approx(shares, rel=1e-15)


@given(st.integers(2, 6).flatmap(lambda s: st.tuples(distributions(s), st.lists(nats, min_size=s, max_size=s))))
def test_likelihoods_are_priors_moved_by_nats(case: tuple[list[float], list[float]]) -> None:
    priors, moved = case
    found = posterior(one(moved), np.array(priors))[0]
    assert math.fsum(found) == pytest.approx(1.0, abs=1e-14)
    weights = [p * math.exp(n) for p, n in zip(priors, moved, strict=True)]
    np.testing.assert_allclose(found, [w / math.fsum(weights) for w in weights], rtol=1e-12)
    balance = float(log_balance(one(moved), np.array(priors))[0])
    np.testing.assert_allclose(np.log(found), np.log(priors) + np.array(moved) + balance, atol=1e-12)


@pytest.mark.parametrize("priors", [[0.1, 0.2, 0.7], [0.1] * 10])
def test_without_nats_the_likelihoods_are_the_priors_bit_for_bit(priors: list[float]) -> None:
    """Ten tenths do not sum to 1 in binary; no rounding may show through."""
    nothing = np.zeros((2, len(priors)))
    assert posterior(nothing, np.array(priors)).tolist() == [priors, priors]
    assert log_balance(nothing, np.array(priors)).tolist() == [0.0, 0.0]


def test_nats_beyond_what_powers_can_hold_leave_one_scenario() -> None:
    found = posterior(one([2000.0, 0.0, -2000.0]), np.array([0.001, 0.5, 0.499]))
    assert found.tolist() == [[1.0, 0.0, 0.0]]
    assert log_balance(one([2000.0, 0.0, -2000.0]), np.array([0.001, 0.5, 0.499]))[0] == pytest.approx(
        -2000.0 - math.log(0.001)
    )
