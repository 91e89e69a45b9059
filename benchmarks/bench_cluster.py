"""A history of many subjects by Dask: the same bytes as here, two workers beside one, and one of two killed.

Clusters of one and of two workers do the job in turn, in the same run; what is told is how many times faster two are.
Starting a cluster is not counted. Reports are made as they are asked for, one subject at a time, as a reader of files
larger than memory would give them.

    python -m benchmarks.bench_cluster [--subjects N] [--reports N] [--years N] [--indicators N] [--runs N]
"""

import argparse
import json
import os
import signal
import statistics
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from iwscore.catalog import load
from iwscore.domain.catalogs import Catalog
from iwscore.domain.columns import Columns
from iwscore.domain.observations import NEVER, Names
from iwscore.services.clusters import cluster, started
from iwscore.services.executors import Executor, here
from iwscore.services.manifests import Found, Job, make_job
from iwscore.services.rescoring import Told, rescore

SEED, SOURCES, SCENARIOS = 20221004, 500, 5
BEGIN = datetime(2004, 1, 1, tzinfo=UTC)
YEAR = 31_557_600_000_000
MICROSECOND = timedelta(microseconds=1)
LEVELS = ("none", "some", "many")


@dataclass(frozen=True)
class Reports:
    """So many random reports on each of so many subjects."""

    subjects: int
    reports: int
    span: int
    signs: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(f"subject-{number:04}" for number in range(self.subjects))

    def of(self, subject: str) -> Columns:
        rng = np.random.default_rng([SEED, int(subject[-4:])])
        n = self.reports
        zero = np.zeros(n, dtype=np.int64)
        observed_at = int((BEGIN - datetime(1970, 1, 1, tzinfo=UTC)) / MICROSECOND) + rng.integers(self.span, size=n)
        return Columns(
            subject=Names(zero.astype(np.int32), (subject,)),
            indicator=chosen(rng, n, self.signs),
            level=chosen(rng, n, LEVELS[:2]),
            source=chosen(rng, n, sources()),
            origin=Names(zero.astype(np.int32), ("",)),
            value=np.full(n, np.nan),
            observed_at=observed_at,
            known_from=observed_at,
            stands_until=zero + NEVER,
            reliability=rng.integers(6, size=n, dtype=np.int8),
            credibility=rng.integers(5, size=n, dtype=np.int8),
            kind=zero.astype(np.int8),
        )

    def pieces(self, subject: str) -> Iterator[Columns]:
        yield self.of(subject)

    def too_many(self, subject: str) -> int:
        return 0


def chosen(rng: np.random.Generator, rows: int, names: tuple[str, ...]) -> Names:
    return Names(rng.integers(len(names), size=rows, dtype=np.int32), names)


def sources() -> tuple[str, ...]:
    return tuple(f"source-{number:03}" for number in range(SOURCES))


def write_catalog(folder: Path, indicators: int) -> Catalog:
    """Write and read a catalog of which three signs in ten have three levels, with a ladder."""
    rng = np.random.default_rng(SEED)
    signs = {f"sign-{number:03}": LEVELS[: 3 if number % 10 < 3 else 2] for number in range(indicators)}
    scenarios = [f"scenario-{number}" for number in range(SCENARIOS)]

    def row(levels: tuple[str, ...]) -> dict[str, float]:
        return dict(zip(levels, (0.02 + 0.98 * rng.dirichlet(np.ones(len(levels)))).tolist(), strict=True))

    def table(levels: tuple[str, ...]) -> dict[str, Any]:
        rows = {name: row(levels) for name in scenarios}
        return {"given": {name: {key: p / sum(one.values()) for key, p in one.items()} for name, one in rows.items()}}

    rungs = [{"id": "calm", "raise_at": 0}, {"id": "watch", "raise_at": 0.5, "clear_at": 0.4, "hold": "2d"}]
    pages = {
        "indicators": {"indicators": [{"id": n, "half_life": "21d", "levels": list(ls)} for n, ls in signs.items()]},
        "scenarios": {
            "id": "question",
            "horizon": "90d",
            "subjects": "any",
            "scenarios": [{"id": name, "prior": 1 / SCENARIOS} for name in scenarios],
            "expectations": {name: table(levels) for name, levels in signs.items()},
            "ladder": {"adverse": scenarios[:1], "rungs": rungs},
        },
        "sources": {"sources": [{"id": name, "grades": []} for name in sources()]},
    }
    for name, page in pages.items():
        (folder / name).mkdir()
        (folder / name / "all.yaml").write_text(json.dumps(page))
    return load(folder)


@dataclass(frozen=True)
class Work:
    """The job, and what it is done with."""

    catalog: Catalog
    reports: Reports
    job: Job
    home: Path

    def done(self, executor: Executor, told: Told = lambda done, rows: None) -> tuple[float, str]:
        """Do it and return the seconds it took and the digest of its bytes."""
        out = self.home / "history.parquet"
        begin = perf_counter()
        found = Found(".", "reports")
        made = rescore(
            self.catalog, self.reports, job=self.job, out=out, found=found, executor=executor, told=told, overwrite=True
        )
        seconds = perf_counter() - begin
        out.unlink()
        return seconds, made.manifest.sha256


def work(asked: argparse.Namespace, home: Path) -> Work:
    catalog = write_catalog(home, asked.indicators)
    reports = Reports(asked.subjects, asked.reports, asked.years * YEAR, tuple(catalog.indicators))
    job = make_job(
        catalog, reports, identity={"sha256": "0" * 64}, problem="question", subjects=["all"], start=BEGIN,
        end=BEGIN + asked.years * YEAR * MICROSECOND, step="1d", known_at=None, vintage=False,
    )  # fmt: skip
    return Work(catalog, reports, job, home)


def killing(process: int) -> Callable[[int, int], None]:
    """Return a listener that kills a process for good once the first answers are in."""
    left = [process]

    def told(done: int, rows: int) -> None:
        if done and left:
            os.kill(left.pop(), signal.SIGKILL)

    return told


def main() -> None:
    parser = argparse.ArgumentParser()
    for name, size in {"subjects": 1000, "reports": 50_000, "years": 20, "indicators": 100, "runs": 5}.items():
        parser.add_argument(f"--{name}", type=int, default=size)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        job = work(asked, Path(folder))
        alone, whole = job.done(here)
        print(f"{asked.subjects} subjects x {asked.reports} reports, {asked.years} years of days: {whole}")
        print(f"here: {alone:.1f} s", flush=True)
        seconds: dict[int, list[float]] = {1: [], 2: []}
        for _ in range(asked.runs):
            for workers, taken in seconds.items():
                with started(workers) as one:
                    took, made = job.done(cluster(one.scheduler_address))
                    taken.append(took)
                assert made == whole, f"{workers} workers made other bytes"
        ratios = [one / two for one, two in zip(*seconds.values(), strict=True)]
        shown = ", ".join(f"{workers} worker(s) {statistics.median(taken):.1f} s" for workers, taken in seconds.items())
        print(f"{shown}: same bytes; two are {statistics.median(ratios):.2f}x as fast as one", flush=True)
        with started(2) as one:
            took, made = job.done(cluster(one.scheduler_address), killing(one.workers[0].pid))
        assert made == whole, "with a worker killed the bytes are others"
        print(f"one of two killed: {took:.1f} s, same bytes")


if __name__ == "__main__":
    main()
