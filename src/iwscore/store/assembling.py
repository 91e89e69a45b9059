"""Pieces put together: the columns of a whole log, filled piece by piece.

Here belongs what is the same for pieces from a file and pieces just made. Which pieces may be believed belongs to
``store.collecting``.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from iwscore.core.withdrawals import stands_until
from iwscore.domain.columns import Columns
from iwscore.domain.grades import parse_grade
from iwscore.domain.observations import NEVER, Names
from iwscore.store.caches import Shelf
from iwscore.store.entries import RETRACTION
from iwscore.store.pieces import NAMED, Page, Piece, Spoilt

__all__ = ["Whole"]

_CODED = NAMED[:-1]
_GRADE = ("reliability", "credibility")
_TYPES = {
    **dict.fromkeys(_CODED, np.int32),
    **dict.fromkeys(_GRADE, np.int8),
    "value": np.float64,
    "observed_at": np.int64,
    "known_from": np.int64,
    "kind": np.int8,
}
_THREADS = 4  # reading from memory, checksums and copying all let others run


@dataclass(frozen=True, slots=True, eq=False)
class _Room:
    """Where the rows of a piece go, how many names there are by then, and what the grades among them are."""

    begin: int
    names: Mapping[str, int]
    grades: NDArray[np.int8]


class Whole:
    """The columns of the entries up to a place; ``names`` are those of all pieces so far."""

    def __init__(self, last: int) -> None:
        self.names: dict[str, list[str]] = {name: [] for name in NAMED}
        self._last, self._due, self._rows, self._cut = last, 0, 0, False
        self._columns: dict[str, NDArray[Any]] = {name: np.empty(last, dtype=kind) for name, kind in _TYPES.items()}
        self._grades = np.zeros((0, 2), dtype=np.int8)
        self._places: dict[str, list[NDArray[Any]]] = {
            name: [np.zeros(0, dtype=np.int64)] for name in ("skipped", "linked", "target")
        }

    def load(self, shelf: Shelf, pages: Sequence[Page]) -> None:
        """Take in pieces of a file, in order.

        Raises
        ------
        Spoilt
            If one of them is not what was written, or nothing that could have been.
        """
        try:
            with ThreadPoolExecutor(min(_THREADS, os.cpu_count() or 1)) as pool:
                jobs = [pool.submit(self._load, shelf, page, self._room(page.names, len(page))) for page in pages]
                for job in jobs:
                    self._settle(job.result())
        except (KeyError, IndexError, ValueError) as error:
            raise Spoilt from error

    def add(self, piece: Piece) -> None:
        """Take in a piece that was just made."""
        self._fill(piece, self._room(piece.names, len(piece)))
        self._settle(piece)

    def columns(self, log: str) -> Columns:
        """Return the columns, no longer writeable, as read from a log that ends there.

        Raises
        ------
        ValueError
            If targets run in a circle.
        """
        held: dict[str, Any] = {name: column[: self._rows] for name, column in self._columns.items()}
        until = self._stands_until(held["kind"], held["known_from"])
        names: dict[str, Any] = {name: self._named(name, held.pop(name)) for name in _CODED}
        for array in (*held.values(), until, *(one.codes for one in names.values())):
            array.setflags(write=False)
        last = int(held["known_from"].max()) if self._rows else None
        return Columns(**names, **held, stands_until=until, last=last, log=log)

    def _room(self, names: Mapping[str, Sequence[str]], rows: int) -> _Room:
        for name, texts in self.names.items():
            texts += names[name]
        parsed = [parse_grade(text) if text else (-1, -1) for text in names["grade"]]
        self._grades = np.concatenate([self._grades, np.array(parsed, dtype=np.int8).reshape(-1, 2)])
        begin, self._due = self._due, self._due + rows
        return _Room(begin, {name: len(texts) for name, texts in self.names.items()}, self._grades)

    def _load(self, shelf: Shelf, page: Page, room: _Room) -> Piece:
        piece = shelf.piece(page)
        self._fill(piece, room)
        return piece

    def _fill(self, piece: Piece, room: _Room) -> None:
        """Write the rows of a piece; pieces may be written at the same time."""
        count = piece.upto(self._last)
        rows = slice(room.begin, room.begin + count)
        told = {name: array[:count] for name, array in piece.columns.items()}
        if count and any(int(told[name].max()) >= room.names[name] for name in NAMED):
            raise IndexError("a name that there is not")
        cells = room.grades[told.pop("grade")]
        told |= {name: cells[:, place] for place, name in enumerate(_GRADE)}
        for name in _TYPES:
            self._columns[name][rows] = told[name]

    def _settle(self, piece: Piece) -> None:
        rows = piece.upto(self._last)
        self._rows += rows
        self._cut |= rows < len(piece)
        for name, parts in self._places.items():
            parts.append(piece.columns[name])

    def _named(self, name: str, codes: NDArray[np.int32]) -> Names:
        """Return a column of names; where the last piece was cut, without those that only the rest has."""
        texts = self.names[name]
        if not self._cut:
            return Names(codes, tuple(texts))
        used = np.zeros(len(texts), dtype=bool)
        used[codes] = True
        places = np.cumsum(used, dtype=np.int32) - np.int32(1)
        return Names(places[codes], tuple(text for text, there in zip(texts, used.tolist(), strict=True) if there))

    def _stands_until(self, kind: NDArray[np.int8], known_from: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return from when each report stands no more; only those that are linked to others are looked at."""
        until = np.full(self._rows, NEVER, dtype=np.int64)
        skipped, linked, target = map(np.concatenate, self._places.values())
        known = linked <= self._last
        linked, target = linked[known], target[known]
        about = np.where(np.isin(target, skipped), -1, _rows(target, skipped))
        linked = _rows(linked, skipped)
        rows = np.unique(np.concatenate([linked, about[about >= 0]]))
        targets = np.full(len(rows), -1, dtype=np.int64)
        targets[np.searchsorted(rows, linked)] = np.where(about < 0, -1, np.searchsorted(rows, about))
        until[rows] = stands_until(targets, kind[rows] == RETRACTION, known_from[rows])
        return until


def _rows(places: NDArray[np.int64], skipped: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the rows of the entries at these places. Shape as ``places``."""
    rows: NDArray[np.int64] = places - 1 - np.searchsorted(skipped, places)
    return rows
