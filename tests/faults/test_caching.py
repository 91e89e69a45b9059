"""The cache of columns under kill -9 and under many processes: what is read is always what the log says."""

import os
import random
import signal
import time
from multiprocessing.connection import Connection
from pathlib import Path

from iwscore.store import collecting, piecing
from iwscore.store.logs import open_log
from tests.faults.writing import CONTEXT, clock
from tests.store.compared import hold_together
from tests.store.drafting import opened, some

LONGEST_SECONDS = 0.1


def keep(url: str, caches: Path, rounds: int, answer: Connection) -> None:
    """Read the columns again and again from caches of small pieces, made anew time after time; say how often."""
    collecting.LEAST, piecing.ENTRIES = 1, 50
    with open_log(url, clock=clock, caches=caches) as log:
        for number in range(rounds):
            hold_together(log.columns(), log.observations())
            answer.send(number)
            for path in caches.iterdir() if number % 3 == 2 else ():
                path.write_bytes(b"iwscore" * number)


def started(url: str, caches: Path, rounds: int):
    receiving, sending = CONTEXT.Pipe(duplex=False)
    process = CONTEXT.Process(target=keep, args=(url, caches, rounds, sending))
    process.start()
    sending.close()
    return process, receiving


def test_a_cache_whose_writer_was_killed_is_whole_or_made_anew(sqlite_url: str, tmp_path: Path, heavy: bool) -> None:
    caches, chance = tmp_path / "caches", random.Random(20221005)
    with opened(sqlite_url) as log:
        log.append(some(3000), author="ann", reason="watch")
        for _ in range(100 if heavy else 5):
            process, told = started(sqlite_url, caches, 10**9)
            told.recv()
            time.sleep(chance.uniform(0, LONGEST_SECONDS))
            os.kill(process.pid, signal.SIGKILL)
            process.join()
            told.close()
            with open_log(sqlite_url, clock=clock, caches=caches) as other:
                hold_together(other.columns(), log.observations())


def test_many_processes_keep_one_cache(url: str, tmp_path: Path, heavy: bool) -> None:
    with opened(url) as log:
        log.append(some(1000), author="ann", reason="watch")
    rounds = 60 if heavy else 6
    running = [started(url, tmp_path / "caches", rounds) for _ in range(3)]
    for process, told in running:
        assert [told.recv() for _ in range(rounds)] == list(range(rounds))
        process.join()
        told.close()
        assert process.exitcode == 0
