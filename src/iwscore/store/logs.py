"""The log: the append-only record of what was said, and the only door to it.

Here belongs what others may ask of a log. How it is written belongs to ``store.appending``, how it is read to
``store.recalling`` and ``store.listing``, and what makes it trustworthy to ``store.verifying``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import TypeVar

import sqlalchemy as sa

from iwscore.domain.catalogs import Catalog
from iwscore.domain.columns import Columns
from iwscore.domain.observations import Names, Observations
from iwscore.errors import Unreachable
from iwscore.store.appending import append, conflicting, head_of
from iwscore.store.collecting import cache_in, collect
from iwscore.store.databases import Database, database_at, guarded, require_log
from iwscore.store.drafts import Drafts
from iwscore.store.entries import Entry, Head, Matches, Receipt
from iwscore.store.listing import list_entries, list_outcomes
from iwscore.store.matching import Matched, keys, span_of
from iwscore.store.migrating import create_log
from iwscore.store.recalling import recall
from iwscore.store.receipts import Request, answered, keep
from iwscore.store.registering import put_in_force, read_catalog, recorded
from iwscore.store.schema import batches
from iwscore.store.tails import Tail, read_tail
from iwscore.store.tokens import Tokens

__all__ = ["Log", "create_log", "open_log", "read", "receipt_of", "tail_of", "tokens_of"]

Answer = TypeVar("Answer")


def open_log(url: str, *, clock: Callable[[], int], caches: Path | None = None) -> Log:
    """Return the log at that URL; ``clock`` tells the time in microseconds since 1970.

    Its cache of columns is in the folder ``caches``, else beside its file; a log on a server has none without it.

    Raises
    ------
    Unreachable
        If there is none, or it cannot be reached, or it was made by another version.
    """
    database = database_at(url)
    try:
        require_log(database)
    except Unreachable:
        database.dispose()
        raise
    return Log(url, database, clock, caches)


def _leave(
    log: Log, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
) -> None:
    log.close()


@dataclass(eq=False)
class Log(AbstractContextManager["Log"]):
    """An open log. Every method is one transaction; a context manager closes it."""

    url: str
    _database: Database
    clock: Callable[[], int]
    _caches: Path | None = None
    _matched: Matched = field(default_factory=Matched)

    def append(
        self,
        drafts: Drafts | Iterable[Drafts],
        *,
        author: str,
        reason: str,
        historical: bool = False,
        once: bool = False,
        catalog: Catalog | None = None,
        request: Request | None = None,
        progress: Callable[[int], None] | None = None,
    ) -> Receipt:
        """Record drafts as one batch, all or none; return when they are on the disk.

        Blocks of drafts are read while they are written. With ``once``, what the author has on file is left out;
        ``catalog`` is put in force right before, with them or not at all. ``progress`` is told how many drafts have
        been seen to, block by block. A ``request`` that the author has made before is not done again: its first receipt
        is returned, which is kept for a day at least.

        Raises
        ------
        DraftFaults
            If the log does not take one of them.
        QuestionError
            If the request's key stands for another request of this author.
        """
        with guarded(self._database), self._database.writing() as connection:
            if request is not None and (before := answered(connection, author, request)) is not None:
                return before
            if catalog is not None:
                put_in_force(
                    self._database, connection, catalog, clock=self.clock, author=author,
                    reason=f"in force for: {reason}",
                )  # fmt: skip
            receipt = append(
                self._database, connection, drafts, clock=self.clock, author=author, reason=reason,
                historical=historical, once=once, progress=progress,
            )  # fmt: skip
            if request is not None:
                keep(connection, author, request, receipt, self.clock())
            return receipt

    def match(self, drafts: Drafts, *, author: str) -> Matches:
        """Return which drafts the author has on file, and whose external_id is taken by something else."""
        with _reading(self._database) as connection:
            head = head_of(connection).digest
            known = self._matched.on_file(self._database, connection, author, head, span_of(drafts))
            repeated = known.holds(keys(drafts.fingerprint))
            taken, names = repeated.copy(), drafts.text("external_id")
            new = Names(names.codes[~repeated], names.names)
            taken[~repeated] = conflicting(connection, new, author)
        return Matches(repeated, taken & ~repeated)

    def register(self, catalog: Catalog, *, author: str, reason: str) -> Receipt | None:
        """Record that this catalog is in force from now on, and its text; None where it is already."""
        with guarded(self._database), self._database.writing() as connection:
            return put_in_force(self._database, connection, catalog, clock=self.clock, author=author, reason=reason)

    def observations(self, *, head: str | None = None) -> Observations:
        """Return every observation, correction and retraction, ordered by ``known_from``, then by place.

        With ``head``, the digest of an earlier head, as they stood then.

        Raises
        ------
        Unreachable
            IW432 if the log never stood at that head.
        """
        with _reading(self._database) as connection:
            return recall(self._database, connection, _head_at(connection, self._database, head))

    def columns(
        self,
        *,
        head: str | None = None,
        progress: Callable[[int, int], None] | None = None,
        refused: Callable[[str], None] | None = None,
    ) -> Columns:
        """Return what questions read of the observations, in the order of recording, from the cache where it has them.

        With ``head``, the digest of an earlier head, as they stood then. ``progress`` is told how many entries of those
        that the cache lacks are done; ``refused`` why it cannot be written to.

        Raises
        ------
        Unreachable
            IW432 if the log never stood at that head.
        """
        with _reading(self._database) as connection:
            asked = _head_at(connection, self._database, head)
            cache = cache_in(self._database, connection, self._caches)
            return collect(self._database, connection, asked, cache, progress=progress, refused=refused)

    def entries(
        self,
        *,
        after: int = 0,
        limit: int = 1000,
        ids: Sequence[str] | None = None,
        external_ids: Sequence[str] | None = None,
    ) -> list[Entry]:
        """Return the entries after a place, at most so many; with ids or external_ids those alone."""
        with _reading(self._database) as connection:
            return list_entries(connection, after=after, limit=limit, ids=ids, external_ids=external_ids)

    def outcomes(self, *, known_at: int | None = None) -> list[Entry]:
        """Return the outcomes of problems that are in force, now or as known then."""
        with _reading(self._database) as connection:
            return list_outcomes(connection, known_at=known_at)

    def catalogs(self, *, head: str | None = None) -> list[tuple[int, str]]:
        """Return since when which catalog is in force, by its digest, ascending; with ``head`` as it stood then."""
        with _reading(self._database) as connection:
            return recorded(self._database, connection, _head_at(connection, self._database, head))

    def catalog(self, digest: str) -> Catalog:
        """Return a catalog as it was recorded.

        Raises
        ------
        Unreachable
            IW433 if its text is not in the log, or is not what was recorded; IW434 if this version cannot read it.
        """
        with _reading(self._database) as connection:
            return read_catalog(self._database, connection, digest)

    def head(self) -> Head:
        """Return where the chain ends."""
        with _reading(self._database) as connection:
            return head_of(connection)

    def settle(self, known_at: int) -> None:
        """Return once no batch can be stamped at or before that time any more, unless the clock has not reached it.

        A batch in flight may have been stamped already: it is waited for, so that what is read afterwards as known
        at that time stays the same.
        """
        recorded_at = self.head().recorded_at
        if recorded_at is None or recorded_at < known_at:
            with guarded(self._database):
                self._database.settle()

    def close(self) -> None:
        """Give back every connection."""
        self._database.dispose()

    __exit__ = _leave


def tail_of(log: Log, after: Head) -> Tail | None:
    """Return what a log has taken since it stood at that head; None where it stands there still."""
    with _reading(log._database) as connection:
        return read_tail(log._database, connection, after)


def receipt_of(log: Log, author: str, request: Request) -> Receipt | None:
    """Return what a request of this author was answered with, None where it is new.

    Raises
    ------
    QuestionError
        If its key is none, or stands for another request of this author.
    """
    with _reading(log._database) as connection:
        return answered(connection, author, request)


def tokens_of(log: Log) -> Tokens:
    """Return the tokens that are kept beside a log, by the same clock."""
    return Tokens(log._database, log.clock)


def read(log: Log, asked: Callable[[sa.Connection], Answer]) -> Answer:
    """Return what is asked of one state of a log, in one transaction."""
    with _reading(log._database) as connection:
        return asked(connection)


@contextmanager
def _reading(database: Database) -> Iterator[sa.Connection]:
    with guarded(database), database.reading() as connection:
        yield connection


def _head_at(connection: sa.Connection, database: Database, digest: str | None) -> Head:
    if digest is None:
        return head_of(connection)
    if digest == Head().digest:
        return Head()
    columns = batches.c
    query = sa.select(columns.digest, columns.number, columns.first + columns.entries - 1, columns.recorded_at)
    found = connection.execute(query.where(columns.digest == bytes.fromhex(digest))).first()
    if found is None:
        raise Unreachable(
            "IW432", "log never stood at this head", f"{database.place}: {digest}", "must be one of the log's",
            "Name the log it was read from.",
        )  # fmt: skip
    return Head(bytes(found[0]).hex(), *found[1:])
