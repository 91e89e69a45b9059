"""The service under load, from this machine: polls, trends, event streams, and all of it together for a while.

Ratios are to an empty FastAPI handler that is asked in the same run, in turn, in rounds; each is one process. The
service is the real ``iwscore serve`` on a log that is made for it.

    python -m benchmarks.bench_service [--rows N] [--rounds N] [--seconds S] [--streams N] [--minutes M]
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median, quantiles
from threading import Event, Thread
from time import perf_counter, sleep

import uvloop
from fastapi import FastAPI

from benchmarks.bench_columns import make
from benchmarks.bench_log import COMMAND, ROOT
from benchmarks.loads import Asking, Listening, ask, listen, request

PROBLEM = "/v1/problems/nato-border-pressure"
SUBJECT = "subject=belarus"
FIXED = f"{SUBJECT}&at=2023-12-31T00:00:00Z"  # the tag of the present changes with the minute
TREND = f"{PROBLEM}/trend?{SUBJECT}&from=2022-01-01T00:00:00Z&to=2023-12-31T00:00:00Z"
REPORT = {"indicator": "migrant-flights", "level": "few", "source": "khrenin", "grade": "C3", "subject": "belarus"}
empty = FastAPI(openapi_url=None)


@empty.get("/empty")
async def _nothing() -> dict[str, str]:
    return {}


@dataclass(frozen=True)
class Running:
    """A server that runs: its process and port."""

    process: subprocess.Popen[str]
    port: int

    @property
    def memory(self) -> float:
        """MB that it takes now."""
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


@contextmanager
def running(command: list[str], says: str) -> Iterator[Running]:
    """Run a server until the end of the block; ``says`` is what it says right before its address."""
    environment = os.environ | {"IWSCORE_RATE": "0"}
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment)
    assert process.stderr is not None
    line = next(line for line in process.stderr if says in line)
    Thread(target=lambda: [None for _ in process.stderr or ()], daemon=True).start()
    try:
        yield Running(process, int(line.split("127.0.0.1:")[1].split()[0].rstrip("/.)")))
    finally:
        process.terminate()
        process.wait()


def token(log: Path, name: str, role: str) -> str:
    """Return a new token."""
    words = ("token", "add", name, "--role", role, "--ceiling", "red", "--database", str(log))
    done = subprocess.run([*COMMAND, *words], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def sent(secret: str, number: int) -> bytes:
    """Return the request that records one more report."""
    report = REPORT | {"observed_at": "2023-12-30T00:00:00Z", "note": f"number {number}"}
    body = json.dumps({"observations": [report]}).encode()
    return request("/v1/observations", secret, method="POST", body=body)


def show(name: str, text: str) -> None:
    print(f"{name:58}{text}", flush=True)


def milliseconds(took: list[float]) -> str:
    """Return median, 99th percentile and largest."""
    cut = quantiles(took, n=100)[98] if len(took) > 1 else took[0]
    return f"median {1e3 * median(took):.1f}, p99 {1e3 * cut:.1f}, largest {1e3 * max(took):.1f} ms ({len(took)})"


def rates(service: Running, bare: Running, secret: str, rounds: int, seconds: float) -> None:
    """Poll in turn and tell answers a second as ratios to the empty handler."""
    zipped = "Accept-Encoding: gzip"
    first = ask(service.port, [request(f"{PROBLEM}/assessment?{FIXED}", secret, zipped)], connections=1, most=1)
    if not first.statuses[200]:
        raise SystemExit(f"{first.head.decode()}: {first.last.decode()}")
    tag = next(line for line in first.head.decode().split("\r\n") if line.lower().startswith("etag:")).split(" ", 1)[1]
    works = {
        "empty handler": (bare, request("/empty", "")),
        "304 of an assessment": (
            service, request(f"{PROBLEM}/assessment?{FIXED}", secret, zipped, f"If-None-Match: {tag}")
        ),
        "assessment, kept": (service, request(f"{PROBLEM}/assessment?{FIXED}", secret, zipped)),
        "trend, 730 times, 5 scenarios, kept, gzip": (service, request(TREND, secret, zipped)),
        "trend, 730 times, 5 scenarios, kept, plain": (service, request(TREND, secret)),
    }  # fmt: skip
    found: dict[str, list[float]] = {name: [] for name in works}
    seen: dict[str, Asking] = {}
    for number in range(rounds + 1):
        for name, (server, wanted) in works.items():
            begin = perf_counter()
            seen[name] = ask(server.port, [wanted], seconds=seconds if number else 0.5)
            if number:
                found[name].append(seen[name].statuses.total() / (perf_counter() - begin))
    bar = median(found["empty handler"])
    for name, each in found.items():
        size = seen[name].size // max(seen[name].statuses.total(), 1)
        statuses = dict(seen[name].statuses)
        show(name, f"{median(each):9,.0f}/s {median(each) / bar:6.2f}  {size:,} bytes  {statuses}")


def trends(service: Running, secret: str, records: int) -> None:
    """Ask a trend after each new entry, and on a grid that nobody has asked for."""
    known, new = Asking(), Asking()
    for number in range(records):
        done = ask(service.port, [sent(secret, number)], connections=1, most=1)
        assert done.statuses[201] == 1, done.last
        known.took += ask(service.port, [request(TREND, secret)], connections=1, most=1).took
        path = TREND.replace("T00:00:00Z&to", f"T00:{number % 60:02}:{number // 60 + 1:02}Z&to")
        answer = ask(service.port, [request(path, secret)], connections=1, most=1)
        assert answer.statuses[200] == 1, answer.last
        new.took += answer.took
    show("trend after a new entry, not kept", milliseconds(known.took))
    show("trend on a new grid, not kept", milliseconds(new.took))


def streams(service: Running, secret: str, count: int, records: int) -> None:
    """Open many event streams and record; tell memory, and how long until the last client is told."""
    before = service.memory

    async def run() -> tuple[Listening, list[float], list[float], float]:
        wanted = request(f"{PROBLEM}/stream?{SUBJECT}", secret, "Accept: text/event-stream")
        found = await listen(service.port, wanted, count)
        await _until(lambda: all(found.told), "the first event")
        memory, last, middle = service.memory, [], []
        loop = asyncio.get_running_loop()
        for number in range(records):
            await asyncio.sleep(0.2)
            begin = perf_counter()
            done = await loop.run_in_executor(None, ask_once, service.port, sent(secret, 1_000_000 + number))
            acknowledged = perf_counter()
            assert done.statuses[201] == 1, done.last
            await _until(partial(_told_since, found, begin), "an event after a record")
            waits = sorted(told - acknowledged for told in found.told)
            last.append(max(waits[-1], 0.0))
            middle.append(max(waits[len(waits) // 2], 0.0))
        return found, last, middle, memory

    found, last, middle, memory = uvloop.run(run())
    show(
        f"{count} event streams: memory", f"{before:.0f} -> {memory:.0f} MB; {found.events} events, {found.ended} ended"
    )
    show("  from acknowledged record to the last client", milliseconds(last))
    show("  to the client in the middle", milliseconds(middle))


def _told_since(found: Listening, begin: float) -> bool:
    return min(found.told) > begin


async def _until(holds: Callable[[], bool], what: str, seconds: float = 60.0) -> None:
    begin = perf_counter()
    while not holds():
        if perf_counter() - begin > seconds:
            raise SystemExit(f"{what} has not come within {seconds} s")
        await asyncio.sleep(0.002)


def ask_once(port: int, wanted: bytes) -> Asking:
    return ask(port, [wanted], connections=1, most=1)


def mixed(service: Running, secret: str, minutes: float) -> None:
    """Poll, write and listen for a while; tell errors and memory."""
    over, found = Event(), {"polls": Asking(), "writes": Asking(), "trends": Asking()}
    reads = [request(f"{PROBLEM}/{what}?{SUBJECT}", secret) for what in ("assessment", "rungs")]
    reads += [request("/v1/observations", secret), request("/v1/changes", secret), request("/metrics", secret)]

    def poll() -> None:
        while not over.is_set():
            _add(found["polls"], ask(service.port, reads, connections=8, seconds=5))

    def write() -> None:
        number = 2_000_000
        while not over.is_set():
            number += 1
            _add(found["writes"], ask_once(service.port, sent(secret, number)))
            sleep(0.05)

    def draw() -> None:
        while not over.is_set():
            _add(found["trends"], ask_once(service.port, request(TREND, secret)))
            sleep(0.5)

    async def hear() -> Listening:
        heard = await listen(service.port, request(f"{PROBLEM}/stream?{SUBJECT}", secret), 50)
        while not over.is_set():
            await asyncio.sleep(0.5)
        return heard

    threads = [Thread(target=each) for each in (poll, write, draw)]
    heard: list[Listening] = []
    threads.append(Thread(target=lambda: heard.append(asyncio.run(hear()))))
    for thread in threads:
        thread.start()
    memory, begin = [], perf_counter()
    while perf_counter() - begin < 60 * minutes:
        sleep(min(15.0, 6 * minutes))
        memory.append(service.memory)
    over.set()
    for thread in threads:
        thread.join()
    errors = sum(count for each in found.values() for status, count in each.statuses.items() if status >= 400)
    show(f"{minutes:g} minutes of mixed load: errors", f"{errors}, streams ended {heard[0].ended}")
    show("  memory, first and last", f"{memory[0]:.0f}, {memory[-1]:.0f} MB (largest {max(memory):.0f})")
    for name, each in found.items():
        show(f"  {name}", f"{dict(each.statuses)}, {milliseconds(each.took)}")


def _add(total: Asking, more: Asking) -> None:
    total.statuses += more.statuses
    total.took = (total.took + more.took)[-100_000:]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rows", type=int, default=1_000_000)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--seconds", type=float, default=3.0)
    options.add_argument("--records", type=int, default=200)
    options.add_argument("--streams", type=int, default=1000)
    options.add_argument("--minutes", type=float, default=10.0)
    asked = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="iwscore-bench-") as made:
        log = make(Path(made), asked.rows)
        reader, writer = token(log, "wall", "reader"), token(log, "desk", "analyst")
        bare = [
            sys.executable, "-m", "uvicorn", "benchmarks.bench_service:empty", "--port", "0", "--no-access-log"
        ]  # fmt: skip
        serve = [*COMMAND, "serve", "--port", "0", "--database", str(log), "--catalog", str(ROOT)]
        with running(serve, "Listening at") as service, running(bare, "running on") as other:
            print(f"{asked.rows:,} entries in the log; {os.cpu_count()} cores, generator on the same machine")
            rates(service, other, reader, asked.rounds, asked.seconds)
            trends(service, writer, asked.records)
            streams(service, writer, asked.streams, 20)
            if asked.minutes:
                mixed(service, writer, asked.minutes)


if __name__ == "__main__":
    main()
