"""Who does a long job: the options, and the executor they name.

Here belongs that choice alone. What an executor is belongs to ``services.executors``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from iwscore.errors import QuestionError

if TYPE_CHECKING:
    from iwscore.services.executors import Executor

__all__ = ["ExecutorName", "SchedulerAddress", "WorkerCount", "executor_of"]

ExecutorName = Annotated[
    Literal["local", "dask"], typer.Option("--executor", help="Who answers: this machine, or a Dask cluster.")
]
SchedulerAddress = Annotated[
    str | None,
    typer.Option(
        "--scheduler",
        metavar="ADDRESS",
        help="The cluster's scheduler, tcp://HOST:PORT or tls://HOST:PORT [default: a cluster on this machine].",
    ),
]
WorkerCount = Annotated[
    int | None,
    typer.Option(
        "--workers", min=1, metavar="N", help="Processes on this machine [default: 1; with --executor dask its cores]."
    ),
]


def executor_of(name: Literal["local", "dask"], scheduler: str | None, workers: int | None) -> Executor:
    """Return the executor that is asked for; it starts nothing until it has work.

    Raises
    ------
    QuestionError
        IW545 where the options do not go together.
    """
    from iwscore.services.executors import here, processes

    if name == "local":
        if scheduler is not None:
            raise QuestionError(
                "IW545", "a scheduler alone", scheduler, "must come with --executor dask", "Give --executor dask."
            )
        return processes(workers) if workers and workers > 1 else here
    if scheduler is not None and workers is not None:
        raise QuestionError(
            "IW545", "workers of a cluster", str(workers), "must be started there, not here", "Leave out --workers."
        )
    from iwscore.services.clusters import cluster

    return cluster(scheduler, workers=workers)
