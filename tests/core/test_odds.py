"""Odds: the formulas of the method themselves, many draws at a time."""

from dataclasses import replace

import numpy as np
import pytest

from iwscore.core.assessing import combine, weigh
from iwscore.core.bands import bands
from iwscore.core.bundles import Expectations, Floats, Ints
from iwscore.core.draws import Widths
from iwscore.core.examples import tiny_hearings, tiny_problem, tiny_widths
from iwscore.core.likelihoods import posterior
from iwscore.core.odds import Drawn

CELLS, TIMES, SCENARIOS = 42, 9, 4
LEVELS = np.array([2, 3, 2, 5, 2, 2])
OFFSETS = np.append(0, np.cumsum(LEVELS))
CHANNEL, CELL = np.divmod(np.arange(OFFSETS[-1] * CELLS), CELLS)
PLAIN, MIXED = np.ones(6), np.array([1.0, 0.6, 1.0, 0.3, 1.0, 0.0])
GROUPS = ((np.array([0, 3]), 0.4), (np.array([2, 4]), 1.0))
ASKED = pytest.mark.parametrize(("weight", "groups"), [(PLAIN, ()), (MIXED, ()), (PLAIN, GROUPS), (MIXED, GROUPS)])


def tables(weight: Floats, groups: tuple[tuple[Ints, float], ...]) -> tuple[Expectations, Widths]:
    """Six signs of two to five levels, two scenarios of one judgment, and cells worth from little to much."""
    rng = np.random.default_rng(2)
    given = [rng.dirichlet(np.full(levels, 4.0), size=SCENARIOS) for levels in LEVELS]
    for rows in given:
        rows[1] = rows[3]
    problem = Expectations(
        priors=np.array([0.4, 0.3, 0.2, 0.1]),
        given=tuple(given),
        offsets=OFFSETS,
        half_life_days=np.full(OFFSETS[-1], 9.0),
        common_error=np.array([0.02, 0.0, 0.5, 0.1, 0.02, 0.02]),
        weight=weight,
        groups=groups,
    )
    trust = np.linspace(0, 0.95, CELLS).reshape(7, 6)
    cases, judgments = (np.full(SCENARIOS, 30.0),) * 6, (np.array([0, 1, 2, 1]),) * 6
    return problem, Widths(cases, judgments, tuple(range(6)), trust, np.full((7, 6), 0.05))


def told() -> Floats:
    """How often over each cell is told: often not at all, and on three indicators nothing at some of the times."""
    rng = np.random.default_rng(3)
    left = rng.random((TIMES, len(CELL))) * (rng.random((TIMES, len(CELL))) < 0.4)
    for time, sign in ((0, 0), (1, 3), (2, 4)):
        left[time, OFFSETS[sign] * CELLS : OFFSETS[sign + 1] * CELLS] = 0.0
    left[3] = 0.0
    return left


@ASKED
def test_each_draw_has_the_answer_of_its_own_tables(weight: Floats, groups: tuple[tuple[Ints, float], ...]) -> None:
    problem, widths = tables(weight, groups)
    drawn = Drawn.of(problem, widths, CHANNEL, CELL, draws=3, seed=1)
    left = told()
    likelihood = drawn.likelihood(left, drawn.room())
    rows = {sign.place: sign.rows[sign.judgment] for sign in drawn.plain + drawn.others}
    for d in range(3):
        evidence = (left * drawn.nats[CELL, d]).reshape(TIMES, -1, CELLS).sum(axis=2)
        one = replace(problem, given=tuple(rows[i][..., d] for i in range(6)))
        expected = posterior(combine(weigh(evidence, one), one), one.priors)
        np.testing.assert_allclose(likelihood[..., d].T, expected, rtol=1e-12)


@ASKED
@pytest.mark.parametrize("draws", [1, 2, 7])
def test_a_time_alone_has_the_bits_of_that_time_among_others_and_of_fewer_cells(
    weight: Floats, groups: tuple[tuple[Ints, float], ...], draws: int
) -> None:
    problem, widths = tables(weight, groups)
    left = told()
    drawn = Drawn.of(problem, widths, CHANNEL, CELL, draws=draws, seed=1)
    together = drawn.likelihood(left, drawn.room()).copy()
    for t in range(TIMES):
        heard = left[t] > 0
        fewer = Drawn.of(problem, widths, CHANNEL[heard], CELL[heard], draws=draws, seed=1)
        alone = fewer.likelihood(left[t : t + 1, heard], fewer.room())
        assert alone.tobytes() == together[:, t : t + 1].tobytes()


@pytest.mark.parametrize("draws", [1, 2, 3, 11, 12, 1000])
def test_the_ends_are_the_quantiles_of_the_draws(draws: int) -> None:
    problem, widths = tiny_problem(), tiny_widths(cases=7)
    answer = bands(tiny_hearings(levels=[1], observed_at=[0]), problem, widths, np.array([0]), draws=draws, seed=3)
    cell = tiny_hearings(levels=[1], observed_at=[0]).cell
    drawn = Drawn.of(problem, widths, np.array([1]), cell, draws=draws, seed=3)
    ends = np.quantile(drawn.likelihood(np.ones((1, 1)), drawn.room()), [0.05, 0.95], axis=2)
    assert np.array([answer.low.T, answer.high.T]).tobytes() == ends.tobytes()


def test_nothing_heard_leaves_the_priors() -> None:
    none = np.empty(0, dtype=np.int64)
    drawn = Drawn.of(tiny_problem(), tiny_widths(), none, none, draws=2, seed=0)
    assert (drawn.likelihood(np.empty((3, 0)), drawn.room()) == 0.5).all()
