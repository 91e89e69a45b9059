"""Columns: what a question reads of many observations, without their texts and ids.

Here belongs the bundle that readers of large files and of the log can deliver by themselves. Where every row has a
name of its own, an ``Observations`` is needed: ``domain.observations``.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from iwscore.domain.observations import Names, Observations

__all__ = ["Columns", "Reported"]


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """N reports in any order: the answer is the same for every order, and for one report given twice.

    Attributes
    ----------
    subject, indicator, level, source, origin
        Names; "" where none is given: no ``level`` beside a ``value``, no ``origin`` of its own.
    value
        The measured value, NaN where a level is given. Shape (N,).
    observed_at, known_from
        Microseconds since 1970. Shape (N,).
    stands_until
        When it became known that the report is corrected or retracted; the largest integer where it stands. Shape (N,).
    reliability, credibility
        The grade as 0-6 for A-G and 0-5 for 1-6; reliability -1 where the digit stands alone. Shape (N,).
    kind
        0 observation, 1 correction, 2 retraction, which says nothing by itself. Shape (N,).
    last
        The latest time among them, microseconds; None where there is no report.
    log
        The head of the log they were read from; "" for a file.
    """

    subject: Names
    indicator: Names
    level: Names
    source: Names
    origin: Names
    value: NDArray[np.float64]
    observed_at: NDArray[np.int64]
    known_from: NDArray[np.int64]
    stands_until: NDArray[np.int64]
    reliability: NDArray[np.int8]
    credibility: NDArray[np.int8]
    kind: NDArray[np.int8]
    last: int | None = None
    log: str = ""

    def __len__(self) -> int:
        """Return N."""
        return len(self.kind)

    def take(self, rows: NDArray[np.int64]) -> Columns:
        """Return the reports at these places; a column that is one value repeated stays so, and takes no room."""
        taken: dict[str, Any] = {}
        for field in fields(self):
            column = getattr(self, field.name)
            if isinstance(column, Names):
                taken[field.name] = Names(_at(column.codes, rows), column.names)
            elif isinstance(column, np.ndarray):
                taken[field.name] = _at(column, rows)
        if self.known_from is self.observed_at:
            taken["known_from"] = taken["observed_at"]
        return replace(self, **taken)


def _at(column: NDArray[Any], rows: NDArray[np.int64]) -> NDArray[Any]:
    return column[: len(rows)] if column.strides == (0,) else column[rows]


Reported: TypeAlias = Observations | Columns  # what a question about no single report may be asked of
