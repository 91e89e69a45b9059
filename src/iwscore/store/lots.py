"""Lots: some reports as narrow columns, as they are put aside and taken up again.

Here belong the columns of a lot and how lots are cut and joined. Where they are kept belongs to ``store.piles``, what
the numbers in them stand for to ``store.numbering``.

A column that says the same in every row takes the room of one: it is such a value, repeated without being copied.
Where knowledge time is the time of observation, both are one array.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["FIELDS", "Lot", "cut", "is_same", "join", "once", "repeated", "rows_in"]

Lot = Mapping[str, NDArray[Any]]  # each column of FIELDS, N rows
FIELDS = (
    "subject",
    "indicator",
    "level",
    "source",
    "origin",
    "value",
    "observed_at",
    "known_from",
    "stands_until",
    "reliability",
    "credibility",
    "kind",
)


def rows_in(lot: Lot) -> int:
    """Return N."""
    return len(lot["kind"])


def repeated(value: Any, rows: int) -> NDArray[Any]:
    """Return a column that says this in every row."""
    return np.broadcast_to(np.asarray(value), rows)


def is_same(column: NDArray[Any]) -> bool:
    """Return whether a column is one value repeated."""
    return column.strides == (0,)


def cut(lot: Lot, rows: NDArray[Any] | slice) -> dict[str, NDArray[Any]]:
    """Return the lot's rows at these places, those of a mask, or those of a slice."""
    count = len(lot["kind"][rows])
    taken = {
        name: repeated(column[0], count) if is_same(column) and len(column) else column[rows]
        for name, column in lot.items()
        if name != "known_from"
    }
    known, observed = lot["known_from"], lot["observed_at"]
    return {**taken, "known_from": taken["observed_at"] if known is observed else known[rows]}


def join(lots: Sequence[Lot]) -> dict[str, NDArray[Any]]:
    """Return the rows of all lots, of which there is one at least, one after another."""
    if len(lots) == 1:
        return dict(lots[0])
    lots = [lot for lot in lots if rows_in(lot)] or lots[:1]
    joined = {name: _joined([lot[name] for lot in lots]) for name in FIELDS if name != "known_from"}
    shared = all(lot["known_from"] is lot["observed_at"] for lot in lots)
    return {**joined, "known_from": joined["observed_at"] if shared else _joined([lot["known_from"] for lot in lots])}


def _joined(columns: Sequence[NDArray[Any]]) -> NDArray[Any]:
    first = columns[0]
    if all(is_same(column) and len(column) for column in columns):
        values = {column[0].item() for column in columns}
        if len(values) == 1 or all(value != value for value in values):
            return repeated(first[0], sum(map(len, columns)))
    return np.concatenate(columns)


def once(lot: Lot) -> dict[str, NDArray[Any]]:
    """Return the lot without the rows that say again what the row before them says."""
    observed = lot["observed_at"]
    again = np.flatnonzero(observed[1:] == observed[:-1]) + 1
    for column in lot.values():
        if not len(again):
            return dict(lot)
        if not is_same(column):
            here, before = column[again], column[again - 1]
            again = again[(here == before) | ((here != here) & (before != before))]
    kept = np.ones(rows_in(lot), dtype=np.bool_)
    kept[again] = False
    return cut(lot, kept)
