"""How fast bands are drawn, beside a plain NumPy loop over the draws in the same run."""

from dataclasses import dataclass
from time import perf_counter
from typing import Any

import numpy as np
import pytest

from iwscore.core.bands import Bands, bands
from iwscore.core.bundles import NEVER, Expectations, Floats, Register, Reports, Times
from iwscore.core.draws import Widths, draw_nats, draw_rows, generator
from iwscore.core.evidence import say
from iwscore.core.hearings import Clocks, Hearings, hear
from iwscore.core.speaking import speak

DAY = 86_400_000_000
DRAWS, DAYS, INDICATORS, SCENARIOS, LEVELS = 1000, 730, 30, 5, 2
REPORTS, SOURCES = 20_000, 40
PLAIN_DRAWS = 40  # every draw takes the loop as long
SEED = 20221012


@dataclass(frozen=True)
class Asked:
    """Random reports on yes/no signs over two years of days, and a problem whose every scenario has its own row."""

    hearings: Hearings
    expectations: Expectations
    widths: Widths
    times: Times

    @classmethod
    def of(cls, rng: np.random.Generator, groups: tuple[Any, ...]) -> "Asked":
        indicator, level = rng.integers(INDICATORS, size=REPORTS), rng.integers(LEVELS, size=REPORTS)
        observed_at, source = np.sort(rng.integers(DAYS * DAY, size=REPORTS)), rng.integers(SOURCES, size=REPORTS)
        letter, digit = rng.integers(6, size=(2, REPORTS))
        zero = np.zeros(REPORTS, dtype=np.int64)
        clocks = (observed_at, observed_at, zero + NEVER)
        places = (indicator * LEVELS + level, indicator, level, source, source)
        reports = Reports(*places, *clocks, zero > 0, letter, digit, zero - 1)
        given = rng.uniform(0.1, 0.9, size=(INDICATORS, SCENARIOS))
        problem = Expectations(
            priors=np.full(SCENARIOS, 1 / SCENARIOS),
            given=tuple(np.stack([1 - p, p], axis=1) for p in given),
            offsets=np.arange(INDICATORS + 1) * LEVELS,
            groups=groups,
            weight=np.ones(INDICATORS),
            common_error=np.full(INDICATORS, 0.02),
            half_life_days=np.repeat(rng.uniform(5, 50, size=INDICATORS), LEVELS),
        )
        trust = 0.9 - 0.1 * np.arange(7)[:, None] - 0.011 * np.arange(6)
        rows = ((np.full(SCENARIOS, 40.0),) * INDICATORS, (np.arange(SCENARIOS),) * INDICATORS)
        widths = Widths(*rows, tuple(range(INDICATORS)), trust, np.full(trust.shape, 0.1))
        hearings = hear(reports, Register(trust, zero[:0], zero[:0], zero[:0]), problem, Clocks())
        return cls(hearings, problem, widths, np.arange(1, DAYS + 1) * DAY)


def drawn(asked: Asked, draws: int = DRAWS) -> Bands:
    return bands(asked.hearings, asked.expectations, asked.widths, asked.times, draws=draws, seed=SEED)


def plainly(asked: Asked) -> Floats:
    """The likelihoods of the first draws, a draw at a time in whole arrays. Shape (draws, T, S)."""
    said, problem, widths = asked.hearings, asked.expectations, asked.widths
    statements = speak(said, asked.times)
    told = say(said, statements, asked.times)
    row = statements.hearing[told.statement]
    place = told.time * INDICATORS * LEVELS + said.channel[row]
    nats = draw_nats(widths.trust, widths.spread, draws=DRAWS, rng=generator(SEED))
    cases, scenarios = np.full(SCENARIOS, 40.0), np.arange(SCENARIOS)
    rows = np.stack(
        [
            draw_rows(given, cases, scenarios, draws=DRAWS, rng=generator(SEED, i))
            for i, given in enumerate(problem.given)
        ]
    )
    found = np.empty((PLAIN_DRAWS, DAYS, SCENARIOS))
    for d in range(PLAIN_DRAWS):
        weights = told.left * nats[said.cell[row], d]
        evidence = np.bincount(place, weights, DAYS * INDICATORS * LEVELS).reshape(DAYS, INDICATORS, LEVELS)
        ratio = np.exp(evidence - evidence.max(axis=2, keepdims=True))
        ratio = 0.98 * ratio + 0.02 * ratio.mean(axis=2, keepdims=True)
        together = np.log(np.einsum("til,isl->tis", ratio, rows[..., d])).sum(axis=1)
        moved = np.exp(together - together.max(axis=1, keepdims=True))
        found[d] = moved / moved.sum(axis=1, keepdims=True)
    return found


@pytest.mark.parametrize("groups", [(), ((np.arange(6), 0.5),)], ids=["no groups", "a group of six"])
def test_a_thousand_draws_of_30_signs_on_730_days(benchmark: Any, groups: tuple[Any, ...]) -> None:
    asked = Asked.of(np.random.default_rng(SEED), groups)
    benchmark.pedantic(drawn, args=(asked,), rounds=3)
    begin = perf_counter()
    plainly(asked)
    peer = (perf_counter() - begin) / PLAIN_DRAWS * DRAWS
    terms = DRAWS * DAYS * INDICATORS * SCENARIOS
    benchmark.extra_info["nanoseconds a term"] = benchmark.stats.stats.min / terms * 1e9
    benchmark.extra_info["times as fast as a plain loop, which knows no groups"] = peer / benchmark.stats.stats.min
