"""Processes beside this one make the same bytes, are kept busy and no more, and end with it."""

import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import Future
from pathlib import Path

import pytest

from iwscore.core.workers import Asked
from iwscore.errors import Unreachable
from iwscore.services.executors import Task, here, in_flight, processes
from tests.oracle.plain import AT
from tests.services.jobs import DAY, Making, several
from tests.services.telling import Told

LONG = {"step": "1h", "end": AT + 700 * DAY}  # three tasks, of two parts each
# What a process started by hand does: the long job, by two processes, telling when answers are in.
SCRIPT = """
import sys
from pathlib import Path
from iwscore.services.executors import processes
from tests.services.jobs import Making, several
from tests.services.telling import Told
from tests.services.test_executors import LONG

if __name__ == "__main__":
    home = Path(sys.argv[1])
    making = Making(several(lambda world: Told.of(world, home)), home / "history.parquet", LONG)
    making.make(executor=processes(2), told=lambda done, rows: print(done, flush=True))
"""


@pytest.fixture
def making(tell: Callable[..., Told], tmp_path: Path) -> Making:
    return Making(several(tell), tmp_path / "history.parquet", LONG)


def test_processes_make_the_same_bytes(making: Making) -> None:
    whole = making.manifest()
    making.out.unlink()
    said: list[int] = []
    assert making.manifest(executor=processes(2), told=lambda done, rows: said.append(done)) == whole
    assert (said, said[-1]) == (sorted(said), whole.rows)
    assert multiprocessing.active_children() == []


def test_where_a_process_dies_the_job_goes_on_from_what_is_done(making: Making) -> None:
    whole = making.manifest().sha256
    making.out = making.out.with_name("again.parquet")

    def kill(done: int, rows: int) -> None:
        for process in multiprocessing.active_children() if done else ():
            process.kill()

    with pytest.raises(Unreachable, match=r"^IW456 worker has died; must be let live, with memory enough\. Ask again"):
        making.make(executor=processes(2), told=kill)
    receipt = making.make(executor=processes(2))
    assert receipt.resumed > 0
    assert receipt.manifest.sha256 == whole


def test_processes_end_when_the_one_that_started_them_is_killed(tmp_path: Path) -> None:
    """They have its standard output in their hands: that ends once all of them have ended."""
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    path = {"PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(
        [sys.executable, script, tmp_path], stdout=subprocess.PIPE, env=os.environ | path, encoding="utf-8"
    ) as process:
        assert process.stdout
        begun, first = process.stdout.readline(), process.stdout.readline()
        assert 0 == int(begun) < int(first)
        process.kill()
        process.stdout.read()
    assert process.returncode == -signal.SIGKILL


@pytest.mark.parametrize("workers", [0, 1, 3])
def test_no_more_tasks_are_under_way_than_keep_all_busy(workers: int) -> None:
    taken: list[int] = []
    under_way: list[int] = []

    def tasks() -> Iterator[Task]:
        for number in range(20):
            taken.append(number)
            yield Task(number, [])

    def start(asked: Asked) -> Future[None]:
        under_way.append(1)
        return Future()

    def first(futures: Collection[Future[None]]) -> Collection[Future[None]]:
        assert len(futures) <= 2 * max(workers, 1)
        assert len(taken) <= 20 - (20 - sum(under_way)) + 1
        return list(futures)[-1:]

    keys = [key for key, _ in in_flight(tasks(), lambda: workers, start, first)]
    assert sorted(keys) == list(range(20))


def test_here_tasks_are_done_one_at_a_time() -> None:
    taken: list[int] = []

    def tasks() -> Iterator[Task]:
        for number in range(2):
            taken.append(number)
            yield Task(number, [])

    assert [(key, answers, list(taken)) for key, answers in here(tasks())] == [(0, (), [0]), (1, (), [0, 1])]
