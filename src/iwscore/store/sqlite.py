"""A log in a file of SQLite.

Here belongs what is SQLite's own: its pragmas, its transactions, rows by the driver. Tables belong to
``store.schema``.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np
import pyarrow as pa
import sqlalchemy as sa
from numpy.typing import NDArray
from pyarrow import types
from sqlalchemy.dialects.sqlite import dialect
from sqlalchemy.pool import QueuePool

from iwscore.store.digests import TYPES, Block
from iwscore.store.schema import COLUMNS, entries, guards

__all__ = ["SqliteDatabase"]

_PATIENCE_SECONDS = 60
_AT_ONCE = 1 << 13  # more at once keeps the garbage collector busier than the database
_PRAGMAS = (
    "PRAGMA synchronous = FULL",  # a commit is on the disk before it is acknowledged
    "PRAGMA cache_size = -65536",  # 64 MiB
    "PRAGMA journal_size_limit = 67108864",
)
_DIALECT = dialect()
_VALUES = " VALUES "
_ROWS_A_STEP = 100  # a step leaves Python to other threads while it runs
_LONG = 1000  # rows from which on a statement is made for them


class SqliteDatabase:
    """A file of SQLite in WAL mode; a commit is acknowledged when it is on the disk."""

    def __init__(self, path: Path) -> None:
        self.place = str(path)
        self.alone = True
        self._path = path.absolute()
        self.file: Path | None = self._path
        self._engine = sa.create_engine("sqlite://", creator=self._connect, poolclass=QueuePool)
        sa.event.listen(self._engine, "begin", _begin)
        _watch(self._engine, self._path)

    def exists(self) -> bool:
        """Return whether there is such a file; one that cannot be looked at shows when it is opened."""
        try:
            return self._path.exists()
        except OSError:
            return True

    def make(self) -> None:
        """Make an empty file in WAL mode, were there none."""
        connection = sqlite3.connect(self._path, isolation_level=None)
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        finally:
            connection.close()

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """Open the one transaction that may write; it waits for others up to a minute."""
        with self._engine.connect().execution_options(iwscore_writes=True) as connection, connection.begin():
            yield connection

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """Open a transaction that sees the log as it was at its first query."""
        with self._engine.connect() as connection, connection.begin():
            yield connection

    def settle(self) -> None:
        """Return once nobody holds the lock that writers take."""
        with self.writing():
            pass

    def inserting(self, block: Block) -> Callable[[sa.Connection], None]:
        """Return what writes a block of entries; what is the same in every row stands in the statement."""
        told = {name: _literal(block[name]) for name in COLUMNS if block[name].null_count < len(block[name])}
        values: dict[str, Any] = {name: sa.bindparam(name) if one is None else one for name, one in told.items()}
        statement = sa.insert(entries).values(values).compile(dialect=_DIALECT)
        head, _, row = str(statement).partition(_VALUES)
        cells = _cells([block[name] for name, one in told.items() if one is None])
        many = len(cells) - len(cells) % _ROWS_A_STEP
        several = f"{head}{_VALUES}{', '.join([row] * _ROWS_A_STEP)}"
        steps = cells[:many].reshape(-1, _ROWS_A_STEP * cells.shape[1]).tolist()
        rest = cells[many:].tolist()

        def insert(connection: sa.Connection) -> None:
            driver = _driver(connection)
            driver.executemany(several, steps)
            driver.executemany(f"{head}{_VALUES}{row}", rest)

        return insert

    def is_conflict(self, error: BaseException) -> bool:
        """Return whether that is a row refused because its key is taken."""
        return isinstance(error, sqlite3.IntegrityError)

    def blocks(self, connection: sa.Connection, query: sa.Select[Any], *, raw: bool = False) -> Iterator[Block]:
        """Yield the rows of a query, some ten thousand at a time."""
        names = [column.name for column in query.selected_columns]
        driver = _driver(connection)
        driver.text_factory = bytes if raw else str
        try:
            cursor = driver.execute(str(query.compile(self._engine, compile_kwargs={"literal_binds": True})))
            while rows := cursor.fetchmany(_AT_ONCE):
                columns = zip(names, zip(*rows, strict=True), strict=True)
                yield {name: pa.array(column, _type(name, raw=raw)) for name, column in columns}
        finally:
            driver.text_factory = str

    def missing_guards(self, connection: sa.Connection) -> set[str]:
        """Return which triggers that refuse UPDATE or DELETE are not there."""
        there = connection.execute(sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
        return guards("update", "delete") - set(there.scalars())

    def dispose(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            f"file:{quote(str(self._path))}?mode=rw",
            uri=True,
            timeout=_PATIENCE_SECONDS,
            isolation_level=None,
            check_same_thread=False,
        )
        for pragma in _PRAGMAS:
            connection.execute(pragma)
        return connection


def _watch(engine: sa.Engine, path: Path) -> None:
    """Let connections be opened anew where another file stands at the place: what is written to one removed is lost."""

    def note(connection: object, record: sa.pool.ConnectionPoolEntry) -> None:
        record.info["file"] = _identity(path)

    def require(connection: object, record: sa.pool.ConnectionPoolEntry, proxy: object) -> None:
        if _identity(path) != record.info["file"]:
            raise sa.exc.DisconnectionError("the file is another one")

    sa.event.listen(engine, "connect", note)
    sa.event.listen(engine, "checkout", require)


def _identity(path: Path) -> tuple[int, int] | None:
    """Return what tells a file from another at its place, None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _begin(connection: sa.Connection) -> None:
    writes = connection.get_execution_options().get("iwscore_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _driver(connection: sa.Connection) -> sqlite3.Connection:
    driver = connection.connection.driver_connection
    if not isinstance(driver, sqlite3.Connection):
        raise TypeError(f"not a connection of SQLite: {driver!r}")
    return driver


def _type(name: str, *, raw: bool) -> Any:
    given = TYPES[name]
    return pa.large_binary() if raw and types.is_large_string(given) else given


def _literal(column: Any) -> sa.ColumnElement[Any] | None:
    """Return the one value of a long column as it stands in a statement, None where a statement does not pay."""
    dictionary = types.is_dictionary(column.type)
    if len(column) < _LONG or column.null_count or not (dictionary or types.is_integer(column.type)):
        return None
    numbers = (column.indices if dictionary else column).to_numpy()
    if numbers[0] != numbers[-1] or (numbers != numbers[0]).any():
        return None
    value = column[0].as_py()
    quoted = str(value) if isinstance(value, int) else "'{}'".format(value.replace("'", "''"))
    return sa.literal_column(quoted)


def _cells(columns: list[Any]) -> NDArray[Any]:
    """Return N rows of Arrow columns as Python values. Shape (N, columns)."""
    cells = np.empty((len(columns[0]), len(columns)), dtype=object)
    for place, column in enumerate(columns):
        cells[:, place] = _objects(column)
    return cells


def _objects(column: Any) -> NDArray[Any]:
    """Return an Arrow column as Python values; what a dictionary holds is made once."""
    if types.is_dictionary(column.type):
        held = np.array([*column.dictionary.to_pylist(), None], dtype=object)
        codes = column.indices.fill_null(-1) if column.null_count else column.indices
        taken: NDArray[Any] = held[codes.to_numpy(zero_copy_only=False)]
        return taken
    if types.is_integer(column.type) and not column.null_count:
        return np.asarray(column.to_numpy().astype(object))
    return np.fromiter(column.to_pylist(), dtype=object, count=len(column))
