"""The job by the letter of the method, report by report: slow, and nothing to get wrong."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from benchmarks.peers.jobs import DAY, Job
from iwscore.core.bundles import Floats


def evidence(job: Job, threads: int = 1) -> Floats:
    """Shape (T, C)."""
    assert threads == 1
    cell = 6 * job.letter.astype(int) + job.digit
    order = np.lexsort((job.level, job.cell_rank[cell], job.observed_at))
    nats, waiting = job.cell_nats[cell], list(order[::-1])
    standing: dict[tuple[int, int], list[int]] = defaultdict(list)
    found = np.zeros((job.days, job.channels))
    for day, time in enumerate(job.times):
        while waiting and job.observed_at[waiting[-1]] <= time:
            row = waiting.pop()
            word = standing[job.indicator[row], job.source[row]]
            if word and job.level[word[0]] != job.level[row]:
                word.clear()
            word.append(row)
        for (indicator, _), word in standing.items():
            channel = job.offsets[indicator] + job.level[word[0]]
            age = (time - job.observed_at[word]) / DAY
            found[day, channel] += (nats[word] * np.exp2(-age / job.half_life_days[channel])).max()
    return found
