"""Foreign files as tables of text: the columns that a mapping names, of CSV or Parquet, compressed or not.

Here belong suffixes, and what the header must have. What the cells mean belongs to the mapping.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from pyarrow import types

from iwscore.domain.mappings import Mapping
from iwscore.errors import Fault, QuestionError, nearest
from iwscore.store.comma_rows import read_comma_rows
from iwscore.store.files import read_content
from iwscore.store.parquet_columns import read_cells_of
from iwscore.store.tables import Table, faulty_table
from iwscore.store.wordings import WORDINGS, row_fault

__all__ = ["read_foreign_table"]

_DELIMITED = (".csv", ".tsv", ".txt")


def read_foreign_table(path: Path, mapping: Mapping) -> Table:
    """Return the columns that the mapping names, as text; others are not looked at.

    Raises
    ------
    QuestionError
        If the suffix is not one of a foreign file.
    Unreachable
        If the file cannot be opened.
    """
    suffix = Path(path.stem).suffix if path.suffix.lower() == ".gz" else path.suffix
    if suffix.lower() not in (*_DELIMITED, ".parquet"):
        what, must, remedy = WORDINGS["IW350"]
        raise QuestionError("IW350", what, str(path), must, remedy)
    content = read_content(path)
    if path.suffix.lower() == ".gz":
        try:
            content = gzip.decompress(content)
        except (OSError, EOFError, zlib.error) as error:
            return faulty_table(str(path), [row_fault(str(path), 0, "IW304", "", str(error), format="gzip")])

    def settle(file: str, row: int, names: Sequence[str]) -> tuple[dict[str, int], list[Fault]]:
        return _settle(file, row, names, mapping.wanted)

    if suffix.lower() != ".parquet":
        return read_comma_rows(str(path), content, settle=settle, delimiter=mapping.delimiter)
    return _parquet(str(path), content, mapping.wanted)


def _settle(file: str, row: int, names: Sequence[str], wanted: Sequence[str]) -> tuple[dict[str, int], list[Fault]]:
    """Return where each wanted column stands, and which are missing or there twice."""
    faults = [
        row_fault(file, row, "IW356", name, name, nearest=nearest(name, names)) for name in wanted if name not in names
    ]
    faults += [row_fault(file, row, "IW307", name, name) for name in wanted if names.count(name) > 1]
    return {name: names.index(name) for name in wanted if name in names}, faults


def _parquet(file: str, content: bytes, wanted: Sequence[str]) -> Table:
    cells = read_cells_of(file, content)
    if isinstance(cells, Fault):
        return faulty_table(file, [cells])
    places, faults = _settle(file, 0, cells.schema.names, wanted)
    columns: dict[str, Any] = {}
    for name, place in places.items():
        column = cells.column(place).combine_chunks()
        try:
            columns[name] = _as_text(column)
        except (pa.ArrowNotImplementedError, pa.ArrowInvalid):
            must, remedy = "text, numbers, days or times", "Write it as one of these."
            faults.append(row_fault(file, 0, "IW308", name, str(column.type), must=must, remedy=remedy))
    return Table(file, np.arange(1, cells.num_rows + 1), columns, faults, lost=len(columns) < len(wanted))


def _as_text(column: Any) -> Any:
    """Return a column of another type as the text that CSV would hold."""
    if types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if types.is_string(column.type) or types.is_large_string(column.type):
        return column.cast(pa.large_binary()).dictionary_encode()
    return column.cast(pa.string()).dictionary_encode()
