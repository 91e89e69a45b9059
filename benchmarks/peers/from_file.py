"""A whole process that does the evidence part alone from a Parquet file with duckdb, and writes it as a .npy file.

Its arguments: observations, threads, what to write. What it knows of the catalog it makes anew, which is
quicker than reading the YAML.
"""

from __future__ import annotations

import sys

import numpy as np
import pyarrow as pa

from benchmarks.peers.in_duckdb import answer, connected
from benchmarks.peers.jobs import job

# Two joins on texts that are dictionaries in the file: duckdb compares each of their words once.
READ = """
(select epoch_us(observed_at) - epoch_us(timestamptz '2005-01-01 00:00:00Z') as observed_at, channels.indicator,
  channels.level, sources.source, rank, log_nats, rate
from read_parquet('{file}') as told
join signs on signs.name = told.indicator
join sources on sources.name = told.source
join channels on channels.indicator = signs.indicator and channels.level = right(told.level, 1)::tinyint
join grades on grades.letter = ascii(told.grade) - 65 and grades.digit = right(told.grade, 1)::tinyint - 1)
"""


def main() -> None:
    file, threads, out = sys.argv[1:]
    asked = job(0)
    connection = connected(asked, int(threads))
    names = {
        "signs": {"indicator": np.arange(100, dtype=np.int16), "name": [f"sign-{i}" for i in range(100)]},
        "sources": {"source": np.arange(asked.sources), "name": [f"source-{n}" for n in range(asked.sources)]},
    }
    for name, columns in names.items():
        connection.register("named", pa.table(columns))
        connection.execute(f"create table {name} as select * from named")
    np.save(out, answer(connection, asked, READ.format(file=file)))
