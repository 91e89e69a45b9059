"""Bands: closed forms, coverage by simulation, and the laws every answer keeps."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iwscore.core.assessing import assess
from iwscore.core.bands import Bands, bands
from iwscore.core.bundles import Expectations, Floats, Times
from iwscore.core.draws import Widths
from iwscore.core.examples import tiny_hearings, tiny_problem, tiny_widths
from iwscore.core.hearings import Clocks, hear
from iwscore.core.likelihoods import indicator_nats, posterior
from tests.core.drawing import some_clocks, some_regrades, some_rows, some_times
from tests.core.rows import TRUST, Regrade, Row, judged, problem, register, reports

NOW = np.array([0])
GROUPED = problem(groups=[([0, 1], 0.5)])
ALONE = replace(problem(), weight=np.ones(2))
MIXED = problem()  # the second of its signs has half a weight
PROBLEMS = pytest.mark.parametrize("tables", [GROUPED, ALONE, MIXED], ids=["grouped", "alone", "mixed"])
few_rows = settings(max_examples=40)


def widths(cases: float = 20.0, spread: float = 0.1, **changes: Any) -> Widths:
    """How unsure the problem of `rows` is."""
    whole = Widths((np.full(2, cases),) * 2, (np.arange(2),) * 2, (5, 6), TRUST, np.full(TRUST.shape, spread))
    return replace(whole, **changes)


def found(rows: list[Row], tables: Expectations, times: Times, asked: Widths | None = None, **more: Any) -> Bands:
    hearings = hear(reports(rows), register(more.pop("regrades", ())), tables, more.pop("clocks", Clocks()))
    return bands(hearings, tables, asked or widths(), times, **{"draws": 30, "seed": 0, **more})


def ends(answer: Bands, places: slice = slice(None)) -> tuple[bytes, bytes]:
    return answer.low[places].tobytes(), answer.high[places].tobytes()


def sure_sign(p: Floats, *, priors: Floats) -> Expectations:
    """A yes/no sign that the scenarios make so likely, and no common error."""
    return replace(tiny_problem(), priors=priors, given=(np.stack([1 - p, p], axis=1),))


def closed(p: Any, other: Any, trust: float, priors: Floats) -> Floats:
    """The first scenario's likelihood by hand when ``present`` is told: P(told | s) ∝ 1 + (R − 1) p."""
    rise = (1 + trust) / (1 - trust) - 1
    first, second = priors[0] * (1 + rise * p), priors[1] * (1 + rise * other)
    return np.asarray(first / (first + second))


def test_one_unsure_row_has_the_quantiles_of_its_beta_distribution() -> None:
    """Beta(4, 1) has the distribution function p⁴, and the likelihood rises with p: its ends are the fourth roots."""
    priors = np.array([0.3, 0.7])
    tables = sure_sign(np.array([0.8, 0.2]), priors=priors)
    asked = replace(tiny_widths(), cases=(np.array([5.0, 1e12]),))
    answer = bands(tiny_hearings(levels=[1], observed_at=[0]), tables, asked, NOW, draws=400_000, seed=1)
    assert answer.low[0, 0] == pytest.approx(closed(0.05**0.25, 0.2, 0.5, priors), abs=5e-4)
    assert answer.high[0, 0] == pytest.approx(closed(0.95**0.25, 0.2, 0.5, priors), abs=5e-4)
    np.testing.assert_allclose(answer.low[0, ::-1], 1 - answer.high[0], atol=1e-12)


def test_two_unsure_rows_have_the_quantiles_of_the_integral() -> None:
    """Over a fine grid of the two inverse distribution functions: those of Beta(3, 1) and of Beta(1, 4)."""
    priors = np.array([0.5, 0.5])
    tables = sure_sign(np.array([0.75, 0.2]), priors=priors)
    asked = replace(tiny_widths(), cases=(np.array([4.0, 5.0]),))
    answer = bands(tiny_hearings(levels=[1], observed_at=[0]), tables, asked, NOW, draws=400_000, seed=2)
    u = (np.arange(2000) + 0.5) / 2000
    grid = closed(u[:, None] ** (1 / 3), 1 - u[None] ** (1 / 4), 0.5, priors)
    np.testing.assert_allclose([answer.low[0, 0], answer.high[0, 0]], np.quantile(grid, [0.05, 0.95]), atol=1e-3)


def test_unsure_trust_alone_has_the_quantiles_of_its_even_distribution() -> None:
    """Trust 0.5 ± 0.2: the ends are the answers at 0.32 and 0.68."""
    priors = np.array([0.5, 0.5])
    answer = bands(
        tiny_hearings(levels=[1], observed_at=[0]), tiny_problem(), tiny_widths(cases=1e14, spread=0.2), NOW,
        draws=100_000, seed=3,
    )  # fmt: skip
    assert answer.low[0, 0] == pytest.approx(closed(0.8, 0.2, 0.32, priors), abs=1e-3)
    assert answer.high[0, 0] == pytest.approx(closed(0.8, 0.2, 0.68, priors), abs=1e-3)


def test_reports_of_one_grade_are_worth_the_same_in_a_draw() -> None:
    """Two reports of one grade at odds cancel in every draw; were each drawn by itself, they would not."""
    hearings = tiny_hearings(levels=[1, 0], observed_at=[0, 0], sources=[0, 1])
    apart = replace(hearings, voice=np.array([0, 1]))
    answer = bands(apart, tiny_problem(), tiny_widths(cases=1e14, spread=0.3), NOW, draws=100, seed=0)
    np.testing.assert_allclose([answer.low, answer.high], 0.5, rtol=0, atol=1e-6)


def test_nine_tenths_of_the_truths_lie_in_the_band() -> None:
    """Truths drawn from the same distributions by other random numbers, and answered by the formulas themselves."""
    rng, cases, truths = np.random.default_rng(8), 12.0, 4000
    tables = replace(tiny_problem(), common_error=np.array([0.05]))
    said = tiny_hearings(levels=[1], observed_at=[0], trust=0.6)
    asked = tiny_widths(cases=cases, trust=0.6, spread=0.2)
    answer = bands(said, tables, asked, NOW, draws=20_000, seed=0)
    held = 0
    for trust in rng.uniform(0.4, 0.8, size=truths):
        given = np.stack([rng.dirichlet(cases * row) for row in tables.given[0]])
        evidence = np.array([[0.0, np.log((1 + trust) / (1 - trust))]])
        true = posterior(indicator_nats(evidence, given, tables.priors, common_error=0.05), tables.priors)
        held += int(answer.low[0, 0] <= true[0, 0] <= answer.high[0, 0])
    assert held / truths == pytest.approx(0.9, abs=0.015)


@PROBLEMS
def test_sure_tables_have_the_answer_itself_at_both_ends(tables: Expectations) -> None:
    rows = [Row(n % 2, n % 3 % 2, n, n % 4, digit=n % 5, letter=n % 3) for n in range(8)]
    answer = found(rows, tables, NOW, widths(1e13, 0.0))
    likelihood = assess(reports(rows), register(), tables, Clocks(), NOW).likelihood
    np.testing.assert_allclose(answer.low, likelihood, atol=1e-5)
    np.testing.assert_allclose(answer.high, likelihood, atol=1e-5)


@few_rows
@PROBLEMS
@given(rows=some_rows(), times=some_times, clocks=some_clocks, regrades=some_regrades, draws=st.integers(1, 40))
def test_one_time_has_the_bits_of_that_time_in_a_trend(
    tables: Expectations, rows: list[Row], times: Times, clocks: Clocks, regrades: list[Regrade], draws: int
) -> None:
    trend = found(rows, tables, times, clocks=clocks, regrades=regrades, draws=draws)
    for t in range(len(times)):
        here = slice(t, t + 1)
        alone = found(rows, tables, times[here], clocks=clocks, regrades=regrades, draws=draws)
        assert ends(alone) == ends(trend, here)


@few_rows
@PROBLEMS
@given(rows=some_rows(), times=some_times, at_once=st.integers(1, 2000), threads=st.integers(1, 3))
def test_neither_how_much_is_held_at_once_nor_by_how_many_threads_shows(
    tables: Expectations, rows: list[Row], times: Times, at_once: int, threads: int
) -> None:
    whole = found(rows, tables, times)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("iwscore.core.bands._WEIGHTS_AT_ONCE", at_once)
        for name in ("_FACTORS_AT_ONCE", "_NATS_AT_ONCE", "_FACTORS_IN_A_ROW"):
            patch.setattr(f"iwscore.core.odds.{name}", at_once)
        assert ends(found(rows, tables, times, threads=threads)) == ends(whole)


@few_rows
@given(rows=some_rows(), times=some_times, seed=st.integers(0, 9), data=st.data())
def test_the_order_of_rows_is_irrelevant(rows: list[Row], times: Times, seed: int, data: st.DataObject) -> None:
    keys = [(row.known_from, row.source, row.observed_at, row.indicator, row.level) for row in rows]
    apart = [
        row for n, row in enumerate(rows) if keys[n] not in keys[:n]
    ]  # equal ones would be told apart by their ids
    shuffled = data.draw(st.permutations(apart))
    assert ends(found(shuffled, GROUPED, times, seed=seed)) == ends(found(apart, GROUPED, times, seed=seed))


@few_rows
@PROBLEMS
@given(rows=some_rows(), times=some_times)
def test_where_nothing_speaks_both_ends_are_exactly_the_priors(
    tables: Expectations, rows: list[Row], times: Times
) -> None:
    answer = found(rows, tables, times)
    hearings = hear(reports(rows), register(), tables, Clocks())
    silent = judged(hearings, tables, times).speaking == 0
    assert (answer.low[silent] == tables.priors).all()
    assert (answer.high[silent] == tables.priors).all()
    assert (answer.low <= answer.high).all()
    assert ((answer.low > 0) & (answer.high < 1)).all()


def test_the_same_seed_gives_the_same_bytes_and_another_one_others() -> None:
    rows = [Row(), Row(1, 2, source=1, origin=1)]
    assert ends(found(rows, GROUPED, NOW)) == ends(found(rows, GROUPED, NOW))
    assert ends(found(rows, GROUPED, NOW)) != ends(found(rows, GROUPED, NOW, seed=1))


def test_scenarios_of_one_judgment_keep_their_odds_in_every_draw() -> None:
    tables = sure_sign(np.array([0.4, 0.4]), priors=np.array([0.3, 0.7]))
    said = tiny_hearings(levels=[1], observed_at=[0])
    shared = replace(tiny_widths(cases=3), judgments=(np.zeros(2, dtype=np.int64),))
    one, two = (bands(said, tables, asked, NOW, draws=50, seed=0) for asked in (shared, tiny_widths(cases=3)))
    np.testing.assert_allclose([one.low[0], one.high[0]], [[0.3, 0.7]] * 2, atol=1e-12)
    assert (two.low[0] < two.high[0] - 0.05).all()


def test_an_indicators_draws_depend_on_its_own_stream_alone() -> None:
    """A second indicator that nobody reports on changes no byte, wherever it stands."""
    said = tiny_hearings(levels=[1], observed_at=[0])
    alone = bands(said, tiny_problem(), replace(tiny_widths(cases=9), streams=(7,)), NOW, draws=50, seed=0)
    for place in (0, 1):
        moved = replace(said, indicator=said.indicator + place, channel=said.channel + 2 * place)
        asked = replace(tiny_widths(indicators=2, cases=9), streams=((7, 3), (3, 7))[place])
        assert ends(bands(moved, tiny_problem(indicators=2), asked, NOW, draws=50, seed=0)) == ends(alone)


def test_a_thousand_sure_signs_that_agree_stay_within_what_numbers_can_hold() -> None:
    signs = 1000
    one = tiny_hearings(levels=[1] * signs, observed_at=[0] * signs, trust=0.99)
    place = np.arange(signs)
    said = replace(one, voice=place, indicator=place, channel=2 * place + 1)
    asked = tiny_widths(indicators=signs, cases=20, trust=0.99)
    answer = bands(said, tiny_problem(indicators=signs), asked, NOW, draws=5, seed=0)
    assert answer.low.tolist() == [[1.0, pytest.approx(0.0, abs=1e-200)]]


def test_no_time_gives_no_band() -> None:
    none = np.empty(0, dtype=np.int64)
    assert bands(
        tiny_hearings(levels=[1], observed_at=[0]), tiny_problem(), tiny_widths(), none, draws=5, seed=0
    ).low.shape == (0, 2)
