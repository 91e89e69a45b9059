"""The job of bands: random reports over two years of days on signs whose every scenario has its own row.

Here belong what is asked, our answer, and that of a plain NumPy loop over the draws.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from iwscore.core.bands import Bands, bands
from iwscore.core.bundles import NEVER, Expectations, Floats, Register, Reports, Times
from iwscore.core.draws import Widths, draw_nats, draw_rows, generator
from iwscore.core.evidence import say
from iwscore.core.hearings import Clocks, Hearings, hear
from iwscore.core.speaking import speak

DAY = 86_400_000_000
DRAWS, DAYS, INDICATORS, SCENARIOS, LEVELS = 1000, 730, 30, 5, 2
REPORTS, SOURCES = 20_000, 40
SEED = 20221012


@dataclass(frozen=True)
class Asked:
    """Random reports on yes/no signs over two years of days, and a problem whose every scenario has its own row."""

    hearings: Hearings
    expectations: Expectations
    widths: Widths
    times: Times

    @classmethod
    def of(cls, groups: tuple[Any, ...] = (), days: int = DAYS) -> Asked:
        rng = np.random.default_rng(SEED)
        indicator, level = rng.integers(INDICATORS, size=REPORTS), rng.integers(LEVELS, size=REPORTS)
        observed_at, source = np.sort(rng.integers(days * DAY, size=REPORTS)), rng.integers(SOURCES, size=REPORTS)
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
        return cls(hearings, problem, widths, np.arange(1, days + 1) * DAY)

    def weighted(self) -> Asked:
        """The same, every second sign counting for less."""
        weight = np.where(np.arange(INDICATORS) % 2, 1.0, 0.7)
        return replace(self, expectations=replace(self.expectations, weight=weight))

    def rows(self, draws: int) -> Floats:
        """Shape (I, S, L, D)."""
        asked = zip(self.expectations.given, self.widths.cases, self.widths.judgments, strict=True)
        return np.stack([draw_rows(*one, draws=draws, rng=generator(SEED, stream)) for stream, one in enumerate(asked)])

    def nats(self, draws: int) -> Floats:
        """Shape (cells, D)."""
        return draw_nats(self.widths.trust, self.widths.spread, draws=draws, rng=generator(SEED))


def drawn(asked: Asked, draws: int = DRAWS, threads: int = 1) -> Bands:
    """Our answer."""
    return bands(asked.hearings, asked.expectations, asked.widths, asked.times, draws=draws, seed=SEED, threads=threads)


def plainly(asked: Asked, first: int, draws: int = DRAWS) -> Floats:
    """The likelihoods of the first draws, a draw at a time in whole arrays. Shape (first, T, S)."""
    said, days = asked.hearings, len(asked.times)
    statements = speak(said, asked.times)
    told = say(said, statements, asked.times)
    row = statements.hearing[told.statement]
    place = told.time * INDICATORS * LEVELS + said.channel[row]
    nats, rows = asked.nats(draws), asked.rows(draws)
    found = np.empty((first, days, SCENARIOS))
    for d in range(first):
        weights = told.left * nats[said.cell[row], d]
        evidence = np.bincount(place, weights, days * INDICATORS * LEVELS).reshape(days, INDICATORS, LEVELS)
        ratio = np.exp(evidence - evidence.max(axis=2, keepdims=True))
        ratio = 0.98 * ratio + 0.02 * ratio.mean(axis=2, keepdims=True)
        together = np.log(np.einsum("til,isl->tis", ratio, rows[..., d])).sum(axis=1)
        moved = np.exp(together - together.max(axis=1, keepdims=True))
        found[d] = moved / moved.sum(axis=1, keepdims=True)
    return found
