"""Parquet files as tables: text, times with a zone or whole days, and a number in ``value``.

Here belong the types of the columns. What the cells mean belongs to ``store.rows``. Rows count from 1.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
from pyarrow import parquet, types

from iwscore.errors import Fault
from iwscore.store.tables import Table, faulty_table, settle_header
from iwscore.store.wordings import EXAMPLE, row_fault

__all__ = ["read_cells_of", "read_parquet_columns", "said_of", "settle_columns", "settle_measures"]

_TIMES = ("observed_at", "reported_at", "known_from", "recorded_at")


def read_parquet_columns(file: str, content: bytes) -> Table:
    """Return the table of a Parquet file; a column of a wrong type is one fault and is left out."""
    cells = read_cells_of(file, content)
    if isinstance(cells, Fault):
        return faulty_table(file, [cells])
    return settle_columns(file, cells, 0)


def settle_columns(file: str, cells: Any, before: int) -> Table:
    """Return an Arrow table as one that can be judged, its rows counted on from those ``before``."""
    places, faults = settle_header(file, 0, cells.schema.names)
    columns, spoilt = {}, set()
    for name, place in places.items():
        column = _settle_type(file, name, cells.column(place).combine_chunks(), faults)
        if column is None:
            spoilt.add((0, name))
        else:
            columns[name] = column
    return Table(file, np.arange(1, cells.num_rows + 1) + before, columns, faults, spoilt)


def read_cells_of(file: str, content: bytes) -> Any:
    """Return a Parquet file as an Arrow table, or the fault that it is none."""
    try:
        cells = parquet.ParquetFile(pa.BufferReader(content)).read()
        # Names that are not UTF-8 show only when asked for.
        list(cells.schema.names)
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        return said_of(file, error)
    return cells


def said_of(file: str, error: Exception) -> Fault:
    """Return the fault of a file that is no whole Parquet file."""
    said = (str(error).splitlines() or [type(error).__name__])[0]
    return row_fault(file, 0, "IW304", "", said, format="Parquet")


def _settle_type(file: str, name: str, column: Any, faults: list[Fault]) -> Any:
    """Return the column as the rows' judge takes it, or None where its type is wrong; why goes into ``faults``."""
    kind = column.type
    if types.is_dictionary(kind):
        column, kind = column.cast(kind.value_type), kind.value_type
    if types.is_null(kind):
        return column.cast(pa.string()).dictionary_encode()
    if name == "value":
        return settle_measures(file, column, faults)
    if types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind):
        # As bytes: the format does not promise that its text is UTF-8.
        return column.cast(pa.large_binary()).dictionary_encode()
    if name not in _TIMES:
        faults.append(row_fault(file, 0, "IW308", name, str(kind), must="text", remedy="Write it as text."))
    elif types.is_date32(kind) or (types.is_timestamp(kind) and kind.tz):
        return column
    elif types.is_timestamp(kind):
        faults.append(row_fault(file, 0, "IW322", name, str(kind), example=EXAMPLE))
    else:
        must, remedy = "a timestamp with a zone, a date or text", "Write it as one of these."
        faults.append(row_fault(file, 0, "IW308", name, str(kind), must=must, remedy=remedy))
    return None


def settle_measures(file: str, column: Any, faults: list[Fault]) -> Any:
    """Return a column of numbers as floats, or None where it is none; why goes into ``faults``."""
    kind = column.type
    if types.is_decimal(kind):
        # By way of text, which rounds once and as in the other formats.
        return column.cast(pa.string()).cast(pa.float64())
    if types.is_integer(kind) or types.is_floating(kind):
        return column.cast(pa.float64(), safe=False)
    faults.append(row_fault(file, 0, "IW308", "value", str(kind), must="a number", remedy="Write it as a number."))
    return None
