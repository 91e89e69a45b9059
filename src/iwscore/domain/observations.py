"""Observations: what a row must hold, and many of them as columns.

Here belong the columns' names and the bundle that every reader delivers. Reading belongs to ``store``, who speaks
belongs to ``core.speaking``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

__all__ = ["COLUMNS", "KINDS", "MARKINGS", "NEVER", "Kind", "Names", "Observations"]

Kind = Literal["observation", "correction", "retraction"]
KINDS: tuple[str, ...] = ("observation", "correction", "retraction")
MARKINGS: tuple[str, ...] = ("clear", "green", "amber", "amber+strict", "red")
COLUMNS: tuple[str, ...] = (
    "observed_at",
    "indicator",
    "level",
    "value",
    "source",
    "grade",
    "subject",
    "origin",
    "reported_at",
    "external_id",
    "note",
    "url",
    "marking",
    "kind",
    "target",
    "reason",
)
NEVER = np.iinfo(np.int64).max  # a time that does not come, in microseconds


@dataclass(frozen=True, slots=True, eq=False)
class Names:
    """A column of N names, each kept once: ``codes`` (N,) point into ``names``."""

    codes: NDArray[np.int32]
    names: tuple[str, ...]

    def places(self, index: Mapping[str, int]) -> NDArray[np.int64]:
        """Return for each row the place of its name in ``index``, -1 where it is not there. Shape (N,)."""
        return np.array([index.get(name, -1) for name in self.names] or [-1], dtype=np.int64)[self.codes]

    def __getitem__(self, row: int) -> str:
        """Return the name in one row."""
        return self.names[int(self.codes[row])]


@dataclass(frozen=True, slots=True, eq=False)
class Observations:
    """Reports as columns of N rows, ordered by ``known_from``, then ``id``; each row once.

    Attributes
    ----------
    id
        Digest of the row, 32 hexadecimal digits as bytes. Shape (N,).
    row
        Place in the file it came from, as a reader counts. Shape (N,).
    observed_at, known_from
        Microseconds since 1970. A retraction's ``observed_at`` equals its ``known_from``. Shape (N,).
    subject, indicator, level, source, origin
        Names; "" where none is given: no ``level`` beside a ``value``, no ``origin`` of its own, and in a retraction.
    value
        The measured value, NaN where a level is given. Shape (N,).
    reliability, credibility
        The grade as 0-6 for A-G and 0-5 for 1-6; reliability -1 where the digit stands alone; both -1 in a
        retraction. Shape (N,).
    kind
        0 observation, 1 correction, 2 retraction. Shape (N,).
    target
        Place (0 to N-1) of the entry it corrects or retracts, -1 where there is none. Shape (N,).
    texts
        ``external_id``, ``note``, ``url``, ``marking``, ``reason``, ``grade``: each an object array of N strings.
    last
        The latest time in the file, microseconds; None where it has no row.
    log
        The head of the log they were read from; "" for a file.
    ended
        From when each is withdrawn by what is not among them, ``NEVER`` where it is not so. Shape (N,); None where
        nothing was left out.
    """

    id: NDArray[np.bytes_]
    row: NDArray[np.int64]
    observed_at: NDArray[np.int64]
    known_from: NDArray[np.int64]
    subject: Names
    indicator: Names
    level: Names
    value: NDArray[np.float64]
    source: Names
    origin: Names
    reliability: NDArray[np.int8]
    credibility: NDArray[np.int8]
    kind: NDArray[np.int8]
    target: NDArray[np.int64]
    texts: Mapping[str, NDArray[Any]]
    last: int | None
    log: str = ""
    ended: NDArray[np.int64] | None = None

    def __len__(self) -> int:
        """Return N."""
        return len(self.row)
