"""How fast the core reads reports, beside a plain NumPy reading of the same rows in the same run.

The yardstick knows only the simple case: every source speaks for itself, nothing is corrected, nothing comes late.
"""

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import numpy as np
import pytest

from iwscore.core.assessing import combine, weigh
from iwscore.core.bundles import NEVER, Expectations, Floats, Register, Reports, Times
from iwscore.core.hearings import Clocks, hear
from iwscore.core.likelihoods import posterior
from iwscore.core.listening import listen

DAY = 86_400_000_000
REPORTS, INDICATORS, SOURCES, DAYS, LEVELS, SCENARIOS = 1_000_000, 100, 500, 730, 2, 6
SEED = 20221004


@dataclass(frozen=True)
class Log:
    """Random reports on yes/no signs by sources of their own, two years of days, and a problem about them."""

    reports: Reports
    expectations: Expectations
    times: Times

    @classmethod
    def of(cls, rng: np.random.Generator) -> "Log":
        ints = np.zeros(REPORTS, dtype=np.int64)
        indicator, source = rng.integers(INDICATORS, size=REPORTS), rng.integers(SOURCES, size=REPORTS)
        level, observed_at = rng.integers(LEVELS, size=REPORTS), np.sort(rng.integers(DAYS * DAY, size=REPORTS))
        made = Reports(
            channel=indicator * LEVELS + level,
            indicator=indicator,
            level=level,
            source=source,
            origin=source,
            observed_at=observed_at,
            known_from=observed_at,
            stands_until=ints + NEVER,
            correction=ints > 0,
            letter=rng.integers(6, size=REPORTS),
            digit=rng.integers(5, size=REPORTS),
            cap=ints - 1,
        )
        return cls(made, problem(rng), np.arange(1, DAYS + 1) * DAY)


def problem(rng: np.random.Generator) -> Expectations:
    """A tenth of the signs in groups of two."""
    given = rng.uniform(0.1, 0.9, size=(INDICATORS, SCENARIOS))
    return Expectations(
        priors=np.full(SCENARIOS, 1 / SCENARIOS),
        given=tuple(np.stack([1 - p, p], axis=1) for p in given),
        offsets=np.arange(INDICATORS + 1) * LEVELS,
        half_life_days=np.repeat(rng.uniform(5, 50, size=INDICATORS), LEVELS),
        common_error=np.full(INDICATORS, 0.02),
        weight=np.ones(INDICATORS),
        groups=tuple((np.array([i, i + 1]), 0.5) for i in range(0, INDICATORS // 10, 2)),
    )


def register() -> Register:
    """No two grades are worth the same."""
    none = np.empty(0, dtype=np.int64)
    return Register(0.9 - 0.1 * np.arange(7)[:, None] - 0.011 * np.arange(6), none, none, none)


@pytest.fixture(scope="module")
def log() -> Log:
    return Log.of(np.random.default_rng(SEED))


def evidence(log: Log) -> Floats:
    return listen(log.reports, register(), log.expectations, Clocks(), log.times).nats


def plainly(log: Log) -> Floats:
    """The evidence by a table of sources and signs that the days' reports are written into, day by day.

    A report that repeats the level in the table stands if it is the stronger by then; one that contradicts replaces.
    """
    said, trust = log.reports, register().trust
    nats = np.log((1 + trust) / (1 - trust))[said.letter, said.digit]
    half_life = log.expectations.half_life_days[::LEVELS][said.indicator]
    cell = said.indicator * SOURCES + said.source
    order = np.argsort(cell, kind="stable")
    cell, level = cell[order], said.level[order]
    nats, half_life, observed = nats[order], half_life[order], said.observed_at[order]
    turn = np.append(True, (cell[1:] != cell[:-1]) | (level[1:] != level[:-1]))
    run = np.cumsum(turn)
    # Put back to one day, the logarithm of what is left orders the reports of a run for good.
    strength = np.log2(nats) + observed / DAY / half_life
    ranked = np.argsort(strength, kind="stable")
    rank = np.empty(REPORTS, dtype=np.int64)
    rank[ranked] = np.arange(REPORTS)
    best = strength[ranked[np.maximum.accumulate(rank + run * REPORTS) - run * REPORTS]]
    begin, end = observed, np.append(np.where(cell[1:] == cell[:-1], observed[1:], NEVER), NEVER)
    first, last = np.searchsorted(log.times, begin), np.searchsorted(log.times, end)
    total = np.zeros((DAYS, INDICATORS * LEVELS))
    channel = log.reports.channel[order]
    for t in range(DAYS):
        here = np.flatnonzero((first <= t) & (t < last))
        left = np.exp2(best[here] - log.times[t] / DAY / half_life[here])
        total[t] = np.bincount(channel[here], weights=left, minlength=INDICATORS * LEVELS)
    return total


def seconds(work: Callable[[], Any]) -> tuple[float, Any]:
    """The best of three runs, and what it gave."""
    best, found = np.inf, None
    for _ in range(3):
        begin = perf_counter()
        found = work()
        best = min(best, perf_counter() - begin)
    return best, found


def test_evidence_of_a_million_reports_on_730_days(benchmark: Any, log: Log) -> None:
    found = benchmark.pedantic(evidence, args=(log,), rounds=3)
    peer, expected = seconds(lambda: plainly(log))
    np.testing.assert_allclose(found, expected, rtol=1e-7)
    benchmark.extra_info["reports"] = REPORTS
    benchmark.extra_info["nanoseconds a report"] = benchmark.stats.stats.min / REPORTS * 1e9
    benchmark.extra_info["times as fast as plain NumPy"] = peer / benchmark.stats.stats.min


def test_hearing_a_million_reports(benchmark: Any, log: Log) -> None:
    benchmark.pedantic(hear, args=(log.reports, register(), log.expectations, Clocks()), rounds=3)
    benchmark.extra_info["nanoseconds a report"] = benchmark.stats.stats.min / REPORTS * 1e9


def likelihoods(nats: Floats, expectations: Expectations) -> Floats:
    return posterior(combine(weigh(nats, expectations), expectations), expectations.priors)


def likelihoods_plainly(nats: Floats, expectations: Expectations) -> Floats:
    """The same in whole arrays over all signs at once, summed as NumPy likes."""
    given = np.stack(expectations.given)
    by_sign = nats.reshape(len(nats), INDICATORS, LEVELS)
    ratio = np.exp(by_sign - by_sign.max(axis=2, keepdims=True))
    ratio = 0.98 * ratio + 0.02 * ratio.mean(axis=2, keepdims=True)
    alone = np.log(np.einsum("til,isl->tis", ratio, given))
    alone -= np.log(np.exp(alone).mean(axis=2, keepdims=True))
    grouped = alone[:, : INDICATORS // 10].reshape(len(nats), -1, 2, SCENARIOS)
    up, down = (np.sqrt((np.maximum(side, 0) ** 2).sum(axis=2)).sum(axis=1) for side in (grouped, -grouped))
    together = alone[:, INDICATORS // 10 :].sum(axis=1) + up - down
    moved = np.exp(together - together.max(axis=1, keepdims=True))
    return np.asarray(moved / moved.sum(axis=1, keepdims=True))


def test_likelihoods_of_100_signs_on_730_days(benchmark: Any, log: Log) -> None:
    nats = evidence(log)
    found = benchmark.pedantic(likelihoods, args=(nats, log.expectations), rounds=5)
    peer, expected = seconds(lambda: likelihoods_plainly(nats, log.expectations))
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-300)
    terms = nats.shape[0] * INDICATORS * SCENARIOS
    benchmark.extra_info["nanoseconds a term"] = benchmark.stats.stats.min / terms * 1e9
    benchmark.extra_info["times as fast as plain NumPy"] = peer / benchmark.stats.stats.min
