"""The limit: nothing that reads the job's columns can be quicker than a copy of them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from benchmarks.peers.jobs import Job
from iwscore.core.bundles import Floats


def loaded(job: Job, threads: int) -> Callable[[], Floats]:
    """Copy into arrays whose pages are there already."""
    assert threads == 1
    columns = job.columns
    copies = {name: column.copy() for name, column in columns.items()}

    def answer() -> Floats:
        for name, column in columns.items():
            np.copyto(copies[name], column)
        return np.zeros(0)

    return answer
