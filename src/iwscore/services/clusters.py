"""Clusters: the questions of a job answered by the workers of a Dask cluster.

Here belongs all that knows Dask. The cluster holds the tasks under way and nothing else: each is sent with all it
needs, so that it can be done anew where a worker is lost, and is forgotten once its answers are here.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Generator, Iterable, Iterator
from concurrent.futures import CancelledError
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

from iwscore.core.workers import Worked, versions
from iwscore.errors import Unreachable
from iwscore.services.executors import Done, Executor, Task, in_flight

if TYPE_CHECKING:
    from distributed import Client, Future, LocalCluster

__all__ = ["cluster", "started"]

# A subject with millions of reports is a large task, and meant to be one.
_CONFIG = {"distributed.admin.large-graph-warning-threshold": "1 TiB"}
# Dask has workers give memory back at once, and so take it anew from the system at every step of an answer.
_ENVIRON = {"distributed.nanny.pre-spawn-environ": {"OMP_NUM_THREADS": 1, "OPENBLAS_NUM_THREADS": 1}}
_HERE: dict[str, Any] = {
    "threads_per_worker": 1,
    "host": "127.0.0.1",
    "silence_logs": logging.ERROR,
    "scheduler_kwargs": {"dashboard": False, "dashboard_address": "127.0.0.1:0"},
}


def cluster(scheduler: str | None = None, *, workers: int | None = None) -> Executor:
    """Return an executor on the cluster of a scheduler; without one, on a cluster that it starts on this machine.

    Parameters
    ----------
    scheduler
        Its address: ``tcp://host:port`` or ``tls://host:port``.
    workers
        How many processes a cluster on this machine has; None is one a core.

    Raises
    ------
    Unreachable
        Once it works: IW455 where the scheduler does not answer, or is lost before the job is done; IW456 where a
        worker cannot do the job; IW457 where Dask is not installed.
    """

    def do(tasks: Iterable[Task]) -> Generator[Done, None, None]:
        with _client(scheduler, workers) as client:
            yield from _on(client, tasks)

    return do


@contextmanager
def started(workers: int | None) -> Iterator[LocalCluster]:
    """Lend a cluster on this machine that nobody else can reach; None is one worker a core."""
    import dask
    from distributed import LocalCluster

    with dask.config.set(_ENVIRON), LocalCluster(n_workers=workers, **_HERE) as one:
        yield one


@contextmanager
def _client(scheduler: str | None, workers: int | None) -> Iterator[Client]:
    try:
        import dask
        from distributed import Client
        from distributed.comm import get_address_host_port
    except ImportError as error:
        raise Unreachable(
            "IW457", "Dask is missing", str(error), "must be installed", "Install iwscore[dask]."
        ) from error
    with ExitStack() as stack:
        stack.enter_context(dask.config.set(_CONFIG))
        try:
            if scheduler is not None:
                get_address_host_port(scheduler, strict=True)
            place = scheduler or stack.enter_context(started(workers))
            client = stack.enter_context(Client(place, set_as_default=False))
        except (OSError, ValueError) as error:
            raise Unreachable(
                "IW455", "no cluster", scheduler, "must be a Dask scheduler that answers", "Check --scheduler.",
            ) from error  # fmt: skip
        yield client


def _on(client: Client, tasks: Iterable[Task]) -> Iterator[Done]:
    from distributed import wait
    from distributed.protocol.pickle import dumps

    answers = _by_value()

    def threads() -> int:
        with _there():
            if client.status != "running":
                raise OSError("the connection to the scheduler is gone")
            return sum(client.nthreads().values())

    def submit(asked: Any) -> Future:
        with _there():
            return client.submit(answers, dumps(asked), pure=False)

    def first(futures: Collection[Future]) -> Collection[Future]:
        with _there(), client.as_current():
            done: Collection[Future] = wait(list(futures), return_when="FIRST_COMPLETED").done
        return done

    for key, future in in_flight(tasks, threads, submit, first):
        with _there():
            worked = _result(future)
        yield key, worked.answers


@contextmanager
def _there() -> Iterator[None]:
    """Turn what Dask raises where the scheduler is gone into a refusal, IW455."""
    try:
        yield
    except (CancelledError, OSError) as error:
        raise Unreachable(
            "IW455", "cluster was lost", str(error) or None, "must be there until the job is done",
            "Ask again: what is done is kept.",
        ) from error  # fmt: skip


def _by_value() -> Callable[[bytes], Worked]:
    """Return what a worker is sent to do: a function that Dask can only send as code, as it has no place of its own.

    So the scheduler need not have iwscore, and a worker that lacks it fails at the task, not at reading what it is
    sent, of which it would die.
    """

    def answers(asked: bytes) -> Worked:
        from distributed.protocol.pickle import loads

        from iwscore.core.workers import work

        return work(loads(asked))

    return answers


def _result(future: Future) -> Worked:
    """Return what a worker made, if its last digit is this machine's."""
    error = future.exception()
    if error is not None:
        reason = f"{type(error).__name__}: {error}"
        raise _unfit(reason) from error
    worked: Worked = future.result()
    if worked.versions != versions():
        raise _unfit(", ".join(f"{name} {number}" for name, number in worked.versions.items()))
    return worked


def _unfit(reason: str) -> Unreachable:
    here = ", ".join(f"{name} {number}" for name, number in versions().items())
    return Unreachable(
        "IW456", "worker cannot do the job", reason, f"every one must have {here}, and memory enough",
        "Mend it and ask again: what is done is kept.",
    )  # fmt: skip
