"""The column of measured values as numbers.

Here belongs reading numbers, written or typed. Which level a value sets belongs to the catalog's cuts.
"""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray
from pyarrow import types

from iwscore.store.cells import read_cells, spoilt_cells
from iwscore.store.tables import Table
from iwscore.store.verdicts import Verdicts

__all__ = ["NUMBER", "read_measures"]

NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")


def read_measures(table: Table, verdicts: Verdicts) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return the values, NaN where there is none, and which cells are given, were they at fault. Each (N,)."""
    column = table.columns.get("value")
    if column is not None and types.is_floating(column.type):
        numbers = column.fill_null(np.nan).to_numpy(zero_copy_only=False)
        given = column.is_valid().to_numpy(zero_copy_only=False) | spoilt_cells(table, "value")
        wrong = given & ~np.isfinite(numbers) & ~spoilt_cells(table, "value")
        verdicts.against(wrong, "IW325", "value", lambda row: str(numbers[row]))
    else:
        cells = read_cells(table, "value", verdicts)
        given = cells.given
        numbers = np.array([_number(text) for text in cells.texts])[cells.codes]
        verdicts.against(cells.sound & ~np.isfinite(numbers), "IW325", "value", cells.text)
    # Adding zero turns -0.0 into 0.0: one number, one digest.
    return np.where(np.isfinite(numbers), numbers, np.nan) + 0.0, given


def _number(text: str) -> float:
    return float(text) if NUMBER.fullmatch(text) else float("nan")
