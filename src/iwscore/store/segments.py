"""Segments: the columns of many entries in one piece, beside the entries themselves.

Here belong writing and reading them. They say nothing that the entries do not say, and are written in the same
transaction; a question reads them instead of the rows, and ``store.verifying`` holds them against the rows.
"""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa
import sqlalchemy as sa
from pyarrow import ipc, types

from iwscore.store.databases import Database, damaged
from iwscore.store.digests import Block
from iwscore.store.entries import TEXTS
from iwscore.store.schema import entries, segments

__all__ = ["LEAST", "READ", "SIZE", "cover", "read_columns", "read_segments", "unpack", "write_segment"]

SIZE = 1 << 16  # entries in a segment made of several batches
LEAST = 1 << 12  # from so many on, a part of a batch is a segment of its own
READ = ("seq", "batch", "id", "kind", "observed_at", "reported_at", "value", *TEXTS, "target", "reason")
_INSERT = sa.insert(segments)
_NEXT = sa.select(segments).where(segments.c.first > sa.bindparam("after")).order_by(segments.c.first).limit(1)
_OPTIONS = ipc.IpcWriteOptions(compression="zstd")


def write_segment(connection: sa.Connection, block: Block) -> None:
    """Keep the columns of consecutive entries."""
    columns = {name: _compact(block[name]) for name in READ}
    batch = pa.record_batch(list(columns.values()), names=list(columns))
    sink = pa.BufferOutputStream()
    with ipc.new_stream(sink, batch.schema, options=_OPTIONS) as stream:
        stream.write_batch(batch)
    content = sink.getvalue().to_pybytes()
    connection.execute(_INSERT, {"first": block["seq"][0].as_py(), "entries": len(batch), "columns": content})


def cover(database: Database, connection: sa.Connection, last: int) -> None:
    """Write segments for the entries up to that place that have none yet."""
    done = connection.execute(sa.select(sa.func.max(segments.c.first + segments.c.entries - 1))).scalar() or 0
    while done < last:
        upto = min(done + SIZE, last)
        query = _query(done + 1, upto)
        parts = list(database.blocks(connection, query))
        write_segment(connection, {name: pa.concat_arrays([part[name] for part in parts]) for name in READ})
        done = upto


def read_segments(connection: sa.Connection) -> Iterator[tuple[int, int, bytes]]:
    """Yield place of the first entry, number of entries and packed columns of each segment, in order."""
    after = 0
    while (row := connection.execute(_NEXT, {"after": after}).first()) is not None:
        after, count, packed = row
        yield after, count, packed


def unpack(packed: bytes) -> Block:
    """Return the columns that were packed.

    Raises
    ------
    ValueError
        If they are not what ``write_segment`` has packed.
    """
    try:
        with ipc.open_stream(pa.py_buffer(packed)) as stream:
            batch = stream.read_next_batch()
        return {name: batch.column(name) for name in READ}
    except (pa.ArrowException, KeyError, OSError, StopIteration) as error:
        raise ValueError(f"not a segment: {error}") from error


def read_columns(database: Database, connection: sa.Connection) -> Iterator[Block]:
    """Yield the columns of all entries in order: segments, and rows where there is none."""
    due = 1
    for first, count, packed in read_segments(connection):
        if due < first:
            yield from database.blocks(connection, _query(due, first - 1))
        try:
            yield unpack(packed)
        except ValueError as error:
            raise damaged(database, f"segment {first}") from error
        due = first + count
    yield from database.blocks(connection, _query(due, None))


def _query(first: int, last: int | None) -> sa.Select[tuple[int]]:
    query = sa.select(*(entries.c[name] for name in READ)).where(entries.c.seq >= first)
    if last is not None:
        query = query.where(entries.c.seq <= last)
    return query.order_by(entries.c.seq)


def _compact(column: pa.Array) -> pa.Array:
    """Return a column of text with each distinct text kept once."""
    return column.dictionary_encode() if types.is_large_string(column.type) else column
