"""Which database holds a log, and what it may refuse.

Here belong URLs, what every database of logs can do, and the words for what goes wrong with one. How each does it
belongs to ``store.sqlite`` and ``store.postgresql``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, DBAPIError

from iwscore.errors import Unreachable
from iwscore.store.digests import Block
from iwscore.store.schema import REVISIONS, VERSION_TABLE

__all__ = ["Database", "damaged", "database_at", "guarded", "not_a_log", "require_log", "revision_of"]

_POSTGRESQL = ("postgresql", "postgres", "postgresql+psycopg")
_FULL, _BUSY, _SPOILT, _NO_DATABASE = "IW419", "IW418", "IW416", "IW414"
# What the two databases call what has happened: SQLite's error names, PostgreSQL's states.
_CODES = {
    "SQLITE_FULL": _FULL,
    "53100": _FULL,
    "SQLITE_BUSY": _BUSY,
    "SQLITE_BUSY_SNAPSHOT": _BUSY,
    "SQLITE_LOCKED": _BUSY,
    "55P03": _BUSY,
    "SQLITE_CORRUPT": _SPOILT,
    "SQLITE_NOTADB": _NO_DATABASE,
}
_VERSION = sa.table(VERSION_TABLE, sa.column("version_num", sa.Text))


class Database(Protocol):
    """A database that can hold a log: SQLite or PostgreSQL.

    ``place`` names it for people, without a password; ``alone`` says whether nothing else may be in it; ``file`` is
    the one that it is in, None on a server.
    """

    place: str
    alone: bool
    file: Path | None

    def exists(self) -> bool:
        """Return whether there is a database at all; it need not hold a log."""

    def make(self) -> None:
        """Make the database itself where that is for iwscore to do."""

    def writing(self) -> AbstractContextManager[sa.Connection]:
        """Open the one transaction that may write; others wait. It is committed at the end, durably."""

    def reading(self) -> AbstractContextManager[sa.Connection]:
        """Open a transaction that sees one state of the log from beginning to end."""

    def settle(self) -> None:
        """Return once no transaction is left that was writing when this was called."""

    def inserting(self, block: Block) -> Callable[[sa.Connection], None]:
        """Return what writes a block of entries, ready to be sent."""

    def is_conflict(self, error: BaseException) -> bool:
        """Return whether that is a row refused because its key is taken."""

    def blocks(self, connection: sa.Connection, query: sa.Select[Any], *, raw: bool = False) -> Iterator[Block]:
        """Yield the rows of a query on columns of entries; with ``raw``, text as bytes, whatever they are."""

    def missing_guards(self, connection: sa.Connection) -> set[str]:
        """Return which of the triggers that refuse changes are not there, or not at work."""

    def dispose(self) -> None:
        """Give back every connection."""


def database_at(url: str) -> Database:
    """Return the database of a URL: ``sqlite:///PATH``, a bare path, or ``postgresql://…``.

    Raises
    ------
    Unreachable
        If the URL is neither, or what reads it is not installed.
    """
    if "://" not in url:
        from iwscore.store.sqlite import SqliteDatabase

        return SqliteDatabase(Path(url))
    try:
        url.encode()
        parsed = sa.make_url(url)
    except (ArgumentError, ValueError):
        raise _unknown(f"{url.partition('://')[0]}://…") from None
    if "@" in (parsed.host or ""):  # of a password: an @ in it must be written %40
        raise _unknown(f"{parsed.drivername}://…")
    if parsed.drivername == "sqlite" and parsed.database and parsed.database != ":memory:":
        from iwscore.store.sqlite import SqliteDatabase

        return SqliteDatabase(Path(parsed.database))
    if parsed.drivername in _POSTGRESQL:
        try:
            from iwscore.store.postgresql import PostgresqlDatabase
        except ImportError as error:
            raise Unreachable(
                "IW417", "driver of PostgreSQL is missing", str(error), "psycopg must be installed",
                "Install iwscore[postgres].",
            ) from error  # fmt: skip
        return PostgresqlDatabase(parsed.set(drivername="postgresql+psycopg"))
    raise _unknown(parsed.render_as_string(hide_password=True))


def _unknown(shown: str) -> Unreachable:
    return Unreachable(
        "IW417", "database is of an unknown kind", shown, "must be a path, sqlite:///PATH or postgresql://…",
        "Correct --database or IWSCORE_DATABASE.",
    )  # fmt: skip


@contextmanager
def guarded(database: Database) -> Iterator[None]:
    """Translate what a database refuses into what iwscore refuses."""
    try:
        yield
    except DBAPIError as error:
        raise _refusal(database, error.orig or error) from error
    except Exception as error:
        if type(error).__module__.partition(".")[0] not in ("sqlite3", "psycopg"):
            raise
        raise _refusal(database, error) from error


def _refusal(database: Database, error: BaseException) -> Unreachable:
    name = getattr(error, "sqlite_errorname", None) or getattr(error, "sqlstate", None) or ""
    code = _CODES.get(name, "IW415")
    said = " ".join(str(error).split())
    if code == _FULL:
        return Unreachable(
            "IW419", "no room for the log", database.place, "there must be room on the disk; nothing was recorded",
            "Make room and try again.",
        )  # fmt: skip
    if code == _BUSY:
        return Unreachable(
            "IW418", "log is busy", database.place, "another command has been writing for too long",
            "Try again when it is done.",
        )  # fmt: skip
    if code == _SPOILT:
        return damaged(database, said)
    if code == _NO_DATABASE:
        return not_a_log(database)
    return Unreachable(
        "IW415", "log cannot be used", f"{database.place}: {said}", "must be a database one may read and write",
        "Check the database, the path and the permissions.",
    )  # fmt: skip


def damaged(database: Database, said: str) -> Unreachable:
    """Return the refusal of a log that cannot be read to the end."""
    return Unreachable(
        "IW416", "log is damaged", f"{database.place}: {said}", "must be a whole database", "Restore it from a dump."
    )


def not_a_log(database: Database) -> Unreachable:
    """Return the refusal of a file or database that is something else."""
    return Unreachable(
        "IW414", "not a log", database.place, "must be one that iwscore has made", "Name another database."
    )


def revision_of(connection: sa.Connection) -> str | None:
    """Return the revision of the log behind a connection, None where there is none."""
    if not sa.inspect(connection).has_table(VERSION_TABLE):
        return None
    version: str | None = connection.execute(sa.select(_VERSION)).scalar()
    return version


def require_log(database: Database, *, current: bool = True) -> str:
    """Return the revision of the log, which must be this version's unless ``current`` is false.

    Raises
    ------
    Unreachable
        If there is no log, or one that this version does not work on.
    """
    missing = Unreachable(
        "IW410", "there is no log", database.place, "must have been made", "Make one by iwscore log create."
    )
    if not database.exists():
        raise missing
    with guarded(database), database.reading() as connection:
        revision = revision_of(connection)
        others = revision is None and bool(sa.inspect(connection).get_table_names())
    if revision is None:
        raise not_a_log(database) if others else missing
    if revision not in REVISIONS:
        raise Unreachable(
            "IW412", "log was made by a newer version", f"{database.place}: {revision}",
            f"must be of revision {REVISIONS[-1]} or older", "Install a newer iwscore.",
        )  # fmt: skip
    if current and revision != REVISIONS[-1]:
        raise Unreachable(
            "IW413", "log was made by an older version", f"{database.place}: {revision}",
            f"must be of revision {REVISIONS[-1]}", "Keep a copy, then run iwscore log migrate.",
        )  # fmt: skip
    return revision
