"""Seconds of small jobs: every engine that is installed against a reading by the letter. No time is judged."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

import numpy as np

from benchmarks.peers import ours, plain
from benchmarks.peers.jobs import MINUTE, Job, job
from benchmarks.peers.networks import INFERENCES, level_likelihoods
from benchmarks.peers.workers import ENGINES, Engine

POINTS = 5
HOUR = 60 * MINUTE


def run() -> int:
    """Return how many answers were held against another; the first wrong one is an AssertionError."""
    # Reports at the same hour and day by day, by few sources, so that every rule about order is needed.
    jobs = [
        job(6000, indicators=6, sources=9, days=300, step=HOUR),
        job(3000, indicators=20, sources=40, days=60, step=24 * HOUR, seed=1),
        job(500, indicators=10, sources=500, days=900, seed=2),
    ]
    present = [engine for engine in ENGINES if engine.present and engine.answers]
    return sum(against_plain(made, present) for made in jobs) + against_networks(jobs[0])


def against_plain(made: Job, engines: list[Engine]) -> int:
    expected, held = plain.evidence(made), 0
    for engine in engines:
        # polars has the threads of its process.
        for threads in engine.threads if engine.name != "polars" else [import_module("polars").thread_pool_size()]:
            found = import_module(f"benchmarks.peers.{engine.module}").loaded(made, threads)()
            name = f"{engine.name}, {threads} threads"
            np.testing.assert_allclose(found, expected, rtol=engine.rtol, atol=engine.atol, err_msg=name)
            held += 1
    return held


def against_networks(made: Job) -> int:
    asked = ours.problem(made)
    nats = ours.evidence(made)[:: made.days // POINTS]
    told, expected = level_likelihoods(nats, asked), ours.likelihoods(nats, asked)
    present = {name: make for name, (package, make) in INFERENCES.items() if find_spec(package)}
    for name, make in present.items():
        np.testing.assert_allclose(make(asked, told)(), expected, rtol=0, atol=1e-12, err_msg=name)
    return len(present)
