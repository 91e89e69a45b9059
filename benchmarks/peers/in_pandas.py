"""The job in pandas: two sorts, shifts, a running maximum by run, and a sum by place.

Tried beside it and no quicker: one sort by two columns, and ``lexsort``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.peers.folding import fold
from benchmarks.peers.jobs import DAY, Job
from iwscore.core.bundles import Floats


def loaded(job: Job, threads: int) -> Callable[[], Floats]:
    assert threads == 1
    frame = pd.DataFrame(job.columns)
    return lambda: answer(frame, job)


def answer(frame: Any, job: Job) -> Floats:
    """Shape (T, C)."""
    reports = told(frame, job).sort_values("turn").sort_values("key", kind="stable", ignore_index=True)
    goes_on = reports.key.eq(reports.key.shift())
    run = (~(goes_on & reports.channel.eq(reports.channel.shift()))).cumsum()
    reports["strength"] = reports.strength.groupby(run, sort=False).cummax()
    reports["first"] = day(reports.turn)
    followed = np.append(goes_on.to_numpy()[1:], False)
    reports["last"] = np.where(followed, np.append(reports["first"].to_numpy()[1:], 0), job.days)
    stands = reports[(reports["first"] < reports["last"]) & (reports.strength > -np.inf)]
    changes = pd.concat([change(stands, name, sign, job) for name, sign in (("first", 1), ("last", -1))])
    summed = changes.groupby(level=0, sort=False).sum()
    return fold(summed.index.to_numpy(), summed.to_numpy(), job)


def told(frame: Any, job: Job) -> Any:
    """Return the reports with what orders them and what they are worth."""
    cell = 6 * frame.letter.to_numpy(np.int64) + frame.digit.to_numpy()
    channel = job.offsets[frame.indicator.to_numpy()] + frame.level.to_numpy()
    rate = (np.log(2) / job.half_life_days)[channel]
    with np.errstate(divide="ignore"):
        log_nats = np.log(job.cell_nats)
    return pd.DataFrame(
        {
            "key": frame.indicator.to_numpy(np.int32) * job.sources + frame.source.to_numpy(),
            "turn": (frame.observed_at.to_numpy() * 64 + job.cell_rank[cell]) * 4 + frame.level.to_numpy(),
            "channel": channel,
            "rate": rate,
            "strength": log_nats[cell] + frame.observed_at.to_numpy() * (rate / DAY),
        }
    )


def day(turn: Any) -> Any:
    """Place of the first midnight at or after a turn."""
    return (turn // 256 + DAY - 1) // DAY - 1


def change(stands: Any, name: str, sign: int, job: Job) -> Any:
    """Return what begins or ends, by place."""
    worth = sign * np.exp(stands.strength - (stands[name] + 1) * stands.rate)
    return pd.Series(worth.to_numpy(), index=(stands[name] * job.channels + stands.channel).to_numpy())
