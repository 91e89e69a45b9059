"""Rows on their way into the log: judged portion by portion, matched with what is on file, put aside as drafts.

Here belongs what a stream of rows says of itself and of the log: repeats, external_ids, ids of an export. What a row
says on its own belongs to ``store.rows`` and ``store.placing``, corrections and retractions to ``services.waiting``,
writing to ``services.importing``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from iwscore.domain.catalogs import Catalog
from iwscore.domain.observations import Names
from iwscore.domain.times import print_instant
from iwscore.errors import Fault
from iwscore.services.repeats import Repeats, text_keys
from iwscore.services.waiting import Later, settle
from iwscore.store.drafts import Drafts, draft_rows
from iwscore.store.entries import Entry
from iwscore.store.identities import identify
from iwscore.store.logs import Log
from iwscore.store.placing import judge_clocks, judge_names
from iwscore.store.portions import Portion
from iwscore.store.rows import Rows, judge
from iwscore.store.spools import Spool
from iwscore.store.tables import Table
from iwscore.store.verdicts import Verdicts
from iwscore.store.wordings import row_fault

__all__ = ["Intake", "Reject", "Terms"]

_SAME = ("indicator", "level", "source", "grade", "origin", "note", "url")
_FILLED = ("subject", "marking")  # reading gives a blank cell its default
_OF_THE_HEADER = ("IW305", "IW306", "IW307")
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
Prints = NDArray[np.bytes_]


@dataclass(frozen=True, slots=True)
class Terms:
    """Who imports, into which log and by which catalog, and whether the rows are history."""

    log: Log
    catalog: Catalog
    author: str
    historical: bool


@dataclass(frozen=True, slots=True)
class Reject:
    """A row that is not taken: where it stands, why, and its cells as far as they could be told apart."""

    file: str
    row: int
    faults: tuple[Fault, ...]
    cells: Mapping[str, str]


Refuse = Callable[[Iterable[Reject], Iterable[Fault]], None]


class Intake:
    """Rows taken in so far: ``repeated`` and ``rejected`` count them, the spool holds what is new.

    ``refuse`` is told of rows at fault and of faults that are no row's own; ``broken`` says that there were such.
    """

    def __init__(self, terms: Terms, spool: Spool, refuse: Refuse) -> None:
        self.repeated = self.rejected = 0
        self.broken = False
        self.files: list[str] = []
        self._terms, self._spool, self._refuse = terms, spool, refuse
        self._empty = terms.log.head().entries == 0
        self._now = terms.log.clock()
        self._names = _Names()
        self._waiting: list[Later] = []

    def take(self, portion: Portion) -> None:
        """Judge a portion's rows and put aside those that are new."""
        table = portion.table
        if not self.files or self.files[-1] != table.file:
            self.files.append(table.file)
        rows, verdicts = self._judged(table)
        identities = identify(rows)
        fingerprint = identities.id[identities.place]
        self._names.judge_external_ids(rows, fingerprint, verdicts)
        again = self._entries_again(rows, fingerprint, verdicts)
        self._put(rows, fingerprint, again, verdicts)
        self._report(portion, verdicts)

    def finish(self) -> None:
        """Put aside the corrections and retractions, each behind what it is about."""
        waiting = []
        for _, group in groupby(self._waiting, key=lambda later: id(later.block)):
            block = list(group)
            repeated, conflicting = self._matches(block[0].block)
            self.repeated += int(repeated.sum())
            waiting += [later for later in block if not (repeated | conflicting)[later.place]]
            for later in block:
                if conflicting[later.place]:
                    name = later.block.text("external_id")[later.place]
                    self._refuse_later(later, self._conflict(later, name))
        settled = settle(waiting, self._names.find, self._terms.log, self._terms.author, self.files.__getitem__)
        for later, fault in settled.faults:
            self._refuse_later(later, fault)
        for _, pairs in groupby(settled.ready, key=lambda pair: id(pair[0].block)):
            self._put_later(list(pairs))
        self._names = _Names()  # nothing is asked of them any more

    def _judged(self, table: Table) -> tuple[Rows, Verdicts]:
        terms = self._terms
        spoilt = np.isin(table.rows, np.array([row for row, _ in table.spoilt], dtype=np.int64))
        verdicts = Verdicts(table.file, table.rows, list(table.faults), spoilt)
        rows = judge(table, terms.catalog, verdicts)
        judge_names(rows, terms.catalog, verdicts)
        reported = judge_clocks(rows, table, verdicts, now=self._now, historical=terms.historical)
        return replace(rows, clocks=replace(rows.clocks, reported_at=reported)), verdicts

    def _entries_again(self, rows: Rows, fingerprint: Prints, verdicts: Verdicts) -> Bools:
        """Return which rows of an export are entries of this very log, after noting those that say something else."""
        cells = rows.cells["id"]
        again = np.zeros(len(rows.number), dtype=bool)
        those = np.flatnonzero(cells.sound & ~verdicts.bad)
        if not len(those):
            return again
        other, stands_for = again.copy(), fingerprint.copy()
        names = [cells.text(row) for row in those.tolist()]
        entries = [] if self._empty else self._terms.log.entries(ids=names, limit=len(names))
        held = {entry.id: entry for entry in entries}
        for row, name in zip(those.tolist(), names, strict=True):
            if name in held:
                again[row], other[row] = True, not _same(held[name], rows, row)
                stands_for[row] = name.encode()
        verdicts.against(other, "IW346", "id", cells.text, name="id")
        self._names.know_ids(rows, stands_for, those[~verdicts.bad[those]])
        return again

    def _put(self, rows: Rows, fingerprint: Prints, again: Bools, verdicts: Verdicts) -> None:
        """Put aside the sound rows that are new, and let corrections and retractions wait."""
        sound = np.flatnonzero(~verdicts.bad)
        first = self._names.first(fingerprint[sound]) & ~again[sound]
        self.repeated += int((~first).sum())
        chosen = sound[first]
        stating, later = chosen[rows.kind[chosen] == 0], chosen[rows.kind[chosen] > 0]
        drafts = draft_rows(rows, stating, fingerprint[stating])
        repeated, conflicting = self._matches(drafts)
        self.repeated += int(repeated.sum())
        new = ~repeated & ~conflicting
        file = len(self.files) - 1
        self._spool.put(drafts.part(new), file, rows.number[stating[new]])
        if conflicting.any():
            self._names.refuse(fingerprint[stating[conflicting]])
            where = np.zeros(len(rows.number), dtype=bool)
            where[stating[conflicting]] = True
            verdicts.against(where, "IW346", "external_id", rows.cells["external_id"].text, name="external_id")
        block = draft_rows(rows, later, fingerprint[later])
        self._waiting += [
            Later(file, int(rows.number[row]), block, place, rows.cells["target"].text(row))
            for place, row in enumerate(later.tolist())
        ]

    def _put_later(self, pairs: Sequence[tuple[Later, str]]) -> None:
        """Put aside rows of one block, with what they are about."""
        first = pairs[0][0]
        drafts = first.block.part(np.array([later.place for later, _ in pairs]))
        drafts = replace(drafts, texts={**drafts.texts, "target": _names([target for _, target in pairs])})
        self._spool.put(drafts, first.file, [later.row for later, _ in pairs])

    def _matches(self, drafts: Drafts) -> tuple[Bools, Bools]:
        """Return which drafts are on file, and which have an external_id that stands there for something else."""
        if self._empty or not len(drafts):
            return np.zeros(len(drafts), dtype=bool), np.zeros(len(drafts), dtype=bool)
        matches = self._terms.log.match(drafts, author=self._terms.author)
        return matches.repeated, matches.conflicting

    def _report(self, portion: Portion, verdicts: Verdicts) -> None:
        """Pass on the rows at fault, and the faults that are no row's own."""
        table = portion.table
        by_row: dict[int, list[Fault]] = {}
        loose = []
        for fault in verdicts.faults:
            of_all = fault.code in _OF_THE_HEADER and not table.optional_cells
            if portion.final or of_all or not fault.line:
                loose.append(fault)
            else:
                by_row.setdefault(fault.line, []).append(fault)
        self.broken |= bool(loose)
        self.rejected += len(by_row)
        if by_row or loose:
            places = {row: place for place, row in enumerate(table.rows.tolist()) if row in by_row}
            rejects = [
                Reject(table.file, row, tuple(faults), _cells(table, places.get(row)))
                for row, faults in sorted(by_row.items())
            ]
            self._refuse(rejects, loose)

    def _conflict(self, later: Later, name: str) -> Fault:
        file = self.files[later.file]
        return row_fault(file, later.row, "IW346", "external_id", name, name="external_id")

    def _refuse_later(self, later: Later, fault: Fault) -> None:
        self.rejected += 1
        self._names.refuse(np.array([later.fingerprint.encode()]))
        self._refuse([Reject(fault.file, fault.line, (fault,), later.cells())], ())


class _Names:
    """What the rows of all files go by: fingerprints, external_ids, and the ids of an export."""

    def __init__(self) -> None:
        self._rows, self._external_ids, self._ids = Repeats(0), Repeats(3), Repeats(2)
        self._refused: set[str] = set()

    def first(self, fingerprint: Prints) -> Bools:
        """Return which rows say what no row before has said. Shape (N,)."""
        halves = _halves(fingerprint)
        return self._rows.new(halves[:, 0] ^ halves[:, 1])

    def judge_external_ids(self, rows: Rows, fingerprint: Prints, verdicts: Verdicts) -> None:
        """Note every row whose external_id an earlier row, of any file, has with other content."""
        cells = rows.cells["external_id"]
        those = np.flatnonzero(cells.sound & ~verdicts.bad)
        own = np.hstack([_halves(fingerprint[those]), rows.number[those, None]])
        told = self._external_ids.meet(text_keys(cells.texts, cells.codes[those]), own)
        differs = (told[:, :2] != own[:, :2]).any(axis=1)
        earlier = dict(zip(those[differs].tolist(), told[differs, 2].tolist(), strict=True))
        where = np.zeros(len(rows.number), dtype=bool)
        where[those[differs]] = True
        verdicts.against(where, "IW337", "external_id", cells.text, earlier=earlier.__getitem__)

    def know_ids(self, rows: Rows, stands_for: Prints, those: Ints) -> None:
        """Take in what the ids of these rows stand for."""
        cells = rows.cells["id"]
        self._ids.meet(text_keys(cells.texts, cells.codes[those]), _halves(stands_for[those]))

    def refuse(self, fingerprint: Prints) -> None:
        """Forget rows that are not taken."""
        self._refused.update(one.decode() for one in fingerprint.tolist())

    def find(self, name: str) -> set[str]:
        """Return the fingerprints, or ids in the log, of the rows that go by a name."""
        found = {_digits(told) for index in (self._external_ids, self._ids) if (told := index.find(hash(name)))}
        if len(name) == 32 and set(name) <= set("0123456789abcdef"):
            high, low = _halves(np.array([name.encode()], dtype="S32"))[0].tolist()
            found |= {name} if self._rows.find(high ^ low) is not None else set()
        return found - self._refused


def _halves(digits: Prints) -> Ints:
    """Return 32 hexadecimal digits as two numbers. Shape (N, 2)."""
    raw = bytes.fromhex(digits.astype("S32").tobytes().decode())
    return np.frombuffer(raw, dtype=">i8").astype(np.int64).reshape(-1, 2)


def _digits(halves: Sequence[int]) -> str:
    return b"".join(half.to_bytes(8, "big", signed=True) for half in halves[:2]).hex()


def _same(entry: Entry, rows: Rows, row: int) -> bool:
    """Return whether an entry says what a row of an export says."""
    texts = all(getattr(entry, name) in ("", rows.cells[name].text(row)) for name in _FILLED) and all(
        getattr(entry, name) == rows.cells[name].text(row) for name in _SAME
    )
    observed = entry.observed_at is None or entry.observed_at == rows.clocks.observed_at[row]
    value = np.nan if entry.value is None else entry.value
    return texts and bool(observed) and np.array_equal(value, rows.value[row], equal_nan=True)


def _names(texts: list[str]) -> Names:
    index = {text: place for place, text in enumerate(dict.fromkeys(texts))}
    return Names(np.array([index[text] for text in texts], dtype=np.int32), tuple(index))


def _cells(table: Table, place: int | None) -> dict[str, str]:
    """Return the cells of a row as read, nothing where it could not be split."""
    if place is None:
        return {}
    held = {name: column[place].as_py() for name, column in table.columns.items()}
    return {name: _text(cell) for name, cell in held.items() if cell is not None}


def _text(cell: object) -> str:
    if isinstance(cell, datetime):
        return print_instant(cell)
    return cell.decode(errors="replace") if isinstance(cell, bytes) else str(cell)
