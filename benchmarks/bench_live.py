"""How long from an acknowledged record until it is in the answer, with many entries in the log.

The scorer follows the log in the process that records, and in another one that polls. Each record is one batch of one
entry; the answer is the assessment of the present minute, ladder included. The clock starts when the log has
acknowledged the record. At the end the answer is held against one from a fresh reading.

    python -m benchmarks.bench_live [--rows N] [--records N] [--indicators N] [--sources N]
        [--only sqlite|postgresql]
"""

import argparse
import multiprocessing
import os
import tempfile
from collections.abc import Callable
from contextlib import nullcontext
from datetime import datetime
from multiprocessing.connection import Connection
from pathlib import Path
from time import perf_counter, sleep, thread_time

import numpy as np

from benchmarks.bench_log import ROOT, server
from benchmarks.live_rows import AUTHOR, MINUTE, PROBLEM, SUBJECT, Feed, history, now, wide
from iwscore.catalog import load
from iwscore.domain.assessments import Assessment
from iwscore.domain.catalogs import Catalog
from iwscore.domain.times import from_micros
from iwscore.services import score
from iwscore.services.following import Live
from iwscore.store.logs import create_log, open_log

ROWS, RECORDS, INDICATORS, SOURCES = 1_000_000, 1000, 100, 500
PAUSE_SECONDS = 0.001  # between two polls of the other process


def minute() -> datetime:
    return from_micros(-(-now() // MINUTE) * MINUTE)


def ask(live: Live, at: datetime) -> Assessment:
    return live.score(PROBLEM, SUBJECT, at=at)


def milliseconds(seconds: list[float]) -> str:
    median, late, last = np.quantile(np.array(seconds) * 1e3, (0.5, 0.99, 1.0))
    return f"median {median:7.2f} ms   p99 {late:7.2f} ms   max {last:7.2f} ms"


def timed(work: Callable[[], object], times: int = 1) -> list[float]:
    taken = []
    for _ in range(times):
        begin = perf_counter()
        work()
        taken.append(perf_counter() - begin)
    return taken


def reader(url: str, catalog: Catalog, line: Connection) -> None:
    """Follow the log in a process of its own; say when which batch is in the answer."""
    with open_log(url, clock=now) as log:
        live = Live(log, catalog)
        head = live.follow()
        ask(live, minute())
        line.send(None)
        while not line.poll():
            before, head = head, live.follow()
            if head.batch == before.batch:
                sleep(PAUSE_SECONDS)
                continue
            ask(live, minute())
            line.send((head.batch, perf_counter()))
        line.send(ask(live, line.recv()))


def here(live: Live, feed: Feed, records: int) -> tuple[list[float], list[float]]:
    """Record and ask in one process; return seconds by the clock on the wall, and by the processor."""
    taken, worked = [], []
    for _ in range(records):
        feed.record()
        begin, busy = perf_counter(), thread_time()
        live.follow()
        ask(live, minute())
        taken.append(perf_counter() - begin)
        worked.append(thread_time() - busy)
        feed.remember()
    return taken, worked


def elsewhere(url: str, catalog: Catalog, feed: Feed, records: int) -> tuple[list[float], datetime, Assessment]:
    """Record here, ask in another process; perf_counter is one clock for both."""
    process_of = multiprocessing.get_context("spawn")
    line, other = process_of.Pipe()
    process = process_of.Process(target=reader, args=(url, catalog, other))
    process.start()
    line.recv()
    taken = []
    for _ in range(records):
        batch = feed.record()
        begin = perf_counter()
        seen, end = line.recv()
        while seen < batch:
            seen, end = line.recv()
        taken.append(end - begin)
        feed.remember()
    at = minute()
    line.send(at)
    answer = line.recv()
    process.join()
    return taken, at, answer


def measure(name: str, url: str, catalog: Catalog, asked: argparse.Namespace) -> None:
    create_log(url)
    with open_log(url, clock=now) as log:
        log.append(history(asked.rows, catalog, now()), author=AUTHOR, reason="history", historical=True)
        live, feed = Live(log, catalog), Feed(log, catalog)
        present = minute()
        print(name)
        print(f"  first reading                {timed(live.follow)[0]:8.2f} s")
        print(f"  first answer                 {timed(lambda: ask(live, present))[0]:8.2f} s")
        print(f"  a poll, nothing new          {milliseconds(timed(live.follow, 1000))}")
        print(f"  the same answer again        {milliseconds(timed(lambda: ask(live, present), 1000))}")
        later = iter(range(1, 10_000))
        moved = timed(lambda: ask(live, from_micros((now() // MINUTE + 1 + next(later)) * MINUTE)), 50)
        print(f"  an answer a minute on        {milliseconds(moved)}")
        wall, worked = here(live, feed, asked.records)
        print(f"  record to answer, here       {milliseconds(wall)}")
        print(f"    of it the processor's      {milliseconds(worked)}", flush=True)
        taken, at, answer = elsewhere(url, catalog, feed, asked.records)
        print(f"  record to answer, elsewhere  {milliseconds(taken)}")
        live.follow()
        wanted = score(catalog, log.observations(), problem=PROBLEM, subject=SUBJECT, at=at)
        if not ask(live, at) == answer == wanted:
            raise SystemExit("the answers differ from those of a fresh reading")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rows", type=int, default=ROWS)
    options.add_argument("--records", type=int, default=RECORDS)
    options.add_argument("--indicators", type=int, default=INDICATORS)
    options.add_argument("--sources", type=int, default=SOURCES)
    options.add_argument("--only", choices=("sqlite", "postgresql"))
    asked = options.parse_args()
    catalog = wide(asked.indicators, asked.sources, load(ROOT))
    print(
        f"{asked.rows:,} entries, {asked.indicators} indicators, {asked.sources} sources; {os.cpu_count()} processors"
    )
    with tempfile.TemporaryDirectory(prefix="iwscore-bench-") as made:
        if asked.only != "postgresql":
            measure("SQLite", str(Path(made) / "log.db"), catalog, asked)
        with server(Path(made)) if asked.only != "sqlite" else nullcontext() as url:
            if url is not None:
                measure("PostgreSQL", url, catalog, asked)


if __name__ == "__main__":
    main()
