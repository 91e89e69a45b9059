"""Answers out as Parquet: one schema and fixed settings, so that the same rows are the same bytes.

Here belong columns, types and the writer. Which answers are asked for belongs to ``services.rescoring``, how files
come to be whole to ``store.parts``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from iwscore.core.assessing import Assessed
from iwscore.core.bundles import Floats, Ints, Times
from iwscore.errors import Unreachable

__all__ = ["COLUMNS", "SCHEMA", "answer_table", "assemble", "encode", "rows_in", "tables_of"]

SCHEMA = pa.schema(
    [
        pa.field("at", pa.timestamp("us", tz="UTC"), nullable=False),
        pa.field("subject", pa.string(), nullable=False),
        pa.field("scenario", pa.string(), nullable=False),
        pa.field("likelihood", pa.float64(), nullable=False),
        pa.field("score", pa.float64()),
        pa.field("against", pa.float64()),
        pa.field("coverage", pa.float64()),
        pa.field("rung", pa.string()),
    ]
)
COLUMNS: tuple[str, ...] = tuple(SCHEMA.names)
_WRITER: dict[str, Any] = {
    "version": "2.6",
    "data_page_version": "1.0",
    "compression": "zstd",
    "compression_level": 3,
    "use_dictionary": ["at", "subject", "scenario", "coverage", "rung"],
    "write_statistics": True,
}
_KEY = b"iwscore"


def answer_table(
    subject: str, scenarios: Sequence[str], rungs: Sequence[str], times: Times, assessed: Assessed, rung: Ints
) -> pa.Table:
    """Return a row a time and scenario, in this order; ``rung`` holds places in ``rungs``, -1 without a ladder."""
    count, each = len(times) * len(scenarios), len(scenarios)
    held = np.repeat(rung, each)
    columns = [
        pa.array(np.repeat(times, each), pa.int64()).cast(SCHEMA.field("at").type),
        pa.repeat(subject, count),
        pa.array(scenarios, pa.string()).take(pa.array(np.tile(np.arange(each), len(times)))),
        pa.array(assessed.likelihood.ravel()),
        _measure(assessed.score.ravel()),
        _measure(assessed.against.ravel()),
        _measure(np.repeat(assessed.coverage, each)),
        pa.array(rungs, pa.string()).take(pa.array(held, mask=held < 0)) if rungs else pa.nulls(count, pa.string()),
    ]
    return pa.table(columns, schema=SCHEMA)


def _measure(values: Floats) -> pa.Array:
    """Return numbers in which what the list cannot tell is null."""
    return pa.array(values, mask=np.isnan(values))


def encode(tables: Sequence[pa.Table]) -> bytes:
    """Return the tables as one Parquet file of one row group."""
    sink = pa.BufferOutputStream()
    with pq.ParquetWriter(sink, SCHEMA, **_WRITER) as writer:
        writer.write_table(pa.concat_tables([SCHEMA.empty_table(), *tables]).combine_chunks())
    return bytes(sink.getvalue())


def assemble(target: Path, parts: Iterable[bytes], said: bytes) -> int:
    """Write files that ``encode`` made as one, a row group each, with ``said`` in its metadata; return its rows."""
    rows = 0
    with pq.ParquetWriter(target, SCHEMA.with_metadata({_KEY: said}), **_WRITER) as writer:
        for part in parts:
            table = pq.read_table(pa.BufferReader(part))
            writer.write_table(table, row_group_size=max(len(table), 1))
            rows += len(table)
    return rows


def rows_in(path: Path) -> int:
    """Return how many rows an output has.

    Raises
    ------
    Unreachable
        IW451 where it cannot be read or is no such file.
    """
    try:
        with pq.ParquetFile(path) as file:
            return int(file.metadata.num_rows)
    except (OSError, pa.ArrowException) as error:
        raise _unreadable(path) from error


def tables_of(path: Path, size: int) -> Iterator[pa.Table]:
    """Yield the rows of an output, ``size`` at a time; only the last may be fewer.

    Raises
    ------
    Unreachable
        IW451 where it cannot be read or is no such file.
    """
    kept: list[pa.RecordBatch] = []
    have = 0
    try:
        with pq.ParquetFile(path) as file:
            if not file.schema_arrow.equals(SCHEMA):
                raise pa.ArrowInvalid("other columns")
            for batch in file.iter_batches(batch_size=size):
                kept.append(batch)
                have += len(batch)
                if have >= size:
                    table = pa.Table.from_batches(kept)
                    yield table.slice(0, size)
                    kept, have = table.slice(size).to_batches(), have - size
    except (OSError, pa.ArrowException) as error:
        raise _unreadable(path) from error
    if have:
        yield pa.Table.from_batches(kept)


def _unreadable(path: Path) -> Unreachable:
    return Unreachable(
        "IW451", "output cannot be read", str(path), "must be a whole file that rescore wrote", "Write it anew."
    )
