"""Reports out of the log, in the columns of observations: CSV, JSON Lines or Parquet, in pages.

Here belong the three forms. The columns belong to ``store.pages``; what keeps a log whole, with both clocks, is a
dump, not an export.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Literal

import orjson
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import parquet, types

from iwscore.store.pages import EXPORTED, PAGE, page_schema
from iwscore.store.spreadsheets import comma_lines, instants

__all__ = ["EXPORTED", "FORMS", "Form", "writing"]

Form = Literal["csv", "jsonl", "parquet"]
FORMS: dict[str, Form] = {".csv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl", ".parquet": "parquet"}
Write = Callable[[Any], None]
_SCHEMA = page_schema(names=pa.string())
_TEXT = pa.large_string()
_NOTHING = pa.scalar("", _TEXT)


@contextmanager
def writing(out: IO[bytes] | Path, form: Form) -> Iterator[Write]:
    """Lend what writes pages to ``out``; Parquet needs a file."""
    if form == "parquet":
        with parquet.ParquetWriter(out, _SCHEMA, compression="zstd") as writer:
            yield lambda page: writer.write_table(page.cast(_SCHEMA))
        return
    if isinstance(out, Path):
        with out.open("wb") as file, writing(file, form) as write:
            yield write
        return
    if form == "csv":
        out.write(comma_lines(PAGE.empty_table(), header=True))
    yield (_put_rows if form == "csv" else _put_lines)(out)


def _put_rows(out: IO[bytes]) -> Write:
    def put(page: Any) -> None:
        out.write(comma_lines(page, header=False))

    return put


def _put_lines(out: IO[bytes]) -> Write:
    def put(page: Any) -> None:
        if len(page):
            out.write(_lines(page))

    return put


def _lines(page: Any) -> bytes:
    """Return each row as an object of JSON without what it leaves out; the author, whom all have, ends it."""
    *others, last = [
        pc.binary_join_element_wise(pa.scalar(f'"{name}":', _TEXT), _said(page[name].combine_chunks()), _NOTHING)
        for name in EXPORTED
    ]
    followed = [pc.binary_join_element_wise(one, pa.scalar(",", _TEXT), _NOTHING).fill_null("") for one in others]
    begin, end = pa.scalar("{", _TEXT), pa.scalar("}\n", _TEXT)
    lines = pc.binary_join_element_wise(begin, *followed, last, end, _NOTHING)
    content: bytes = lines.buffers()[2].to_pybytes()
    return content


def _said(column: Any) -> Any:
    """Return a column as it stands in JSON, null where it is or where its text is blank."""
    if types.is_timestamp(column.type):
        return _quoted(instants(column).cast(_TEXT))
    if types.is_string(column.type):  # hexadecimal digits
        return _quoted(column.cast(_TEXT))
    if types.is_floating(column.type):
        column = column.dictionary_encode()
    said = [orjson.dumps(cell).decode() if cell != "" else None for cell in column.dictionary.to_pylist()]
    return pa.array(said, _TEXT).take(column.indices)


def _quoted(column: Any) -> Any:
    mark = pa.scalar('"', _TEXT)
    return pc.binary_join_element_wise(mark, column, mark, _NOTHING)
