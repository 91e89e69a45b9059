"""A log as one file, and a log made from it: both clocks, all ids and the same head.

Here belongs the form of a dump: a ZIP archive of three Parquet tables, stored, with ``log.json`` beside them.
Exports for people belong to the services.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import sqlalchemy as sa
from pyarrow import parquet

from iwscore.errors import Unreachable
from iwscore.store.appending import head_of
from iwscore.store.databases import Database, database_at, guarded, require_log
from iwscore.store.digests import TYPES, Block
from iwscore.store.entries import Head
from iwscore.store.ids import enter_ids
from iwscore.store.migrating import make_tables
from iwscore.store.schema import REVISIONS, TABLES
from iwscore.store.segments import LEAST, write_segment
from iwscore.store.verifying import verify_rows

__all__ = ["dump_log", "restore_log"]

Progress = Callable[[int, int], None] | None
_AT_ONCE = 1 << 16
_NAMES = ("batches", "catalogs", "entries")
_SPOILT = (KeyError, OSError, ValueError, pa.ArrowException, zipfile.BadZipFile)


def dump_log(url: str, path: Path, *, progress: Progress = None) -> Head:
    """Write the log at that URL to a file; return the head it was at.

    Raises
    ------
    Unreachable
        If there is no log, or the file cannot be written.
    """
    database = database_at(url)
    try:
        require_log(database)
        with guarded(database), database.reading() as connection, _writing(path) as archive:
            head = head_of(connection)
            for name in _NAMES:
                table = TABLES.tables[name]
                blocks = database.blocks(connection, sa.select(table).order_by(*table.primary_key.columns))
                _write(archive, name, _told(blocks, progress if name == "entries" else None, head.entries))
            about = {"revision": REVISIONS[-1], "head": head.digest, "batches": head.batch, "entries": head.entries}
            archive.writestr("log.json", json.dumps(about, indent=2) + "\n")
            return head
    finally:
        database.dispose()


def restore_log(path: Path, url: str, *, progress: Progress = None) -> Head:
    """Make a log from a dump, where there is none; return its head, which is that of the dump.

    Raises
    ------
    Unreachable
        If the dump is damaged or of a newer version, or there is a log already, or it cannot be written.
    """
    database = database_at(url)
    try:
        with _reading(path) as archive, guarded(database):
            about = json.loads(archive.read("log.json"))
            if about["revision"] not in REVISIONS:
                raise Unreachable(
                    "IW431", "dump was made by a newer version", f"{path}: {about['revision']}",
                    f"must be of revision {REVISIONS[-1]} or older", "Install a newer iwscore.",
                )  # fmt: skip
            database.make()
            with database.writing() as connection:
                make_tables(database, connection)
                _fill(database, connection, archive, progress, about["entries"])
                verdict = verify_rows(database, connection, head=about["head"])
                if verdict.faults or verdict.head.digest != about["head"]:
                    raise ValueError("; ".join(map(str, verdict.faults[:1])) or "its head is another")
                return verdict.head
    finally:
        database.dispose()


def _fill(
    database: Database, connection: sa.Connection, archive: zipfile.ZipFile, progress: Progress, total: int
) -> None:
    for name in ("batches", "catalogs"):
        for block in _read(archive, name):
            rows = pa.table(dict(block)).to_pylist()
            connection.execute(sa.insert(TABLES.tables[name]), rows)
    for block in _told(_read(archive, "entries"), progress, total):
        database.inserting(block)(connection)
        if len(block["seq"]) >= LEAST:
            write_segment(connection, block)
    enter_ids(connection, 1)


def _told(blocks: Iterator[Block], progress: Progress, total: int) -> Iterator[Block]:
    """Yield the blocks; when one is done, tell how many rows of all are."""
    done = 0
    for block in blocks:
        yield block
        done += len(next(iter(block.values())))
        if progress:
            progress(done, total)


def _write(archive: zipfile.ZipFile, name: str, blocks: Iterator[Block]) -> None:
    names = TABLES.tables[name].columns.keys()
    schema = pa.schema([(column, TYPES[column]) for column in names])
    member = archive.open(f"{name}.parquet", "w", force_zip64=True)
    with member, parquet.ParquetWriter(member, schema, compression="zstd") as writer:
        for block in blocks:
            writer.write_table(pa.table({column: block[column] for column in names}, schema))


def _read(archive: zipfile.ZipFile, name: str) -> Iterator[Block]:
    names = TABLES.tables[name].columns.keys()
    with archive.open(f"{name}.parquet") as member, parquet.ParquetFile(member) as file:
        for batch in file.iter_batches(_AT_ONCE):
            yield {column: batch.column(column).cast(TYPES[column]) for column in names}


@contextmanager
def _writing(path: Path) -> Iterator[zipfile.ZipFile]:
    """Open an archive that is there only when it is whole."""
    made = path.with_name(f"{path.name}.part")
    try:
        with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
            yield archive
        made.replace(path)
    except OSError as error:
        raise Unreachable(
            "IW402", "cannot write", str(path), "must be a file in a folder one may write to", f"{error.strerror}."
        ) from error
    finally:
        made.unlink(missing_ok=True)


@contextmanager
def _reading(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except _SPOILT as error:
        raise Unreachable(
            "IW430", "dump cannot be read", f"{path}: {error}", "must be a file that iwscore log dump has written",
            "Name another, or dump again.",
        ) from error  # fmt: skip
