"""Engines at work, each in a process of its own: it has its threads, its memory and the job, and waits to be asked.

What a process makes before it says that it is ready is not timed. All stay alive together and take turns.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from multiprocessing import get_context
from multiprocessing.connection import Connection
from time import perf_counter
from typing import Any

import numpy as np

from benchmarks.peers import ours
from benchmarks.peers.held import most_held
from benchmarks.peers.jobs import job
from iwscore.core.bundles import Floats

__all__ = ["ENGINES", "Engine", "Run", "Worker"]

# Set where a process must not take more threads than it is measured with.
LIMITS = ("POLARS_MAX_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS")
# Chosen by hand for older builds; a current one chooses better by itself.
UNSET = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")
CLOSE, ANSWER, RUN = range(3)


@dataclass(frozen=True, slots=True)
class Engine:
    """One way to do the job, and how near its answer must come; ``package`` is what must be installed for it."""

    name: str
    module: str
    package: str
    threads: tuple[int, ...]
    rtol: float = 1e-9
    atol: float = 1e-11  # evidence that is taken away again leaves the rounding of what was there

    answers: bool = True

    @property
    def present(self) -> bool:
        return find_spec(self.package) is not None


ENGINES = (
    Engine("iwscore", "ours", "iwscore", ours.THREADS),
    Engine("numba, fused loop", "in_numba", "numba", (1, 2)),
    Engine("duckdb", "in_duckdb", "duckdb", (1, 2)),
    # Its running maximum is in fixed point, in steps of 2e-9.
    Engine("polars", "in_polars", "polars", (1, 2), rtol=1e-8, atol=1e-7),
    Engine("pandas", "in_pandas", "pandas", (1,)),
    Engine("copy of the columns", "copying", "numpy", (1,), answers=False),
)


@dataclass(frozen=True, slots=True)
class Run:
    """What one run took, and the most memory its process has held so far."""

    seconds: float
    peak_bytes: int


class Worker:
    """A process with one engine and one job."""

    def __init__(self, engine: Engine, threads: int, asked: dict[str, Any]) -> None:
        self.engine, self.threads = engine, threads
        context = get_context("spawn")
        self._pipe, other = context.Pipe()
        self._process = context.Process(target=serve, args=(other, engine.module, threads, asked))
        before = {name: os.environ.get(name) for name in LIMITS + UNSET}
        os.environ.update(dict.fromkeys(LIMITS, str(threads)))
        for name in UNSET:
            os.environ.pop(name, None)
        self._process.start()
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value
        other.close()
        assert self._pipe.recv() == "ready"

    def run(self) -> Run:
        self._pipe.send(RUN)
        return Run(*self._pipe.recv())

    def answer(self) -> Floats:
        """The evidence of the latest run."""
        self._pipe.send(ANSWER)
        found: Floats = self._pipe.recv()
        return found

    def close(self) -> None:
        self._pipe.send(CLOSE)
        self._process.join()


def serve(pipe: Connection, module: str, threads: int, asked: dict[str, Any]) -> None:
    """Be a worker until told to stop."""
    work = import_module(f"benchmarks.peers.{module}").loaded(job(**asked), threads)
    answer = np.zeros(0)
    pipe.send("ready")
    while (told := pipe.recv()) != CLOSE:
        if told == ANSWER:
            pipe.send(answer)
            continue
        begin = perf_counter()
        answer = work()
        seconds = perf_counter() - begin
        pipe.send((seconds, most_held()))
