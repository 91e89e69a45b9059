"""Processes that write to a log and acknowledge each batch once the log has."""

import multiprocessing
import os
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from typing import Any

from iwscore.store.drafts import Drafts
from iwscore.store.logs import open_log
from tests.store.drafting import sound

Acknowledged = tuple[int, int, int]  # first entry, entries, the batch's number in its writer

# Imported once: a writer is then forked from a process that has no connection to anything.
CONTEXT: ForkServerContext = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(["tests.faults.writing", "iwscore.store.sqlite", "iwscore.store.postgresql"])


def clock() -> int:
    """Return the time in microseconds."""
    return time.time_ns() // 1000


def batch(author: str, number: int, size: int) -> Drafts:
    """Return the drafts of a writer's batch."""
    return Drafts.of([sound(external_id=f"{author}-{number}-{place}") for place in range(size)])


def write(url: str, author: str, batches: int, largest: int, acknowledge: Connection) -> None:
    """Record so many batches of up to ``largest`` entries; acknowledge each when the log has taken it."""
    sizes = random.Random(author)
    with open_log(url, clock=clock) as log:
        for number in range(batches):
            size = sizes.randint(1, largest)
            receipt = log.append(batch(author, number, size), author=author, reason="watch")
            acknowledge.send((receipt.first, receipt.entries, number))


@contextmanager
def writer(url: str, author: str, *, batches: int = 10**9, largest: int = 1) -> Iterator[tuple[Connection, int]]:
    """Start a process that writes; yield where it acknowledges and its process id. It is gone afterwards."""
    receiving, sending = CONTEXT.Pipe(duplex=False)
    process = CONTEXT.Process(target=write, args=(url, author, batches, largest, sending))
    process.start()
    sending.close()
    try:
        yield receiving, process.pid or os.getpid()
    finally:
        process.kill()
        process.join()
        receiving.close()


def together(count: int, ask: Callable[..., None], *arguments: object) -> list[Any]:
    """Ask the same in so many processes at once; ``ask`` sends its answer to the connection it is handed last."""
    pipes = [CONTEXT.Pipe(duplex=False) for _ in range(count)]
    processes = [CONTEXT.Process(target=ask, args=(*arguments, sending)) for _, sending in pipes]
    for process in processes:
        process.start()
    answers = [receiving.recv() for receiving, _ in pipes]
    for process, pair in zip(processes, pipes, strict=True):
        process.join()
        for end in pair:
            end.close()
    return answers


def received(connection: Connection) -> Iterator[Acknowledged]:
    """Yield what a writer acknowledges until it is gone."""
    while True:
        try:
            yield connection.recv()
        except (EOFError, OSError):
            return
