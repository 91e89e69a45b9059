"""A log in a schema of PostgreSQL.

Here belongs what is PostgreSQL's own: its locks, and rows by COPY in both directions. Tables belong to
``store.schema``.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pyarrow as pa
import pyarrow.compute as pc
import sqlalchemy as sa
from pyarrow import csv, types

from iwscore.store.digests import TYPES, Block, hexadecimal
from iwscore.store.schema import COLUMNS, guards
from iwscore.store.urls import SECRETS

__all__ = ["PostgresqlDatabase"]

_SETTINGS = (
    "SET synchronous_commit = on",  # a commit is on the disk before it is acknowledged
    "SET lock_timeout = '60s'",
)
_WRITERS = 0x6977_7363_6F72_65  # the advisory lock that whoever writes holds: "iwscore"
_AT_ONCE = 16 << 20  # bytes
_TEXT = pa.large_string()
_NULL = pa.scalar("\\N", _TEXT)
_INSERT = f"COPY entries ({', '.join(COLUMNS)}) FROM STDIN"
_ESCAPES = (("\\", "\\\\"), ("\t", "\\t"), ("\n", "\\n"), ("\r", "\\r"))


class PostgresqlDatabase:
    """A schema of PostgreSQL; a commit is acknowledged when it is on the server's disk."""

    def __init__(self, url: sa.URL) -> None:
        shown = url.set(drivername="postgresql").difference_update_query(SECRETS)
        self.place = shown.render_as_string(hide_password=True)
        self.alone = False
        self.file: Path | None = None
        self._engine = sa.create_engine(url, pool_pre_ping=True, connect_args={"application_name": "iwscore"})
        sa.event.listen(self._engine, "connect", _settle_in)

    def exists(self) -> bool:
        """Return True: whether the server answers shows when it is asked."""
        return True

    def make(self) -> None:
        """Do nothing: the database is there or the server refuses."""

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """Open the one transaction that may write; it waits for others up to a minute."""
        with self._engine.connect() as connection, _cut_loose(connection), connection.begin():
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_WRITERS)))
            yield connection

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """Open a transaction that sees the log as it was at its first query."""
        with self._engine.connect() as connection, _cut_loose(connection):
            options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
            with connection.execution_options(**options).begin():
                yield connection

    def settle(self) -> None:
        """Return once nobody holds the lock that writers take."""
        with self._engine.connect() as connection, connection.begin():
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock_shared(_WRITERS)))

    def inserting(self, block: Block) -> Callable[[sa.Connection], None]:
        """Return what writes a block of entries by COPY."""
        fields = [_copied(block[name]) for name in COLUMNS]
        lines = pc.binary_join_element_wise(*fields, pa.scalar("\t", _TEXT))
        ended = pc.binary_join_element_wise(lines, pa.scalar("\n", _TEXT), pa.scalar("", _TEXT))
        # The lines lie one behind the other in Arrow's buffer: they are sent as they are.
        content = ended.buffers()[2].to_pybytes()

        def insert(connection: sa.Connection) -> None:
            with _driver(connection).cursor() as cursor, cursor.copy(_INSERT) as copy:
                copy.write(content)

        return insert

    def is_conflict(self, error: BaseException) -> bool:
        """Return whether that is a row refused because its key is taken."""
        return isinstance(error, psycopg.errors.UniqueViolation)

    def blocks(self, connection: sa.Connection, query: sa.Select[Any], *, raw: bool = False) -> Iterator[Block]:
        """Yield the rows of a query, some megabytes at a time."""
        names = [column.name for column in query.selected_columns]
        asked = query.compile(self._engine, compile_kwargs={"literal_binds": True})
        statement = f"COPY ({asked}) TO STDOUT (FORMAT csv, NULL '\\N')"
        with _driver(connection).cursor() as cursor, cursor.copy(statement) as copy:
            stream = _Stream(iter(copy))
            if not stream.peek():
                return
            for batch in _open(stream, names, raw=raw):
                yield {name: _received(name, batch.column(name)) for name in names}

    def missing_guards(self, connection: sa.Connection) -> set[str]:
        """Return which triggers that refuse UPDATE, DELETE or TRUNCATE are not there, or are disabled."""
        there = connection.execute(
            sa.text(
                "SELECT tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
                "WHERE tgenabled IN ('O', 'A') AND pg_table_is_visible(tgrelid)"
            )
        )
        return guards("update", "delete", "truncate") - set(there.scalars())

    def dispose(self) -> None:
        """Close every connection."""
        self._engine.dispose()


def _settle_in(driver: psycopg.Connection, _record: object) -> None:
    with driver.cursor() as cursor:
        for setting in _SETTINGS:
            cursor.execute(setting)
    driver.commit()


@contextmanager
def _cut_loose(connection: sa.Connection) -> Iterator[None]:
    """Forget a connection that the server has cut, rather than hand it to the next."""
    try:
        yield
    except BaseException:
        if not connection.invalidated and _driver(connection).closed:
            connection.invalidate()
        raise


def _driver(connection: sa.Connection) -> psycopg.Connection:
    driver = connection.connection.driver_connection
    if not isinstance(driver, psycopg.Connection):
        raise TypeError(f"not a connection of psycopg: {driver!r}")
    return driver


def _copied(column: Any) -> Any:
    r"""Return a column as COPY takes it: tab, newline and backslash escaped, \N where there is none."""
    if column.null_count == len(column):
        return _NULL
    if types.is_dictionary(column.type):
        return _copied_values(column.dictionary).take(column.indices).fill_null("\\N")
    return _copied_values(column).fill_null("\\N")


def _copied_values(column: Any) -> Any:
    if types.is_binary(column.type) or types.is_fixed_size_binary(column.type):
        return pc.binary_join_element_wise(
            pa.scalar("\\\\x", _TEXT), hexadecimal(column).cast(_TEXT), pa.scalar("", _TEXT)
        )
    if not types.is_large_string(column.type):
        return column.cast(_TEXT)
    for sign, escape in _ESCAPES:
        column = pc.replace_substring(column, sign, escape)
    return column


def _open(stream: _Stream, names: list[str], *, raw: bool) -> Any:
    textual = pa.large_binary() if raw else _TEXT
    kinds = {name: _TEXT if types.is_binary(TYPES[name]) else TYPES[name] for name in names}
    kinds |= {name: textual for name in names if types.is_large_string(TYPES[name])}
    return csv.open_csv(
        stream,
        read_options=csv.ReadOptions(column_names=names, block_size=_AT_ONCE),
        parse_options=csv.ParseOptions(newlines_in_values=True),
        convert_options=csv.ConvertOptions(
            column_types=kinds, null_values=["\\N"], strings_can_be_null=True, quoted_strings_can_be_null=False
        ),
    )


def _received(name: str, column: Any) -> Any:
    if not types.is_binary(TYPES[name]):
        return column
    digits = [None if text is None else bytes.fromhex(text[2:]) for text in column.to_pylist()]
    return pa.array(digits, TYPES[name])


class _Stream(io.RawIOBase):
    """The bytes of a COPY as a file to be read once."""

    def __init__(self, parts: Iterator[Any]) -> None:
        super().__init__()
        self._parts = parts
        self._left = b""

    def readable(self) -> bool:
        """Return True."""
        return True

    def peek(self) -> bytes:
        """Return what will be read next, nothing at the end."""
        if not self._left:
            self._left = bytes(next(self._parts, b""))
        return self._left

    def read(self, size: int = -1) -> bytes:
        """Return up to ``size`` bytes, nothing at the end only."""
        parts, held = [], 0
        while (size < 0 or held < size) and self.peek():
            taken = self._left if size < 0 else self._left[: size - held]
            self._left = self._left[len(taken) :]
            parts.append(taken)
            held += len(taken)
        return b"".join(parts)
