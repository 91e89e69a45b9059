"""Segments: the columns of many entries in one piece, beside the entries themselves.

Here belong writing and reading them. They say nothing that the entries do not say, and are written in the same
transaction; a question reads them instead of the rows, and ``store.verifying`` holds them against the rows.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

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
_BEFORE = sa.select(sa.func.max(segments.c.first)).where(segments.c.first <= sa.bindparam("due"))
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


def read_segments(connection: sa.Connection, *, due: int = 1) -> Iterator[tuple[int, int, bytes]]:
    """Yield place of the first entry, number of entries and packed columns of each segment, in order.

    The first one is that with the entry that is due, or the one before it.
    """
    after = (connection.execute(_BEFORE, {"due": due}).scalar() or 1) - 1
    while (row := connection.execute(_NEXT, {"after": after}).first()) is not None:
        after, count, packed = row
        yield after, count, packed


def unpack(packed: bytes, names: Sequence[str] = READ) -> Block:
    """Return those of the columns that were packed.

    Raises
    ------
    ValueError
        If they are not what ``write_segment`` has packed.
    """
    try:
        options = ipc.IpcReadOptions(included_fields=sorted(map(READ.index, names)))
        with ipc.open_stream(pa.py_buffer(packed), options=options) as stream:
            batch = stream.read_next_batch()
        return {name: batch.column(name) for name in names}
    except (pa.ArrowException, KeyError, OSError, StopIteration) as error:
        raise ValueError(f"not a segment: {error}") from error


def read_columns(
    database: Database, connection: sa.Connection, *, after: int = 0, names: Sequence[str] = READ
) -> Iterator[Block]:
    """Yield those columns of all entries behind a place, in order: segments, and rows where there is none."""
    due = after + 1
    for first, count, coming in _unpacking(read_segments(connection, due=due), names):
        if first + count <= due:
            continue
        if due < first:
            yield from _rows(database, connection, due, first - 1, names)
            due = first
        try:
            block = coming.result()
        except ValueError as error:
            raise damaged(database, f"segment {first}") from error
        yield {name: column.slice(due - first) for name, column in block.items()} if first < due else block
        due = first + count
    last = connection.execute(sa.select(sa.func.max(entries.c.seq))).scalar() or 0
    yield from _rows(database, connection, due, last, names)


def _rows(
    database: Database, connection: sa.Connection, first: int, last: int, names: Sequence[str]
) -> Iterator[Block]:
    """Yield entries by their rows, each query read to its end: whoever takes them may ask something in between."""
    for start in range(first, last + 1, SIZE):
        yield from list(database.blocks(connection, _query(start, min(start + SIZE - 1, last), names)))


def _unpacking(
    packed: Iterator[tuple[int, int, bytes]], names: Sequence[str]
) -> Generator[tuple[int, int, Future[Block]], None, None]:
    """Yield segments that are being unpacked; while one is used the next one is."""
    with ThreadPoolExecutor(1) as pool:
        jobs = ((first, count, pool.submit(unpack, content, names)) for first, count, content in packed)
        before = next(jobs, None)
        while before is not None:
            coming = next(jobs, None)
            yield before
            before = coming


def _query(first: int, last: int, names: Sequence[str] = READ) -> sa.Select[tuple[int]]:
    query = sa.select(*(entries.c[name] for name in names))
    return query.where(entries.c.seq.between(first, last)).order_by(entries.c.seq)


def _compact(column: pa.Array) -> pa.Array:
    """Return a column of text with each distinct text kept once."""
    return column.dictionary_encode() if types.is_large_string(column.type) else column
