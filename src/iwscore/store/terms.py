"""The texts that a mapping takes from a row: put together, cut out, looked up.

Here belongs what becomes of text. Numbers belong to ``store.amounts``, times to ``store.periods``, which rows count to
``store.conditions``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from iwscore.domain.mappings import Cell
from iwscore.store.cells import Cells
from iwscore.store.verdicts import Verdicts

__all__ = ["Term", "read_term"]

# In the order of what wins: a row that is left out anyway is not refused.
_KEPT, _REFUSED, _SKIPPED = 0, 1, 2


@dataclass(frozen=True, slots=True, eq=False)
class Term:
    """N texts and what became of them; a cell that is left out or refused is so only for those who ask for it.

    ``state`` (U,) goes by distinct text: whether it is kept, leaves its row out, or is refused. ``before`` (U,) is what
    stood in the file.
    """

    cells: Cells
    state: NDArray[np.int8]
    before: Sequence[str]
    field: str

    @classmethod
    def of(cls, cells: Cells, field: str) -> Term:
        """Return the cells of a column as they are."""
        return cls(cells, np.zeros(len(cells.texts), dtype=np.int8), cells.texts, field)

    def used(self, among: NDArray[np.bool_], verdicts: Verdicts) -> NDArray[np.bool_]:
        """Return which of ``among`` have a text, after noting those of them that are refused. Shape (N,)."""
        state = self.state[self.cells.codes]
        refused = among & ~self.cells.bad & (state == _REFUSED)
        verdicts.against(refused, "IW351", self.field, lambda row: self.before[int(self.cells.codes[row])])
        used: NDArray[np.bool_] = among & ~self.cells.bad & (state == _KEPT)
        return used


def read_term(cell: Cell, columns: Mapping[str, Term], rows: int, field: str) -> Term:
    """Return what a cell of the mapping says of N rows; ``field`` names it where no single column does."""
    whole = _put_together(cell, columns, rows, field)
    if cell.extract is None and cell.codes is None and cell.blank == "keep":
        return whole
    texts, state = [], []
    for text, so_far in zip(whole.cells.texts, whole.state.tolist(), strict=True):
        meant, became = _meaning(cell, text)
        texts.append(meant)
        state.append(max(so_far, became))
    cells = Cells(whole.cells.codes, texts, whole.cells.bad)
    return Term(cells, np.array(state, dtype=np.int8), whole.before, whole.field)


def _meaning(cell: Cell, text: str) -> tuple[str, int]:
    """Return what a text stands for, and what becomes of it."""
    if not text and "" not in (cell.codes or {}):
        return "", _SKIPPED if cell.blank == "skip" else _KEPT
    found = re.search(cell.extract, text) if cell.extract else None
    kept = (found[1] or "") if found else "" if cell.extract else text
    lost = cell.extract is not None and found is None
    if cell.codes is not None:
        lost = kept not in cell.codes
        kept = cell.codes.get(kept, kept)
    if lost:
        return (kept or text), {"keep": _KEPT, "skip": _SKIPPED, "refuse": _REFUSED}[cell.otherwise]
    return kept, _SKIPPED if not kept and cell.blank == "skip" else _KEPT


def _put_together(cell: Cell, columns: Mapping[str, Term], rows: int, field: str) -> Term:
    """Return the constant, the column, or the columns put together; blank where one of them is."""
    names = cell.columns
    if not names:
        codes = np.full(rows, 1, dtype=np.int32)
        return Term.of(Cells(codes, ["", cell.template], np.zeros(rows, dtype=bool)), field)
    whole = columns[names[0]]
    if cell.literals == ("", "") and len(names) == 1:
        return whole
    parts = [columns[name] for name in names]
    places: NDArray[np.int64] = np.zeros(rows, dtype=np.int64)
    bad = np.zeros(rows, dtype=bool)
    first: NDArray[np.int64] = np.zeros(0, dtype=np.int64)
    for part in parts:
        key = places * len(part.cells.texts) + part.cells.codes
        _, first, places = np.unique(key, return_index=True, return_inverse=True)
        bad = bad | part.cells.bad
    texts, state, before = [""], [_KEPT], [""]
    for row in first.tolist():
        held = [part.cells.text(row) for part in parts]
        between = zip(cell.literals[1:], held, strict=True)
        texts.append(cell.literals[0] + "".join(f"{text}{literal}" for literal, text in between) if all(held) else "")
        state.append(max(int(part.state[part.cells.codes[row]]) for part in parts))
        before.append(" ".join(part.before[int(part.cells.codes[row])] for part in parts))
    cells = Cells((places + 1).astype(np.int32), texts, bad)
    return Term(cells, np.array(state, dtype=np.int8), before, ", ".join(part.field for part in parts))
