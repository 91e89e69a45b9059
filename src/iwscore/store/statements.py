"""Rows of observations in the making: their texts, values and times as columns, and many of them as one table.

Here belongs the bundle that the rows and the counts of a foreign file both become. What they say belongs to
``store.foreign`` and ``store.counts``; whether it may be said belongs to ``store.rows``, as for any file.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from iwscore.domain.mappings import Cuts
from iwscore.domain.observations import COLUMNS
from iwscore.errors import Fault
from iwscore.store.cells import Cells
from iwscore.store.tables import Table

__all__ = ["Statements", "levels_of", "table_of"]

_ALWAYS = ("indicator", "level", "source", "grade", "subject")
_NUMBERS = ("observed_at", "reported_at", "value")


@dataclass(frozen=True, slots=True, eq=False)
class Statements:
    """K rows of observations: their rows in the foreign file, texts by column, value (NaN: none), and two clocks."""

    row: NDArray[np.int64]
    texts: Mapping[str, Cells]
    value: NDArray[np.float64]
    observed_at: NDArray[np.int64]
    reported_at: NDArray[np.int64]


def levels_of(value: NDArray[np.float64], cuts: Cuts) -> Cells:
    """Return for each value the level whose place is how many cuts it reaches; blank for NaN."""
    places = np.searchsorted(np.array(cuts.cuts), value, side="right") + 1
    codes = np.where(np.isnan(value), 0, places).astype(np.int32)
    return Cells(codes, ["", *cuts.names], np.zeros(len(value), dtype=bool))


def table_of(file: str, parts: Sequence[Statements], faults: Iterable[Fault], *, lost: bool) -> Table:
    """Return all of them as a table with the columns of observations, each fault once."""
    names = [name for name in COLUMNS if any(name in part.texts for part in parts) or name in _ALWAYS]
    columns: dict[str, Any] = {name: _texts(parts, name) for name in names if name not in _NUMBERS}
    value = _joined([part.value for part in parts], np.float64)
    columns["value"] = pa.array(value, mask=np.isnan(value))
    for name in ("observed_at", "reported_at"):
        micros = _joined([getattr(part, name) for part in parts], np.int64)
        columns[name] = pa.array(micros).cast(pa.timestamp("us", "UTC"))
    rows = _joined([part.row for part in parts], np.int64)
    return Table(file, rows, columns, tuple(dict.fromkeys(faults)), lost=lost)


def _joined(arrays: Sequence[NDArray[Any]], kind: type) -> NDArray[Any]:
    return np.concatenate([np.zeros(0, dtype=kind), *arrays])


def _texts(parts: Sequence[Statements], name: str) -> Any:
    """Return the parts' texts as one dictionary-encoded column, each text once, null where blank."""
    index = {"": 0}
    codes = []
    for part in parts:
        cells = part.texts.get(name)
        if cells is None:
            codes.append(np.zeros(len(part.row), dtype=np.int32))
        else:
            places = [index.setdefault(text, len(index)) for text in cells.texts]
            codes.append(np.array(places, dtype=np.int32)[cells.codes])
    joined = _joined(codes, np.int32)
    indices = pa.array(np.maximum(joined - 1, 0).astype(np.int32), mask=joined == 0)
    return pa.DictionaryArray.from_arrays(indices, pa.array(list(index)[1:], pa.string()))
