"""The faults of a table's rows as they are found.

Here belongs noting a fault for each of many rows. Which rows are at fault belongs to those who judge.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from iwscore.errors import Fault
from iwscore.store.wordings import row_fault

__all__ = ["Verdicts"]


@dataclass(frozen=True, slots=True, eq=False)
class Verdicts:
    """The faults found so far; ``rows`` (N,) numbers the rows as a reader counts, ``bad`` (N,) has those at fault."""

    file: str
    rows: NDArray[np.int64]
    faults: list[Fault]
    bad: NDArray[np.bool_]

    def against(
        self,
        where: NDArray[np.bool_],
        code: str,
        field: str,
        value: Callable[[int], str] | None = None,
        **words: object,
    ) -> None:
        """Note a fault for each row at ``where``; ``value`` and words may depend on the row."""
        self.bad[where] = True
        for row in np.flatnonzero(where).tolist():
            said = {name: word(row) if callable(word) else word for name, word in words.items()}
            self.faults.append(row_fault(self.file, int(self.rows[row]), code, field, value and value(row), **said))
