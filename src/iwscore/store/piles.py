"""Piles: reports put aside by subject and indicator, in memory as long as they fit, then on the disk.

Here belongs the way there and back. What a lot is belongs to ``store.lots``; docs/adr says how a pile lies on the
disk and what a budget is made of.

A temporary file without a name takes lots that are sorted by subject, then indicator, column after column. Reading
back takes the stretches that are asked for, as bytes: pages mapped into memory would count against the budget.
"""

from __future__ import annotations

import os
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from weakref import finalize

import numpy as np
from numpy.typing import NDArray

from iwscore.store.lots import Lot, is_same, join, repeated, rows_in
from iwscore.store.parts import refusing_disk

__all__ = ["Pile"]

_TEMPORARY = Path(tempfile.gettempdir())
_LOT = 1 << 20  # rows that are sorted at once
_SHIFT, _INDICATOR = 32, (1 << 32) - 1  # subject and indicator in one key


@dataclass(frozen=True, slots=True, eq=False)
class _Kept:
    """A lot on the disk: where its rows of each subject and indicator begin, and its columns.

    ``key`` (K,) ascends; ``begin`` (K + 1,). A column is a value repeated, or where in the file which type begins.
    """

    key: NDArray[np.int64]
    begin: NDArray[np.int64]
    columns: Mapping[str, tuple[int, Any]]


class Pile:
    """Reports of many subjects; ``room`` is how many rows may be in memory, ``folder`` where the others go.

    What is on the disk is gone with the pile, or at the end of the block where it is used as a context manager.
    """

    def __init__(self, room: int, folder: Path | None = None) -> None:
        self.room = room
        self._lots: list[Lot] = []
        self._held = 0
        self._disk = _Disk(folder or _TEMPORARY)

    def __enter__(self) -> Pile:
        return self

    def __exit__(self, *error: object) -> None:
        """Let go of what is on the disk."""
        self._disk.close()

    @property
    def spilled(self) -> bool:
        """Whether any of it is on the disk."""
        return bool(self.counts)

    @property
    def counts(self) -> Mapping[int, Mapping[int, int]]:
        """How many rows on the disk each indicator of each subject has."""
        return self._disk.counts

    def add(self, lot: Lot) -> None:
        """Take in a lot."""
        if not rows_in(lot):
            return
        self._lots.append(lot)
        self._held += rows_in(lot)
        if self._held > self.room or (self.spilled and self._held >= _LOT):
            self._spill()

    def close(self) -> None:
        """Say that there is no more: what is partly on the disk goes there whole."""
        if self.spilled:
            self._spill()

    def whole(self) -> Lot | None:
        """Return all rows of a pile that is in memory, which gives them up; None where it has none."""
        lots, self._lots = self._lots, []
        return join(lots) if lots else None

    def of(self, subject: int, first: int = 0, last: int = _INDICATOR) -> Lot | None:
        """Return a subject's rows on the disk from the ``first`` indicator to the ``last``, None where it has none."""
        key = subject << _SHIFT
        return self._disk.read(key | first, key | last)

    def _spill(self) -> None:
        lots, self._lots, self._held = self._lots, [], 0
        for lot in _portions(lots):
            self._disk.write(lot)


class _Disk:
    """Lots in a temporary file of a folder, which is made with the first of them."""

    def __init__(self, folder: Path) -> None:
        self.counts: defaultdict[int, Counter[int]] = defaultdict(Counter)
        self._folder = folder
        self._file: Any = None
        self._kept: list[_Kept] = []
        self._ending = ExitStack()
        self.close = finalize(self, self._ending.close)

    def write(self, lot: Lot) -> None:
        """Put a lot on the disk, sorted."""
        order = _order(lot)
        key = _keys(lot, order)
        begin = np.flatnonzero(np.append(True, key[1:] != key[:-1]))
        columns: dict[str, tuple[int, Any]] = {}
        with refusing_disk(self._folder):
            if self._file is None:
                self._file = self._ending.enter_context(_temporary(self._folder))
            self._file.seek(0, os.SEEK_END)
            for name, column in lot.items():
                if is_same(column):
                    columns[name] = -1, column[0]
                elif name != "known_from" or column is not lot["observed_at"]:
                    columns[name] = self._file.tell(), column.dtype
                    self._file.write(column[order].data)
        keys, begin = key[begin], np.append(begin, len(key))
        for one, rows in zip(keys.tolist(), np.diff(begin).tolist(), strict=True):
            self.counts[one >> _SHIFT][one & _INDICATOR] += rows
        self._kept.append(_Kept(keys, begin, columns))

    def read(self, first: int, last: int) -> Lot | None:
        """Return the rows from one key to another, None where there are none."""
        spans = ((kept, *kept.begin[np.searchsorted(kept.key, [first, last + 1])].tolist()) for kept in self._kept)
        found = [self._stretch(kept, start, stop) for kept, start, stop in spans if start < stop]
        return join(found) if found else None

    def _stretch(self, kept: _Kept, start: int, stop: int) -> Lot:
        read = {name: self._column(place, kind, start, stop) for name, (place, kind) in kept.columns.items()}
        return {"known_from": read["observed_at"], **read}

    def _column(self, place: int, kind: Any, start: int, stop: int) -> NDArray[Any]:
        if place < 0:
            return repeated(kind, stop - start)
        column = np.empty(stop - start, dtype=kind)
        with refusing_disk(self._folder):
            self._file.seek(place + start * kind.itemsize)
            self._file.readinto(column.data.cast("B"))
        return column


@contextmanager
def _temporary(folder: Path) -> Iterator[Any]:
    with tempfile.TemporaryFile(prefix="iwscore-", dir=folder) as file:
        yield file


def _order(lot: Lot) -> NDArray[np.int64]:
    """Return the rows by subject, then indicator; numbers of 16 bits are sorted in linear time."""
    order = np.argsort(lot["indicator"], kind="stable")
    if is_same(lot["subject"]):
        return order
    subject = lot["subject"][order]
    narrow = subject.astype(np.int16) if subject.max() <= np.iinfo(np.int16).max else subject
    return order[np.argsort(narrow, kind="stable")]


def _keys(lot: Lot, order: NDArray[np.int64]) -> NDArray[np.int64]:
    keys = lot["subject"][order].astype(np.int64) << _SHIFT
    keys |= lot["indicator"][order]
    return keys


def _portions(lots: list[Lot]) -> Iterator[Lot]:
    """Yield the rows of lots, joined and cut to what is sorted at once."""
    while lots:
        taken, rows = list[Lot](), 0
        while lots and (not taken or rows + rows_in(lots[-1]) <= _LOT):
            taken.append(lots.pop())
            rows += rows_in(taken[-1])
        yield join(taken)
