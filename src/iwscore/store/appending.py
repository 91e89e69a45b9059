"""One batch: drafts are stamped, chained and written, all or none.

Here belongs what happens inside the transaction that writes. What is refused belongs to ``store.refusing``, what is
on file already to ``store.matching``, the canonical bytes to ``store.digests``.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import sqlalchemy as sa
from numpy.typing import NDArray

from iwscore.domain.observations import NEVER, Names
from iwscore.errors import DraftFaults, Fault
from iwscore.store.databases import Database
from iwscore.store.digests import Block, Chain, canonical_rows, each_key, header, marks, sha256_each
from iwscore.store.drafts import Drafts
from iwscore.store.entries import TEXTS, Head, Receipt
from iwscore.store.ids import enter_ids
from iwscore.store.matching import Known, Span, external_ids_on_file, keys, on_file, span_of, targets_on_file
from iwscore.store.overlaps import Behind
from iwscore.store.refusing import conflict_faults, signature_faults, target_faults, text_faults, time_faults
from iwscore.store.schema import FORM, batches
from iwscore.store.segments import LEAST, SIZE, cover, write_segment

__all__ = ["Batch", "append", "conflicting", "head_of"]

_AT_ONCE, _SMALL = 1 << 16, 500
_INSERT = sa.insert(batches)
Insert = Callable[[sa.Connection], None]


def append(
    database: Database,
    connection: sa.Connection,
    drafts: Drafts | Iterable[Drafts],
    *,
    clock: Callable[[], int],
    author: str,
    reason: str,
    historical: bool,
    once: bool,
    progress: Callable[[int], None] | None,
) -> Receipt:
    """Write the drafts as one batch into a transaction that holds the writers' lock."""
    with Behind() as behind:
        batch = Batch(
            database, connection, behind, clock=clock, author=author, reason=reason, historical=historical
        )  # fmt: skip
        if once:
            batch.remember(span_of(drafts) if isinstance(drafts, Drafts) else None)
        for block in [drafts] if isinstance(drafts, Drafts) else drafts:
            for part in _parts(block):
                batch.add(part)
                if progress:
                    progress(len(part))
        return batch.close()


def head_of(connection: sa.Connection) -> Head:
    """Return where the chain ends."""
    columns = batches.c
    query = sa.select(columns.digest, columns.number, columns.first + columns.entries - 1, columns.recorded_at)
    last = connection.execute(query.order_by(columns.number.desc()).limit(1)).first()
    return Head() if last is None else Head(bytes(last[0]).hex(), *last[1:])


class Batch:
    """A batch being written, the last part behind the next; its stamp and digest are settled when it is closed."""

    def __init__(
        self,
        database: Database,
        connection: sa.Connection,
        behind: Behind,
        *,
        clock: Callable[[], int],
        author: str,
        reason: str,
        historical: bool,
    ) -> None:
        _refuse(signature_faults(author, reason))
        self._database, self._connection, self._behind = database, connection, behind
        self._clock, self._author, self._reason, self._historical = clock, author, reason, historical
        self._before = head_of(connection)
        self._stamp = self._now()
        self._chain = Chain(bytes.fromhex(self._before.digest))
        self._known: Known | None = None
        self._seen = self._added = 0

    def remember(self, span: Span | None) -> None:
        """Leave out what the author has on file; all drafts are observed within the span, if there is one."""
        self._known = on_file(self._database, self._connection, self._author, span)

    def add(self, drafts: Drafts) -> None:
        """Write more entries, or refuse the batch."""
        places = np.arange(self._seen, self._seen + len(drafts), dtype=np.int64)
        self._seen += len(drafts)
        self._refuse([
            *text_faults(drafts, places),
            *time_faults(drafts, places, stamp=self._stamp, historical=self._historical),
        ])  # fmt: skip
        new = self._new(drafts)
        drafts, places = drafts.part(new), places[new]
        if not len(drafts):
            return
        made = os.urandom(16 * len(drafts))
        targets, kinds = self._targets(drafts, np.frombuffer(made, dtype="S16"))
        self._refuse(target_faults(drafts, places, kinds))
        block = self._stamped(drafts, made, targets)
        before = self._before.entries + self._added
        insert = self._database.inserting(block)
        if len(drafts) <= _SMALL:
            self._behind.settle()
            self._write(block, insert, drafts, places, before)
        else:
            self._behind.put(lambda: self._write(block, insert, drafts, places, before))
        self._added += len(drafts)

    def close(self) -> Receipt:
        """Stamp and seal the batch; nothing is written where nothing was added."""
        self._behind.settle()
        repeated = self._seen - self._added
        if not self._added:
            return Receipt(None, None, 0, repeated, None, self._before)
        stamp = max(self._now(), self._stamp)
        columns: dict[str, Any] = {
            "form": FORM,
            "first": self._before.entries + 1,
            "entries": self._added,
            "recorded_at": stamp,
            "historical": int(self._historical),
            "author": self._author,
            "reason": self._reason,
        }
        last = self._before.entries + self._added
        if last // SIZE > self._before.entries // SIZE:
            cover(self._database, self._connection, last)
        enter_ids(self._connection, columns["first"])
        number = self._before.batch + 1
        signed = {"author": self._author.encode(), "reason": self._reason.encode()}
        digest = self._chain.close(header(number, **columns | signed))
        self._connection.execute(_INSERT, {"number": number, "digest": digest, **columns})
        head = Head(digest.hex(), number, last, stamp)
        return Receipt(number, columns["first"], self._added, repeated, stamp, head)

    def _now(self) -> int:
        """Return the clock's time, or the first one after the last batch where the clock has gone back."""
        last = self._before.recorded_at
        return self._clock() if last is None else max(self._clock(), last + 1)

    def _new(self, drafts: Drafts) -> NDArray[np.bool_]:
        """Return which drafts are not on file, each once."""
        if self._known is None:
            return np.ones(len(drafts), dtype=bool)
        fingerprints = keys(drafts.fingerprint)
        first = np.zeros(len(drafts), dtype=bool)
        first[np.unique(fingerprints, return_index=True)[1]] = True
        new: NDArray[np.bool_] = first & ~self._known.holds(fingerprints)
        self._known.add(fingerprints[new])
        return new

    def _targets(self, drafts: Drafts, ids: NDArray[np.bytes_]) -> tuple[dict[int, bytes], dict[int, int]]:
        """Return id and kind of what each draft is about, as far as it is found: here, else in the log."""
        names = drafts.text("target")
        asking = {i: _key(names[i]) for i in np.flatnonzero(np.isin(drafts.kind, (1, 2))).tolist()}
        if not asking:
            return {}, {}
        self._behind.settle()
        wanted = {name for name in asking.values() if name is not None}
        made = zip(each_key(ids), drafts.kind.tolist(), strict=True)
        here = dict(zip(each_key(keys(drafts.fingerprint)), made, strict=True))
        found = {name: here[name] for name in wanted if name in here}
        rest = sorted(wanted - found.keys())
        found |= targets_on_file(self._database, self._connection, rest, self._author)
        pairs = {i: found[name] for i, name in asking.items() if name in found}
        return {i: pair[0] for i, pair in pairs.items()}, {i: pair[1] for i, pair in pairs.items()}

    def _stamped(self, drafts: Drafts, made: bytes, targets: dict[int, bytes]) -> Block:
        """Return the drafts as entries, the mark of each among their columns, and take them into the chain."""
        n = len(drafts)
        start = self._before.entries + self._added + 1
        block = {
            "seq": pa.array(np.arange(start, start + n)),
            "batch": pa.array(np.full(n, self._before.batch + 1)),
            "id": _key_column(made),
            "kind": pa.array(drafts.kind.astype(np.int64)),
            "observed_at": pa.array(drafts.observed_at, mask=drafts.observed_at == NEVER),
            "reported_at": pa.array(drafts.reported_at, mask=drafts.reported_at == NEVER),
            "value": pa.array(drafts.value, mask=np.isnan(drafts.value)),
            **{name: _text_column(drafts.text(name)) for name in (*TEXTS, "reason", "content")},
            "target": pa.array([targets.get(i) for i in range(n)], pa.binary(16)) if targets else _no_key(n),
            "author": _text_column(Names(np.zeros(n, dtype=np.int32), (self._author,))),
            "fingerprint": _key_column(keys(drafts.fingerprint).tobytes()),
        }
        digests = sha256_each(canonical_rows(block))
        self._chain.add(digests)
        return block | {"mark": pa.array(marks(digests))}

    def _write(self, block: Block, insert: Insert, drafts: Drafts, places: NDArray[np.int64], before: int) -> None:
        """Write a part behind so many entries, a large one also as a segment."""
        self._insert(insert, drafts, places)
        if len(drafts) >= LEAST:
            cover(self._database, self._connection, before)
            write_segment(self._connection, block)

    def _refuse(self, faults: list[Fault]) -> None:
        """Refuse the batch if there are faults; those of earlier parts come first."""
        if faults:
            self._behind.settle()
        _refuse(faults)

    def _insert(self, insert: Insert, drafts: Drafts, places: NDArray[np.int64]) -> None:
        """Write a part: of a small one it is asked first what is taken, of a large one when the database refuses it."""
        if len(drafts) <= _SMALL:
            _refuse(self._conflicts(drafts, places))
            insert(self._connection)
            return
        savepoint = self._connection.begin_nested()
        try:
            insert(self._connection)
        except Exception as error:
            if not self._database.is_conflict(error):
                raise
            savepoint.rollback()
            _refuse(self._conflicts(drafts, places))
            raise
        savepoint.commit()

    def _conflicts(self, drafts: Drafts, places: NDArray[np.int64]) -> list[Fault]:
        names = drafts.text("external_id")
        taken = conflicting(self._connection, names, self._author)
        return conflict_faults(names, places, taken)


def conflicting(connection: sa.Connection, names: Names, author: str) -> NDArray[np.bool_]:
    """Return which rows have an external_id that the author has used, in the log or in an earlier row. Shape (N,)."""
    used = np.unique(names.codes)
    given = [names.names[code] for code in used.tolist() if names.names[code]]
    there = external_ids_on_file(connection, given, author)
    taken = np.array([name in there for name in names.names])[names.codes]
    later = np.ones(len(names.codes), dtype=bool)
    later[np.unique(names.codes, return_index=True)[1]] = False
    blank = np.array([name == "" for name in names.names])[names.codes]
    found: NDArray[np.bool_] = (taken | later) & ~blank
    return found


def _refuse(faults: list[Fault]) -> None:
    if faults:
        raise DraftFaults(faults)


def _parts(drafts: Drafts) -> Iterator[Drafts]:
    for start in range(0, len(drafts), _AT_ONCE):
        yield drafts.part(slice(start, start + _AT_ONCE))


def _key(digits: str) -> bytes | None:
    """Return the key that 32 hexadecimal digits write, None where the text is no such thing."""
    try:
        key = bytes.fromhex(digits)
    except ValueError:
        return None
    return key if len(key) == 16 else None


def _key_column(raw: bytes) -> Any:
    return pa.Array.from_buffers(pa.binary(16), len(raw) // 16, [None, pa.py_buffer(raw)])


def _no_key(n: int) -> Any:
    return pa.nulls(n, pa.binary(16))


def _text_column(names: Names) -> Any:
    """Return names as an Arrow dictionary, null where blank; of more names than rows those in use alone."""
    codes, held = names.codes, names.names
    if len(held) > len(codes):
        used, places = np.unique(codes, return_inverse=True)
        codes, held = places.astype(np.int32), tuple(held[code] for code in used.tolist())
    blank = np.array([name == "" for name in held], dtype=bool)[codes]
    if blank.all():
        return pa.nulls(len(codes), pa.large_string())
    return pa.DictionaryArray.from_arrays(pa.array(codes, mask=blank), pa.array(held, pa.large_string()))
