"""Executors: who answers the questions of a job, here or in processes beside this one.

Here belong the shape of an executor and those of this machine. A cluster belongs to ``services.clusters``, what is
asked to ``services.rescoring``, what a worker does to ``core.workers``.

An executor is called with tasks and gives the key and the answers of each as they come, in any order. It takes tasks
as it has room for them, so that few are in memory at any time, and lets go of all it holds when it is closed.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Collection, Generator, Hashable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from typing import Any, TypeVar

from iwscore.core.answering import Answers
from iwscore.core.workers import Asked, Worked, narrow, work
from iwscore.errors import Unreachable

__all__ = ["Done", "Executor", "Task", "here", "in_flight", "processes"]

_IN_HAND = 2  # tasks for each worker: one it does, one that waits for it


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """Questions that are answered in one go, and whose they are: ``key`` stays here."""

    key: Any
    asked: Asked


Done = tuple[Any, tuple[Answers, ...]]
Executor = Callable[[Iterable[Task]], Generator[Done, None, None]]
F = TypeVar("F", bound=Hashable)


def here(tasks: Iterable[Task]) -> Generator[Done, None, None]:
    """Do the tasks one after another in this process."""
    for task in tasks:
        yield task.key, work(task.asked).answers


def processes(workers: int) -> Executor:
    """Return an executor that has so many processes at work, fresh interpreters that end when this one does.

    They are processes, not threads: two threads hand the interpreter's lock to and fro and are no faster than one.

    Raises
    ------
    Unreachable
        Once it works: IW456 where a process dies.
    """

    def do(tasks: Iterable[Task]) -> Generator[Done, None, None]:
        fresh = multiprocessing.get_context("spawn")
        pool = ProcessPoolExecutor(workers, mp_context=fresh, initializer=_begin)
        try:
            for key, future in in_flight(tasks, lambda: workers, lambda asked: pool.submit(work, asked), _first):
                yield key, future.result().answers
        except BrokenProcessPool as error:
            raise Unreachable(
                "IW456", "worker has died", None, "must be let live, with memory enough",
                "Ask again, with fewer --workers: what is done is kept.",
            ) from error  # fmt: skip
        finally:
            pool.shutdown(cancel_futures=True)

    return do


def in_flight(
    tasks: Iterable[Task],
    workers: Callable[[], int],
    submit: Callable[[Asked], F],
    first: Callable[[Collection[F]], Collection[F]],
) -> Iterator[tuple[Any, F]]:
    """Yield the key and the future of each task once it is done, with no more of them under way than keep all busy.

    Parameters
    ----------
    tasks
        Taken one at a time.
    workers
        How many there are to keep busy; that may change.
    submit, first
        What starts a task, and what waits until some of those started are done.
    """
    waiting = iter(tasks)
    keys: dict[F, Any] = {}
    task = next(waiting, None)
    while task or keys:
        room = max(workers(), 1) * _IN_HAND
        while task and len(keys) < room:
            keys[submit(narrow(task.asked))] = task.key
            task = next(waiting, None)
        for future in first(keys):
            yield keys.pop(future), future


def _first(futures: Collection[Future[Worked]]) -> Collection[Future[Worked]]:
    return wait(futures, return_when=FIRST_COMPLETED).done


def _begin() -> None:
    """Leave it to the process that started this one when to end, and end with it when it is killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent:
        parent.join()
        os._exit(1)
