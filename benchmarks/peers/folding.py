"""What the engines that answer in tables share: the small tables they look things up in, and the small last step."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from benchmarks.peers.jobs import DAY, Job
from iwscore.core.bundles import Floats


def tables(job: Job) -> dict[str, dict[str, NDArray[np.generic]]]:
    """Return what each grade is worth, and each level's channel and rate of fading, 1 / microsecond."""
    letters, digits = job.trust.shape
    indicator = np.repeat(np.arange(len(job.offsets) - 1), np.diff(job.offsets))
    return {
        "grades": {
            "letter": np.repeat(np.arange(letters, dtype=np.int8), digits),
            "digit": np.tile(np.arange(digits, dtype=np.int8), letters),
            "rank": job.cell_rank,
            "nats": job.cell_nats,
        },
        "channels": {
            "indicator": indicator.astype(np.int16),
            "level": (np.arange(job.channels) - job.offsets[indicator]).astype(np.int8),
            "channel": np.arange(job.channels, dtype=np.int32),
            "rate": np.log(2) / job.half_life_days / DAY,
        },
    }


def fold(place: NDArray[np.integer], change: Floats, job: Job) -> Floats:
    """Return the evidence, shape (T, C), from the sums of changes at ``day x C + channel``, later days left out."""
    found = np.zeros((job.days, job.channels))
    inside = place < found.size
    found.ravel()[place[inside]] = change[inside]
    left = np.exp2(-1 / job.half_life_days)
    for day in range(1, job.days):
        found[day] += found[day - 1] * left
    return found
