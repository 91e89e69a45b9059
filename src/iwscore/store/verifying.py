"""Whether a log is what was recorded: every digest taken anew, and the place of everything that does not fit.

Here belongs walking the log batch by batch. The canonical bytes belong to ``store.digests``; a change that remakes
the whole chain shows only against a head that was kept elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import sqlalchemy as sa

from iwscore.errors import Fault
from iwscore.store.appending import head_of
from iwscore.store.catalog_texts import catalog_faults
from iwscore.store.databases import Database, database_at, guarded, require_log
from iwscore.store.digests import Block, Chain, canonical_rows, header, mark, marks, reseat, sha256_each
from iwscore.store.entries import GENESIS, Head
from iwscore.store.ids import strays
from iwscore.store.log_wordings import log_fault
from iwscore.store.schema import batches, entries
from iwscore.store.segment_faults import Comparison

__all__ = ["MOST_FAULTS", "Verdict", "verify_log", "verify_rows"]

MOST_FAULTS = 1000
_BATCHES_AT_ONCE, _ENTRIES_AT_ONCE = 10_000, 1 << 16


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a verification has found, in order of place; ``head`` is where the log ends now.

    ``cut_excluded`` is whether the chain passes through the head that was asked for, so that nothing up to there is
    missing. ``more`` is whether there were more faults than are kept.
    """

    faults: tuple[Fault, ...]
    head: Head
    cut_excluded: bool
    more: bool = False


def verify_log(url: str, *, head: str | None = None, progress: Callable[[int, int], None] | None = None) -> Verdict:
    """Return what does not fit in the log at that URL; ``progress`` is told how many entries of all are done.

    Memory is bounded: the log is read in blocks.

    Raises
    ------
    Unreachable
        If there is no log, or it cannot be read.
    """
    database = database_at(url)
    try:
        require_log(database)
        with guarded(database), database.reading() as connection:
            return verify_rows(database, connection, head=head, progress=progress)
    finally:
        database.dispose()


def verify_rows(
    database: Database,
    connection: sa.Connection,
    *,
    head: str | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Verdict:
    """Return what does not fit in the log, as one transaction sees it."""
    walk = _Walk(database, connection, head, progress)
    walk.run()
    missing = sorted(database.missing_guards(connection))
    unguarded = [log_fault(database.place, name.partition("_")[0], 0, "IW448", name) for name in missing]
    return walk.verdict([*catalog_faults(database, connection), *unguarded])


class _Walk:
    """One pass over the log in order; faults are kept up to a limit."""

    def __init__(
        self,
        database: Database,
        connection: sa.Connection,
        asked: str | None,
        progress: Callable[[int, int], None] | None,
    ) -> None:
        self._database, self._connection, self._asked, self._progress = database, connection, asked, progress
        self._log = database.place
        self._faults: list[Fault] = []
        self._loose: dict[int, tuple[bytes, int]] = {}  # canonical bytes and mark of rows that do not fit
        self._vacant: set[int] = set()  # places without a row
        self._segments = Comparison(connection)
        self._head = head_of(connection)
        self._passed = asked == GENESIS
        self._total = connection.execute(sa.select(sa.func.count()).select_from(entries)).scalar_one()

    def run(self) -> None:
        """Hold every batch against its entries and the batch before it."""
        stream = _Stream(self._rows())
        previous, number = bytes.fromhex(GENESIS), 0
        for batch in self._batches():
            digest = batch.pop("digest")
            for missing in range(number + 1, batch["number"])[:MOST_FAULTS]:
                self._note("batches", missing, "IW445")
            self._inserted(stream.until(batch["first"] - 1))
            chain = Chain(previous)
            sound = self._entries(stream, batch, chain)
            if sound and chain.close(header(**batch)) != digest:
                self._note("batches", batch["number"], "IW444")
            previous, number = digest, batch["number"]
            self._passed = self._passed or digest.hex() == self._asked
        self._inserted(stream.until(None))
        self._segments.close()
        for first in self._segments.differing:
            self._note("segments", first, "IW449", first=first)
        named = {fault.line for fault in self._faults if fault.field == "entries"}
        for seq in strays(self._connection, MOST_FAULTS):
            if seq not in named:
                self._note("ids", seq, "IW450")

    def verdict(self, more: Iterable[Fault]) -> Verdict:
        """Return what was found; rows that only changed places are told from rows that changed."""
        faults = [self._moved(fault) for fault in self._faults]
        if self._asked is not None and not self._passed:
            words = {"head": self._asked, "batch": self._head.batch, "entry": self._head.entries}
            faults.append(log_fault(self._log, "batches", self._head.batch, "IW446", None, words))
        faults += more
        over = len(faults) > MOST_FAULTS
        cut_excluded = self._asked is not None and self._passed
        return Verdict(tuple(faults[:MOST_FAULTS]), self._head, cut_excluded, more=over)

    def _rows(self) -> Iterator[_Rows]:
        done = 0
        for block in self._pages(entries, entries.c.seq, _ENTRIES_AT_ONCE):
            lines = canonical_rows(block)
            self._segments.hold(block)
            digests = sha256_each(lines)
            kept = block["mark"].fill_null(0).to_numpy(zero_copy_only=False)
            seq = block["seq"].to_numpy(zero_copy_only=False)
            yield _Rows(seq, lines, digests, kept, marks(digests) == kept)
            done += len(lines)
            if self._progress:
                self._progress(done, self._total)

    def _batches(self) -> Iterator[dict[str, Any]]:
        """Yield the batches in order."""
        for block in self._pages(batches, batches.c.number, _BATCHES_AT_ONCE):
            columns = [block[column.name].to_pylist() for column in batches.columns]
            for row in zip(*columns, strict=True):
                yield dict(zip(batches.columns.keys(), row, strict=True))

    def _pages(self, table: sa.Table, key: sa.Column[int], size: int) -> Iterator[Block]:
        """Yield a table in the order of its key, each page a query of its own: two tables are read in turn."""
        query = sa.select(table).order_by(key).limit(size)
        page = list(self._database.blocks(self._connection, query, raw=True))
        while page:
            yield from page
            last = page[-1][key.name][-1].as_py()
            page = list(self._database.blocks(self._connection, query.where(key > last), raw=True))

    def _entries(self, stream: _Stream, batch: dict[str, Any], chain: Chain) -> bool:
        """Take a batch's entries into its chain; return whether each is there and fits its mark."""
        due, last = batch["first"], batch["first"] + batch["entries"] - 1
        sound, span = True, {"batch": batch["number"], "first": due, "last": last}
        for rows in stream.until(last):
            expected = np.arange(due, due + len(rows.seq))
            if not (rows.fits.all() and np.array_equal(rows.seq, expected)):
                sound = False
                self._misfits(rows, due, span)
            chain.add(rows.digests)
            due = int(rows.seq[-1]) + 1
        for seq in range(due, last + 1)[:MOST_FAULTS]:
            sound = False
            self._gone(seq, span)
        return sound

    def _misfits(self, rows: _Rows, due: int, span: dict[str, int]) -> None:
        for at, seq in enumerate(rows.seq.tolist()):
            if len(self._faults) > MOST_FAULTS:
                return
            for missing in range(due, seq)[:MOST_FAULTS]:
                self._gone(missing, span)
            if not rows.fits[at]:
                self._note("entries", seq, "IW440", batch=span["batch"])
                self._loose[seq] = (rows.lines[at], int(rows.marks[at]))
            due = seq + 1

    def _gone(self, seq: int, span: dict[str, int]) -> None:
        self._note("entries", seq, "IW441", **span)
        self._vacant.add(seq)

    def _inserted(self, parts: Iterable[_Rows]) -> None:
        """Note the rows that belong to no batch."""
        for rows in parts:
            for at, seq in enumerate(rows.seq[:MOST_FAULTS].tolist()):
                self._note("entries", seq, "IW442")
                self._loose[seq] = (rows.lines[at], int(rows.marks[at]))

    def _moved(self, fault: Fault) -> Fault:
        """Return the fault of a row as a move where the row fits a place that is not filled as it should be."""
        if fault.code not in ("IW440", "IW442"):
            return fault
        line, kept = self._loose[fault.line]
        for seq in sorted((self._loose.keys() | self._vacant) - {fault.line}):
            if mark(reseat(line, seq)) == kept:
                return log_fault(self._log, "entries", fault.line, "IW443", None, {"was": seq})
        return fault

    def _note(self, table: str, row: int, code: str, **words: object) -> None:
        if len(self._faults) <= MOST_FAULTS:
            self._faults.append(log_fault(self._log, table, row, code, None, words))


@dataclass(frozen=True, slots=True, eq=False)
class _Rows:
    """Consecutive rows: place, canonical bytes, digest, the mark that is kept, and whether that fits."""

    seq: Any
    lines: list[bytes]
    digests: list[bytes]
    marks: Any
    fits: Any

    def cut(self, at: int) -> tuple[_Rows, _Rows]:
        """Return the first so many rows, and the rest."""
        a, b = slice(None, at), slice(at, None)
        first, rest = (_Rows(self.seq[s], self.lines[s], self.digests[s], self.marks[s], self.fits[s]) for s in (a, b))
        return first, rest


class _Stream:
    """Blocks of rows to be taken up to a place at a time."""

    def __init__(self, blocks: Iterator[_Rows]) -> None:
        self._blocks = blocks
        self._left: _Rows | None = None

    def until(self, last: int | None) -> Iterator[_Rows]:
        """Yield the next rows up to and with that place; all of them where it is None."""
        while (rows := self._left or next(self._blocks, None)) is not None:
            self._left = None
            at = len(rows.seq) if last is None else int(np.searchsorted(rows.seq, last, side="right"))
            taken, rest = rows.cut(at)
            if len(taken.seq):
                yield taken
            if len(rest.seq):
                self._left = rest
                return
