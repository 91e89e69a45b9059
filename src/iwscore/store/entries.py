"""What the log gives out: entries, where its chain stands, and what a batch has added.

Here belong the shapes and the kinds. How they are read belongs to ``store.listing``, how they are written to
``store.appending``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from iwscore.domain.observations import KINDS

__all__ = [
    "CATALOG",
    "ENTRY_KINDS",
    "GENESIS",
    "OUTCOME",
    "RETRACTION",
    "TEXTS",
    "Entry",
    "Head",
    "Matches",
    "Receipt",
    "name_kind",
]

ENTRY_KINDS: tuple[str, ...] = (*KINDS, "outcome", "catalog")
RETRACTION, OUTCOME, CATALOG = 2, 3, 4
TEXTS = ("subject", "indicator", "level", "source", "grade", "origin", "external_id", "note", "url", "marking")
GENESIS = "0" * 64  # the digest before the first batch


def name_kind(place: int) -> str:
    """Return what a kind is called; one that a log was tampered into goes by its number, so that it can be seen."""
    return ENTRY_KINDS[place] if 0 <= place < len(ENTRY_KINDS) else f"kind {place}"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the log. Times are microseconds since 1970, None where there is none; a text "" likewise.

    ``target`` is the id of another entry; ``reason`` is the entry's own, else that of its batch; ``content`` is JSON
    for what has no column.
    """

    seq: int
    batch: int
    id: str
    kind: str
    observed_at: int | None
    reported_at: int | None
    recorded_at: int
    known_from: int
    historical: bool
    subject: str
    indicator: str
    level: str
    value: float | None
    source: str
    grade: str
    origin: str
    external_id: str
    note: str
    url: str
    marking: str
    target: str
    reason: str
    author: str
    content: str


@dataclass(frozen=True, slots=True)
class Head:
    """Where the chain ends: the last batch's digest and number, how many entries there are, and its stamp."""

    digest: str = GENESIS
    batch: int = 0
    entries: int = 0
    recorded_at: int | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was recorded: ``entries`` from ``first`` on, and how many drafts were on file already.

    ``batch``, ``first`` and ``recorded_at`` are None where nothing was new.
    """

    batch: int | None
    first: int | None
    entries: int
    repeated: int
    recorded_at: int | None
    head: Head


@dataclass(frozen=True, slots=True, eq=False)
class Matches:
    """Which of N drafts are on file: the same statement, or another one under the same external_id; (N,) each."""

    repeated: NDArray[np.bool_]
    conflicting: NDArray[np.bool_]
