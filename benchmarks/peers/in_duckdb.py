"""The job as one query of duckdb, with windows over each source's reports on an indicator.

Tried beside it and no quicker: runs counted by nested windows, frames bounded by expressions, streaming windows over a
sorted table with the running maximum in fixed point, and two unions in place of the pair that is unnested.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from benchmarks.peers.folding import fold, tables
from benchmarks.peers.jobs import DAY, Job
from iwscore.core.bundles import Floats

# A turn orders the reports of one source on one indicator: time, then trust, then level. What is left of a report
# at any time is exp(strength - time * rate), so the greatest strength of a run stays the greatest.
GRADED = "reports join grades using (letter, digit) join channels using (indicator, level)"
EVIDENCE = """
with told as (
  select indicator::int * {sources} + source::int as key, level, (observed_at * 64 + rank) * 4 + level as turn,
    log_nats + observed_at * rate as strength
  from {reports}
), runs as (
  select *, lead(turn) over told_by as stop,
    rank() over told_by - rank() over (partition by key, level order by turn) as run
  from told window told_by as (partition by key order by turn)
), best as (
  select key, level, turn, stop, max(strength) over (partition by key, level, run order by turn) as strength from runs
), stands as (
  select channel, rate * {day} as rate, strength, (turn // 256 + {day} - 1) // {day} - 1 as first,
    coalesce((stop // 256 + {day} - 1) // {day} - 1, {days}) as last
  from best join channels on channels.indicator = key // {sources} and channels.level = best.level
  where strength is not null
), changes as (
  select channel, unnest([first, last]) as day,
    unnest([exp(strength - (first + 1) * rate), -exp(strength - (last + 1) * rate)]) as change
  from stands where first < last
)
select (day * {channels} + channel)::int as place, sum(change) as change from changes group by place
"""


def loaded(job: Job, threads: int) -> Callable[[], Floats]:
    """Put the columns into a table of its own, and return the query over it."""
    connection = connected(job, threads)
    connection.register("columns", pa.table(job.columns))
    connection.execute("create table reports as select * from columns")
    return lambda: answer(connection, job, GRADED)


def connected(job: Job, threads: int) -> Any:
    """Return a database of grades and channels."""
    connection = duckdb.connect(config={"threads": threads})
    connection.execute("set enable_progress_bar = false")
    for name, columns in tables(job).items():
        connection.register("made", pa.table(columns))
        connection.execute(f"create table {name} as select * from made")
    # No logarithm of a worthless grade: it replaces, and is no maximum of anything.
    connection.execute("alter table grades add log_nats double")
    connection.execute("update grades set log_nats = ln(nats) where nats > 0")
    return connection


def answer(connection: Any, job: Job, reports: str) -> Floats:
    """Shape (T, C)."""
    query = EVIDENCE.format(reports=reports, sources=job.sources, day=DAY, days=job.days, channels=job.channels)
    found = connection.execute(query).fetchnumpy()
    return fold(found["place"], np.asarray(found["change"]), job)
