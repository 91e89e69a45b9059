"""Engines and inferences timed in turns: every round asks each once, so that what else the machine does hits all.

Every answer is held against that of iwscore before a figure is believed.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np

from benchmarks.peers import ours
from benchmarks.peers.in_numba import evidence as quick_evidence
from benchmarks.peers.jobs import job
from benchmarks.peers.networks import INFERENCES, level_likelihoods
from benchmarks.peers.workers import ENGINES, Worker
from iwscore.core.bundles import Floats

__all__ = ["Timing", "evidence", "likelihoods", "say", "takes"]

POINTS = 20  # of a trend by inference; each takes as long
LIKELIHOOD_TOLERANCE = 1e-12


@dataclass(frozen=True, slots=True)
class Timing:
    """What one way of doing it took in each round, seconds for each of ``items``."""

    name: str
    threads: int
    seconds: tuple[float, ...]
    peak_bytes: int = 0

    @property
    def middle(self) -> float:
        return median(self.seconds)

    def times_as_long_as(self, other: Timing) -> float:
        """The median of the rounds' ratios."""
        return median(mine / theirs for mine, theirs in zip(self.seconds, other.seconds, strict=True))


def say(text: str) -> None:
    """Tell whoever waits."""
    print(text, file=sys.stderr, flush=True)


def evidence(rows: int, rounds: int) -> list[Timing]:
    """Return what each engine that is installed took for each report."""
    asked = {"rows": rows}
    workers = [Worker(engine, threads, asked) for engine in ENGINES if engine.present for threads in engine.threads]
    try:
        return _in_turns(workers, rows, rounds)
    finally:
        for worker in workers:
            worker.close()


def _in_turns(workers: list[Worker], rows: int, rounds: int) -> list[Timing]:
    for worker in workers:
        worker.run()
    expected = workers[0].answer()
    for worker in workers[1:]:
        if worker.engine.answers:
            hold_against(expected, worker)
    say(f"{rows} reports: equal answers")
    taken: dict[Worker, list[float]] = {worker: [] for worker in workers}
    peaks = dict.fromkeys(workers, 0)
    for number in range(rounds):
        for worker in workers:
            run = worker.run()
            taken[worker].append(run.seconds / rows)
            peaks[worker] = run.peak_bytes
        say(f"{rows} reports: round {number + 1} of {rounds}")
    return [Timing(one.engine.name, one.threads, tuple(taken[one]), peaks[one]) for one in workers]


def hold_against(expected: Floats, worker: Worker) -> None:
    engine = worker.engine
    name = f"{engine.name}, {worker.threads} threads"
    np.testing.assert_allclose(worker.answer(), expected, rtol=engine.rtol, atol=engine.atol, err_msg=name)


def takes(work: Callable[[], Any]) -> float:
    """Seconds."""
    begin = perf_counter()
    work()
    return perf_counter() - begin


def likelihoods(rounds: int, days: int = 7300) -> list[Timing]:
    """Return what each library that is installed took for each trend point of 100 signs and five scenarios."""
    made = job(100_000, days=days)
    nats, asked = np.asfortranarray(quick_evidence(made, 1)), ours.problem(made)  # laid out as the core gives it
    points = np.linspace(0, days - 1, POINTS).astype(int)
    told = level_likelihoods(nats[points], asked)
    expected = ours.likelihoods(nats, asked)[points]
    works: dict[str, tuple[Callable[[], Any], int]] = {"iwscore": (lambda: ours.likelihoods(nats, asked), days)}
    for name, (package, make) in INFERENCES.items():
        if find_spec(package):
            answers = make(asked, told)
            np.testing.assert_allclose(answers(), expected, rtol=0, atol=LIKELIHOOD_TOLERANCE, err_msg=name)
            works[name] = (answers, POINTS)
    say("likelihoods: equal answers")
    return turns(works, rounds)


def turns(works: dict[str, tuple[Callable[[], Any], int]], rounds: int) -> list[Timing]:
    """Time each piece of work once a round, for each of its items."""
    taken: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, (work, items) in works.items():
            taken[name].append(takes(work) / items)
    return [Timing(name, 1, tuple(seconds)) for name, seconds in taken.items()]
