"""CSV that a spreadsheet can open without computing anything in it.

Here belongs how rows of text leave as CSV. Which rows those are belongs to ``store.exports`` and ``store.rejects``.

A text that a spreadsheet would take for a formula gets an apostrophe before it, and so does one that begins with
apostrophes before such a sign: ``store.comma_rows`` takes one away again where the file is an export.
"""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv, types

__all__ = ["comma_lines", "instants"]

_FORMULA = r"\A('*[=+\-@\t\r])"


def comma_lines(rows: Any, *, header: bool) -> bytes:
    """Return the rows of an Arrow table as CSV, times in ISO 8601 and UTC; what is null or blank is an empty cell."""
    columns = {name: _written(rows[name].combine_chunks()) for name in rows.column_names}
    out = pa.BufferOutputStream()
    options = csv.WriteOptions(include_header=header, quoting_style="needed", quoting_header="needed")
    csv.write_csv(pa.table(columns), out, options)
    content: bytes = out.getvalue().to_pybytes()
    return content


def instants(column: Any) -> Any:
    """Return a column of times in ISO 8601 and UTC; the second has six decimals, or none where they are zero."""
    texts = column.cast(pa.timestamp("us")).cast(pa.string())
    marked = pc.binary_join_element_wise(pc.utf8_replace_slice(texts, 10, 11, "T"), "Z", "")
    return pc.replace_substring(marked, ".000000Z", "Z")


def _written(column: Any) -> Any:
    if types.is_timestamp(column.type):
        texts = instants(column)
        return pc.replace_substring_regex(texts, r"(\.[0-9]*?)0+Z$", r"\1Z") if _fractional(texts) else texts
    if types.is_dictionary(column.type):
        return _guarded(column.dictionary).take(column.indices)
    return _guarded(column) if types.is_string(column.type) else column


def _guarded(column: Any) -> Any:
    """Return texts that no spreadsheet computes, null where blank."""
    if not pc.any(pc.match_substring_regex(column, _FORMULA)).as_py():
        guarded = column
    else:
        guarded = pc.replace_substring_regex(column, _FORMULA, r"'\1")
    return pc.if_else(pc.equal(column, ""), pa.scalar(None, pa.string()), guarded)


def _fractional(texts: Any) -> bool:
    return bool(pc.any(pc.match_substring(texts, ".")).as_py())
