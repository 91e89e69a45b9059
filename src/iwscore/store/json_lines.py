"""JSON Lines files as tables: one object a line, text in every field but ``value``.

Here belong the shape of the file and the types of its fields. What the cells mean belongs to ``store.rows``.

Arrow reads a regular file fast, but says neither which line is wrong nor stops at everything that is: any doubt
sends that part of the file to Python's reader, whose word is final. Both deliver the same cells.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from pyarrow import json as arrow_json

from iwscore.errors import Fault, nearest
from iwscore.store.tables import ACCEPTED, Table, first_misspelt, is_utf8
from iwscore.store.wordings import row_fault

__all__ = ["read_json_lines"]

_BOM = b"\xef\xbb\xbf"
_BLOCK = 1 << 22
_PART = 1 << 23
_SCHEMA = pa.schema([(name, pa.float64() if name == "value" else pa.string()) for name in ACCEPTED])
_SURROGATES = re.compile("[\ud800-\udfff]")
_NEWLINE, _RETURN, _OPENING, _CLOSING = b"\n\r{}"


class _Fields(tuple[tuple[str, Any], ...]):
    """The fields of one object in their order, repeated ones too."""

    __slots__ = ()


def read_json_lines(file: str, content: bytes) -> Table:
    """Return the table of a JSON Lines file; what a line leaves out, or says is null, is null."""
    cells, rows, faults = [_SCHEMA.empty_table()], [np.zeros(0, dtype=np.int64)], list[Fault]()
    for before, part in _parts(content.removeprefix(_BOM)):
        read, lines = _read_fast(part) or _read_slowly(file, before, part, faults)
        cells.append(read)
        rows.append(lines + before)
    columns = _columns(pa.concat_tables(cells))
    spoilt = {(fault.line, fault.field) for fault in faults}
    numbers = np.concatenate(rows)
    lost = not {line for line, _ in spoilt} <= set(numbers.tolist())
    return Table(file, numbers, columns, faults, spoilt, optional_cells=True, lost=lost)


def _parts(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Return the content in parts of whole lines, each with the number of lines before it."""
    start = before = 0
    while start < len(content):
        end = content.find(b"\n", start + _PART) + 1 or len(content)
        part = content[start:end]
        yield before, part
        before += part.count(b"\n")
        start = end


def _regular_lines(part: bytes) -> NDArray[np.int64] | None:
    """Return the numbers of the lines that hold something, or None unless each has one ``}``, its last character.

    Anything else at the top of a line, a bare ``null`` for one, can end Arrow's reader and the process with it.
    """
    text = np.frombuffer(part, dtype=np.uint8)
    ends = np.flatnonzero(text == _NEWLINE)
    if not part.endswith(b"\n"):
        ends = np.append(ends, len(text))
    starts = np.append(0, ends[:-1] + 1)
    returned = (ends > starts) & (text[np.maximum(ends, 1) - 1] == _RETURN) if len(text) else ends > starts
    ends = ends - returned
    held = ends > starts
    starts, ends = starts[held], ends[held]
    regular = bool(np.all(text[starts] == _OPENING) and np.all(text[ends - 1] == _CLOSING))
    return np.flatnonzero(held) + 1 if regular and part.count(b"}") == len(starts) else None


def _read_fast(part: bytes) -> tuple[Any, NDArray[np.int64]] | None:
    """Return the cells and the numbers of their lines, or None where Arrow may not be asked or does not answer."""
    lines = _regular_lines(part)
    if lines is None or not len(lines) or not is_utf8(part):
        return None
    try:
        cells = arrow_json.read_json(
            pa.BufferReader(part),
            arrow_json.ReadOptions(block_size=_BLOCK),
            arrow_json.ParseOptions(explicit_schema=_SCHEMA, unexpected_field_behavior="error"),
        ).select(ACCEPTED)
    except pa.ArrowException:
        return None
    # It takes NaN and Infinity for numbers.
    finite = pc.all(pc.is_finite(cells["value"])).as_py() is not False
    return (cells, lines) if finite and cells.num_rows == len(lines) else None


def _columns(cells: Any) -> dict[str, Any]:
    held = [name for name in ACCEPTED if cells[name].null_count < cells.num_rows]
    encoded = {name: cells[name] if name == "value" else cells[name].dictionary_encode() for name in held}
    return {name: column.combine_chunks() for name, column in encoded.items()}


def _read_slowly(file: str, before: int, part: bytes, faults: list[Fault]) -> tuple[Any, NDArray[np.int64]]:
    """Return the cells and the numbers of their lines; what is wrong with other lines goes into ``faults``."""
    lines: list[int] = []
    rows: list[dict[str, Any]] = []
    for number, line in enumerate(part.split(b"\n"), 1):
        if not line.strip():
            continue
        fields = _fields(file, before + number, line)
        if isinstance(fields, Fault):
            faults.append(fields)
        else:
            lines.append(number)
            rows.append(_settle_fields(file, before + number, fields, faults))
    cells = {name: pa.array([row.get(name) for row in rows], _SCHEMA.field(name).type) for name in ACCEPTED}
    return pa.table(cells), np.array(lines, dtype=np.int64)


def _fields(file: str, number: int, line: bytes) -> _Fields | Fault:
    if byte := first_misspelt(line):
        return row_fault(file, number, "IW303", "", byte)
    try:
        fields = json.loads(line, object_pairs_hook=_Fields)
    except (ValueError, RecursionError):
        fields = None
    return fields if isinstance(fields, _Fields) else row_fault(file, number, "IW310", "", line.decode().strip())


def _settle_fields(file: str, number: int, fields: _Fields, faults: list[Fault]) -> dict[str, Any]:
    """Return the cells of one line, None where a field is spoilt; why goes into ``faults``."""
    row: dict[str, Any] = {}
    for name, value in fields:
        if name not in ACCEPTED:
            faults.append(row_fault(file, number, "IW305", "", name, nearest=nearest(name, ACCEPTED)))
        elif name in row:
            faults.append(row_fault(file, number, "IW307", name, name))
        else:
            row[name] = _cell(name, value)
            if row[name] is None and value is not None:
                faults.append(_type_fault(file, number, name, value))
    return row


def _cell(name: str, value: Any) -> str | float | None:
    """Return what the field holds in the type of its column, or None where it is of another type."""
    if name != "value":
        return value if isinstance(value, str) and not _SURROGATES.search(value) else None
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    try:
        return float(value)
    except OverflowError:
        return float("inf")


def _type_fault(file: str, number: int, name: str, value: Any) -> Fault:
    if isinstance(value, str) and name != "value":
        return row_fault(file, number, "IW303", name, value)
    plain = json.dumps(value, ensure_ascii=False) if isinstance(value, (str, int, float)) else "a nested value"
    must = "a number" if name == "value" else "text"
    return row_fault(file, number, "IW308", name, plain, must=must, remedy=f"Write it as {must}.")
