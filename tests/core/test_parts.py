"""Parts that add up: indicators to the whole, voices to their indicator."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from iwscore.core.assessing import combine, weigh
from iwscore.core.examples import tiny_problem
from iwscore.core.likelihoods import log_balance, posterior
from iwscore.core.parts import shares, voice_nats
from tests.core.rows import problem

evidence = st.lists(st.floats(0, 30), min_size=5, max_size=5)
voices = st.lists(st.tuples(st.floats(0, 5.3), st.integers(0, 2)), max_size=8)


@given(evidence, st.one_of(st.sampled_from([0.0, 1.0, 1 - 1e-10]), st.floats(0, 1)))
def test_the_parts_of_the_indicators_add_up_to_the_likelihoods(nats: list[float], rho: float) -> None:
    tables = problem(groups=[([0, 1], rho)])
    alone = weigh(np.array([nats]), tables)
    parts = alone * shares(alone, tables)
    together = combine(alone, tables)
    np.testing.assert_allclose(parts.sum(axis=1), together, atol=1e-12)
    logs = np.log(tables.priors) + parts.sum(axis=1) + log_balance(together, tables.priors)[:, None]
    np.testing.assert_allclose(np.exp(logs), posterior(together, tables.priors), rtol=1e-12)


def test_an_indicator_that_stands_alone_keeps_all_it_says() -> None:
    tables = problem(groups=[([0], 0.7)])
    alone = weigh(np.array([[1.0, 0.0, 2.0, 0.0, 0.0]]), tables)
    assert (shares(alone, tables) == 1).all()


@given(voices)
def test_the_parts_of_the_voices_add_up_to_what_the_indicator_says(said: list[tuple[float, int]]) -> None:
    tables = problem()
    nats, level = np.array([one for one, _ in said]), np.array([which for _, which in said], dtype=np.int64)
    parts = voice_nats(nats, level, 1, tables)
    assert parts.shape == (len(said), 2)
    whole = np.zeros((1, 5))
    np.add.at(whole[0], 2 + level, nats)
    np.testing.assert_allclose(parts.sum(axis=0), weigh(whole, tables)[0, 1], atol=1e-12)


def test_each_voice_adds_what_it_changes_when_its_turn_comes() -> None:
    """The first of two equal voices on a sign moves more than the second: the sign can say only so much."""
    first, second = voice_nats(np.array([3.0, 3.0]), np.array([1, 1]), 0, tiny_problem())
    assert first[0] > second[0] > 0
    assert first[1] < second[1] < 0
