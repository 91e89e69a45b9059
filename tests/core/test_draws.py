"""Tables drawn anew: as wide as they are unsure, and never outside what a table may hold."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from iwscore.core.draws import draw_nats, draw_rows, generator
from iwscore.core.trust import trust_nats

MANY = 200_000
APART = np.array([0, 1])


def rows(
    table: list[list[float]], cases: float, judgments: list[int] | None = None, *, draws: int = MANY
) -> np.ndarray:
    """Rows drawn around a table, each worth so many cases."""
    given = np.array(table)
    asked = np.arange(len(given)) if judgments is None else np.array(judgments)
    return draw_rows(given, np.full(len(given), cases), asked, draws=draws, rng=generator(4))


def test_a_stream_depends_on_the_seed_and_on_itself() -> None:
    first = generator(1, 2).random(4).tolist()
    assert first == generator(1, 2).random(4).tolist()
    assert first not in (generator(2, 2).random(4).tolist(), generator(1, 1).random(4).tolist())
    assert generator(1).random() != generator(1, 0).random()


def test_rows_have_the_mean_and_the_variance_of_a_dirichlet_distribution() -> None:
    """The variance of a share p is p (1 − p) / (n + 1)."""
    p = np.array([0.5, 0.3, 0.2])
    (drawn,) = rows([p.tolist()], 19.0)
    np.testing.assert_allclose(drawn.mean(axis=1), p, atol=0.001)
    np.testing.assert_allclose(drawn.var(axis=1), p * (1 - p) / 20, rtol=0.01)
    np.testing.assert_allclose(np.cov(drawn)[0, 1], -p[0] * p[1] / 20, rtol=0.02)


def test_scenarios_of_one_judgment_share_each_draw() -> None:
    table = [[0.2, 0.8], [0.6, 0.4], [0.2, 0.8]]
    shared, apart = rows(table, 10.0, [0, 1, 0], draws=3), rows(table, 10.0, draws=3)
    assert (shared.shape, apart.shape) == ((2, 2, 3), (3, 2, 3))
    assert (apart[0] != apart[2]).all()


@given(st.lists(st.floats(0.001, 1), min_size=2, max_size=6), st.floats(0.01, 1e6))
def test_a_drawn_row_is_a_row(numbers: list[float], cases: float) -> None:
    share = [number / sum(numbers) for number in numbers]
    (drawn,) = rows([share], cases, draws=50)
    np.testing.assert_allclose(drawn.sum(axis=0), 1.0, rtol=1e-14)
    assert (drawn >= 0.001 / (1 + 0.001 * len(share))).all()


def test_more_cases_are_surer() -> None:
    spans = [np.ptp(rows([[0.3, 0.7]], cases)[0, 0]) for cases in (2.0, 20.0, 200.0, 1e12)]
    assert spans == sorted(spans, reverse=True)
    assert spans[-1] < 1e-4


def test_trust_is_drawn_evenly_from_as_far_as_it_may_be_off() -> None:
    nats = draw_nats(np.array([[0.6, 0.3]]), np.array([[0.2, 0.0]]), draws=MANY, rng=generator(0))
    ends = trust_nats(np.array([0.4, 0.42, 0.6, 0.78, 0.8]))
    found = np.quantile(nats[0], [0, 0.05, 0.5, 0.95, 1])
    np.testing.assert_allclose(found, ends, atol=0.01)
    assert (nats[1] == trust_nats(np.array([0.3]))).all()


def test_drawn_trust_stays_within_what_trust_may_be() -> None:
    nats = draw_nats(np.array([[0.02, 0.98]]), np.array([[0.5, 0.5]]), draws=1000, rng=generator(0))
    assert (nats.min(), nats.max()) == (0.0, pytest.approx(trust_nats(np.array([0.99]))[0]))


def test_a_grade_worth_nothing_that_cannot_be_off_says_nothing() -> None:
    assert not draw_nats(np.zeros((7, 6)), np.zeros((7, 6)), draws=9, rng=generator(3)).any()
