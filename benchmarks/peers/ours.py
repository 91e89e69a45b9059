"""The same answers by the core of iwscore: the only file here that knows how it is called."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.peers.jobs import Job
from iwscore.core.assessing import combine, weigh
from iwscore.core.bands import Bands, bands
from iwscore.core.bundles import NEVER, Expectations, Floats, Register, Reports
from iwscore.core.draws import Widths
from iwscore.core.hearings import Clocks, hear
from iwscore.core.likelihoods import posterior
from iwscore.core.listening import listen

THREADS = (1, 2)


def loaded(job: Job, threads: int) -> Callable[[], Floats]:
    return lambda: evidence(job, threads)


def evidence(job: Job, threads: int = 1) -> Floats:
    """Shape (T, C), from the job's columns."""
    return listen(reports(job), register(job), problem(job), Clocks(), job.times, threads=threads, fresh=False).nats


def reports(job: Job) -> Reports:
    """Return the columns as they are; what is the same for all reports takes no room."""

    def same(number: int, kind: type[np.generic]) -> NDArray[np.generic]:
        return np.broadcast_to(np.array(number, dtype=kind), len(job))

    # The core takes whole numbers of any width, though it says 64 bits.
    columns: dict[str, Any] = {
        **job.columns,
        "channel": job.offsets[:-1].astype(np.int16)[job.indicator] + job.level,
        "origin": job.source,
        "known_from": job.observed_at,
        "stands_until": same(NEVER, np.int64),
        "correction": same(0, np.bool_),
        "cap": same(-1, np.int8),
    }
    return Reports(**columns)


def register(job: Job) -> Register:
    none = np.empty(0, dtype=np.int64)
    return Register(job.trust, none, none, none)


def problem(job: Job, scenarios: int = 5) -> Expectations:
    """No groups, all weights 1."""
    rng = np.random.default_rng(scenarios)
    levels = np.diff(job.offsets)
    return Expectations(
        priors=rng.dirichlet(np.full(scenarios, 5.0)),
        given=tuple(rng.dirichlet(np.full(count, 3.0), size=scenarios).clip(0.001, 0.999) for count in levels),
        offsets=job.offsets,
        half_life_days=job.half_life_days,
        common_error=np.full(len(levels), 0.02),
        weight=np.ones(len(levels)),
        groups=(),
    )


def likelihoods(nats: Floats, asked: Expectations) -> Floats:
    """Shape (T, S), from evidence of shape (T, C)."""
    return posterior(combine(weigh(nats, asked), asked), asked.priors)


def banded(job: Job, asked: Expectations, draws: int) -> Bands:
    """Bands of all likelihoods; every scenario has a row of its own in every expectation, worth 40 cases."""
    signs = len(asked.given)
    rows = np.arange(len(asked.priors))
    widths = Widths(
        (np.full(len(rows), 40.0),) * signs, (rows,) * signs, tuple(range(signs)), job.trust, job.trust / 10
    )
    hearings = hear(reports(job), register(job), asked, Clocks())
    return bands(hearings, asked, widths, job.times, draws=draws, seed=1)
