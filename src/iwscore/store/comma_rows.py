"""CSV files as tables: UTF-8, commas (or another delimiter), double quotes, a header.

Here belong the shape of the file and the counting of its rows. What the cells mean belongs to ``store.rows``.

A file that is not UTF-8 or whose quotes do not close cannot be split into rows with certainty: that fault is
reported alone. Rows count as a spreadsheet shows them; a row without any text is no row, but is counted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from pyarrow import csv

from iwscore.errors import Fault
from iwscore.store.tables import Table, faulty_table, first_misspelt, is_utf8, settle_header
from iwscore.store.wordings import row_fault

__all__ = ["read_comma_rows"]

_BOM = b"\xef\xbb\xbf"
_BARE = b"observed_at,indicator,level,source,grade"
_BLOCK = 1 << 20
_LARGEST_BLOCK = (1 << 31) - 1
_TEXT = pa.dictionary(pa.int32(), pa.string())
_EXPORT = "recorded_at"  # a column that exports alone have
_QUOTE, _NEWLINE, _RETURN = b'"\n\r'
_ROW_ENDS = re.compile(rb"\r\n|\n|\r")
_MARKS = re.compile(rb'["\r\n]')

Settle = Callable[[str, int, Sequence[str]], tuple[dict[str, int], list[Fault]]]


def read_comma_rows(file: str, content: bytes, *, settle: Settle = settle_header, delimiter: str = ",") -> Table:
    """Return the table of a CSV file; every cell is text, and no cell is null.

    ``settle`` takes file, row and names of the header and says where each column that is read stands.
    """
    content = content.removeprefix(_BOM)
    body = content.lstrip(b"\r\n") or _BARE  # a file of nothing has no rows
    skipped = len(_ROW_ENDS.findall(content.removesuffix(body)))
    if faults := _misspelt(file, body, skipped) or _misquoted(file, body, skipped, delimiter):
        return faulty_table(file, faults)
    try:
        cells, misfits = _split(body if body.endswith((b"\n", b"\r")) else body + b"\n", delimiter)
    except pa.ArrowException as error:
        return faulty_table(file, [row_fault(file, 0, "IW304", "", str(error), format="CSV")])
    return _headed(file, cells, misfits, skipped, settle)


def _split(body: bytes, delimiter: str) -> tuple[Any, list[csv.InvalidRow]]:
    misfits: list[csv.InvalidRow] = []

    def skip(row: csv.InvalidRow) -> str:
        misfits.append(row)
        return "skip"

    columns = _count_columns(body, delimiter)

    def read(block: int) -> Any:
        misfits.clear()
        return csv.read_csv(
            pa.BufferReader(body),
            # Only a single thread counts rows.
            csv.ReadOptions(use_threads=False, block_size=block, autogenerate_column_names=True),
            csv.ParseOptions(
                delimiter=delimiter, newlines_in_values=True, ignore_empty_lines=False, invalid_row_handler=skip
            ),
            csv.ConvertOptions(column_types={f"f{n}": _TEXT for n in range(columns)}, check_utf8=False),
        )

    try:
        return read(_BLOCK), misfits
    except pa.ArrowInvalid:
        # A row longer than the block: the whole file is the block then.
        return read(min(len(body), _LARGEST_BLOCK)), misfits


def _below_header(array: Any) -> Any:
    """Return a column without its first row, and without the word there unless another row has it too."""
    places = array.indices[1:]
    if pc.any(pc.equal(places, array.indices[0])).as_py():
        return array[1:]
    return pa.DictionaryArray.from_arrays(pc.subtract(places, 1), array.dictionary[1:])  # the first word met is its own


def _headed(file: str, cells: Any, misfits: list[csv.InvalidRow], skipped: int, settle: Settle) -> Table:
    """Take the first row off as the header and number the others."""
    arrays = [column.unify_dictionaries().combine_chunks() for column in cells.itercolumns()]
    names = [array[0].as_py() for array in arrays]
    places, faults = settle(file, skipped + 1, names)
    numbers = np.delete(np.arange(cells.num_rows + len(misfits)), [row.number - 1 for row in misfits])[1:]
    wrong = [row for row in misfits if row.text.strip()]
    faults += [
        row_fault(file, skipped + row.number, "IW309", cells=row.actual_columns, columns=len(names)) for row in wrong
    ]
    arrays = [_below_header(array) for array in arrays]
    filled = pa.array(~_blank_rows(arrays, len(numbers)))
    columns = {name: arrays[place].filter(filled) for name, place in places.items()}
    if _EXPORT in columns and settle is settle_header:
        columns = {name: _unguarded(column) for name, column in columns.items()}
    return Table(file, numbers[filled.to_numpy(zero_copy_only=False)] + skipped + 1, columns, faults, lost=bool(wrong))


def _unguarded(column: Any) -> Any:
    """Return an export's column without the apostrophes that keep a spreadsheet from computing its cells."""
    texts = pc.replace_substring_regex(column.dictionary, r"\A'('*[=+\-@\t\r])", r"\1")
    return pa.DictionaryArray.from_arrays(column.indices, texts)


def _blank_rows(arrays: Iterable[Any], rows: int) -> NDArray[np.bool_]:
    blank = np.ones(rows, dtype=bool)
    for array in arrays:
        if not blank.any():
            break
        empty = pc.equal(pc.utf8_trim_whitespace(array.dictionary), "").to_numpy(zero_copy_only=False)
        blank &= empty[array.indices.to_numpy()]
    return blank


def _misquoted(file: str, body: bytes, skipped: int, delimiter: str) -> list[Fault]:
    """Return the first quote that neither opens nor closes a cell; beyond it rows cannot be told apart."""
    text = np.frombuffer(body, dtype=np.uint8)
    quotes = np.flatnonzero(text == _QUOTE)
    if not len(quotes):
        return []
    opening, closing = quotes[::2], quotes[1::2]
    before = np.where(opening > 0, text[opening - 1], _NEWLINE)
    after = np.where(closing + 1 < len(text), text[np.minimum(closing + 1, len(text) - 1)], _NEWLINE)
    opens, closes = (np.isin(side, [ord(delimiter), _NEWLINE, _RETURN, _QUOTE]) for side in (before, after))
    stray = np.concatenate([opening[~opens], closing[~closes]])
    if len(stray):
        at, state, remedy = int(stray.min()), "inside a cell", "Enclose the cell in quotes and double those inside."
    elif len(quotes) % 2:
        at, state, remedy = int(quotes[-1]), "never closed", "Close it."
    else:
        return []
    return [row_fault(file, _row_at(body, at) + skipped, "IW311", state=state, remedy=remedy)]


def _misspelt(file: str, body: bytes, skipped: int) -> list[Fault]:
    """Return a fault for each row that holds bytes which are not UTF-8."""
    if is_utf8(body):
        return []
    wrong: dict[int, str] = {}
    row, quoted = skipped + 1, False
    for line in body.splitlines(keepends=True):
        if byte := first_misspelt(line):
            wrong.setdefault(row, byte)
        quoted ^= line.count(b'"') % 2 == 1
        row += not quoted
    return [row_fault(file, row, "IW303", "", byte) for row, byte in wrong.items()]


def _row_at(body: bytes, place: int) -> int:
    """Return the row, from 1, that holds the byte at ``place``; newlines in quotes end no row."""
    outside = b'"'.join(body[:place].split(b'"')[::2])
    return len(_ROW_ENDS.findall(outside)) + 1


def _count_columns(body: bytes, delimiter: str) -> int:
    """Return how many columns the header has; a newline in quotes does not end it."""
    quoted = False
    for mark in _MARKS.finditer(body):
        if mark[0] == b'"':
            quoted = not quoted
        elif not quoted:
            return body.count(delimiter.encode(), 0, mark.start()) + 1
    return body.count(delimiter.encode()) + 1
