"""A file of observations in portions of a bounded size, each a table of its own, numbered over the whole file.

Here belong where a file can be cut and how rows are counted on. What is in a portion belongs to the readers of the
formats, what its cells mean to ``store.rows``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

import numpy as np
import pyarrow as pa
from pyarrow import parquet

from iwscore.errors import QuestionError, Unreachable
from iwscore.store.comma_rows import read_comma_rows
from iwscore.store.json_lines import read_json_lines
from iwscore.store.parquet_columns import said_of, settle_columns
from iwscore.store.tables import Table, faulty_table
from iwscore.store.wordings import WORDINGS

__all__ = ["Portion", "read_portions"]

_BYTES = 1 << 23
_ROWS = 1 << 16
_LONGEST = 1 << 25  # of a stretch without an end of a row; the readers say what is wrong with a longer one
_BOM = b"\xef\xbb\xbf"
_ROW_ENDS = re.compile(rb"\r\n|\n|\r")
_QUOTE, _NEWLINE = b'"\n'


@dataclass(frozen=True, slots=True, eq=False)
class Portion:
    """Some of a file's rows, and the share of the file (0 to 1) that is read with them.

    A portion that is ``final`` ends the file: one of the table's faults says why.
    """

    table: Table
    done: float

    @property
    def final(self) -> bool:
        """Whether the table is that of a file that could not be split into rows."""
        return self.table.lost and not self.table.columns and not self.table.optional_cells


def read_portions(path: Path, size: int = _BYTES) -> Iterator[Portion]:
    """Return the file's rows, read as its suffix says, in portions of about ``size`` bytes.

    Raises
    ------
    QuestionError
        If the suffix is none that is read.
    Unreachable
        If there is no such file or it may not be read.
    """
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        what, must, remedy = WORDINGS["IW300"]
        raise QuestionError("IW300", what, str(path), must, remedy)
    try:
        with path.open("rb") as file:
            yield from reader(str(path), file, max(path.stat().st_size, 1), size)
    except OSError as error:
        what, must, remedy = WORDINGS["IW301"]
        raise Unreachable("IW301", what, f"{path}: {error.strerror or error}", must, remedy) from error


def _comma_portions(name: str, file: IO[bytes], total: int, size: int) -> Iterator[Portion]:
    header, held, top, before = b"", b"", 0, 0
    for stretch, done in _stretches(file, total, size, _last_row_end):
        body = stretch
        if not header:
            held += stretch
            content = held.removeprefix(_BOM)
            body = content.lstrip(b"\r\n")
            end = _first_row_end(body)
            if not end:
                continue
            top = before = len(_ROW_ENDS.findall(content[: len(content) - len(body)])) + 1
            header, body = body[:end], body[end:]
        portion = Portion(_renumbered(read_comma_rows(name, header + body), before - 1, header=top), done)
        yield portion
        if portion.final:
            return
        before += _count_rows(body)
    if not header:  # at most a header, whose row does not end
        yield Portion(read_comma_rows(name, held), 1.0)


def _line_portions(name: str, file: IO[bytes], total: int, size: int) -> Iterator[Portion]:
    before = 0
    for stretch, done in _stretches(file, total, size, lambda part: part.rfind(b"\n") + 1):
        yield Portion(_renumbered(read_json_lines(name, stretch), before, header=0), done)
        before += stretch.count(b"\n")


def _row_groups(name: str, file: IO[bytes], total: int, size: int) -> Iterator[Portion]:
    """Yield a Parquet file's rows; its portions are counted in rows."""
    before = 0
    try:
        content = parquet.ParquetFile(file)
        rows = max(content.metadata.num_rows, 1)
        for batch in content.iter_batches(batch_size=max(min(size // 128, _ROWS), 1)):
            table = settle_columns(name, pa.Table.from_batches([batch]), before)
            before += batch.num_rows
            yield Portion(table, before / rows)
        if not before:
            yield Portion(settle_columns(name, content.schema_arrow.empty_table(), 0), 1.0)
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        yield Portion(faulty_table(name, [said_of(name, error)]), 1.0)


_READERS: dict[str, Callable[[str, IO[bytes], int, int], Iterator[Portion]]] = {
    ".csv": _comma_portions,
    ".jsonl": _line_portions,
    ".ndjson": _line_portions,
    ".parquet": _row_groups,
}


def _stretches(
    file: IO[bytes], total: int, size: int, last_end: Callable[[bytes], int]
) -> Iterator[tuple[bytes, float]]:
    """Yield the file's bytes in stretches of whole rows, with the share read; an empty file is one empty stretch."""
    rest, read, any_yet = b"", 0, False
    while chunk := file.read(size):
        read += len(chunk)
        rest += chunk
        end = last_end(rest) or (len(rest) if len(rest) > max(_LONGEST, 4 * size) else 0)
        if end:
            yield rest[:end], min((read - len(rest) + end) / total, 1.0)
            rest, any_yet = rest[end:], True
    if rest or not any_yet:
        yield rest, 1.0


def _last_row_end(part: bytes) -> int:
    """Return where the last whole row ends, 0 where none does; a final carriage return may have more to it."""
    quotes, end = part.count(b'"'), len(part)
    while True:
        place = max(part.rfind(b"\n", 0, end), part.rfind(b"\r", 0, min(end, len(part) - 1)))
        if place < 0:
            return 0
        quotes -= part.count(b'"', place, end)
        if quotes % 2 == 0:
            return place + 1
        end = place


def _first_row_end(body: bytes) -> int:
    """Return where the first row ends, 0 where it does not."""
    ends = (match.end() for match in _ROW_ENDS.finditer(body))
    return next((end for end in ends if body.count(b'"', 0, end) % 2 == 0), 0)


def _count_rows(body: bytes) -> int:
    """Return how many rows end in the body; an end in quotes is none."""
    if b"\r" in body:
        return len(_ROW_ENDS.findall(b'"'.join(body.split(b'"')[::2])))
    if b'"' not in body:
        return body.count(b"\n")
    signs = np.frombuffer(body, dtype=np.uint8)
    quotes, ends = np.flatnonzero(signs == _QUOTE), np.flatnonzero(signs == _NEWLINE)
    return int(np.count_nonzero(np.searchsorted(quotes, ends) % 2 == 0))


def _renumbered(table: Table, before: int, *, header: int) -> Table:
    """Return the table with its rows counted on from those ``before``; the header keeps its own row."""
    if not before:
        return table

    def place(row: int) -> int:
        if row <= 1 and header:
            return row * header
        return row + before if row else 0

    faults = [replace(fault, line=place(fault.line)) for fault in table.faults]
    spoilt = {(place(row), name) for row, name in table.spoilt}
    return replace(table, rows=table.rows + before, faults=faults, spoilt=spoilt)
