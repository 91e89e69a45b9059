"""SQLite: a commit is on the disk before it is acknowledged, types are kept, readers never wait."""

import shutil
import sqlite3
from pathlib import Path

import pytest

from iwscore.errors import Unreachable
from iwscore.store.logs import open_log
from iwscore.store.sqlite import SqliteDatabase
from iwscore.store.verifying import verify_log
from tests.store.drafting import Clock, opened, record, sound


def test_commits_are_on_the_disk(sqlite_url: str) -> None:
    opened(sqlite_url).close()
    database = SqliteDatabase(Path(sqlite_url))
    with database.reading() as connection:
        told = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "synchronous")]
    database.dispose()
    assert told == ["wal", 2]


def test_tables_are_strict(sqlite_url: str) -> None:
    opened(sqlite_url).close()
    connection = sqlite3.connect(sqlite_url)
    with pytest.raises(sqlite3.IntegrityError, match="cannot store TEXT value in INTEGER column"):
        connection.execute("INSERT INTO batches VALUES (1, 'a', 1, 1, 1, 1, 'a', 'b', x'00')")
    connection.close()


def test_readers_do_not_wait_for_a_writer(sqlite_url: str) -> None:
    with opened(sqlite_url) as log:
        record(log, sound())
        database = SqliteDatabase(Path(sqlite_url))
        with database.writing():
            assert log.head().entries == 1
        database.dispose()


def test_the_journal_does_not_stay_large(sqlite_url: str) -> None:
    with opened(sqlite_url) as log:
        record(log, sound())
    assert [path.name for path in Path(sqlite_url).parent.iterdir()] == ["iwscore.db"]


def test_a_copy_needs_the_journal_beside_it_or_sqlites_own_copying(sqlite_url: str) -> None:
    """While a log is open, what was recorded last stands beside the file and not yet in it."""
    file = Path(sqlite_url)
    alone, whole, copied = (file.with_name(f"{name}.db") for name in ("alone", "whole", "copied"))
    with opened(sqlite_url) as log:
        record(log, sound())
        another = sqlite3.connect(file)
        another.execute("SELECT count(*) FROM entries").fetchall()
        record(log, sound())
        shutil.copy(file, alone)
        shutil.copy(file, whole)
        shutil.copy(f"{file}-wal", f"{whole}-wal")
        copy = sqlite3.connect(copied)
        another.backup(copy)
        copy.close()
        another.close()
        head = log.head().digest
    verdicts = [verify_log(str(path), head=head) for path in (alone, whole, copied)]
    assert [(len(found.faults), found.cut_excluded) for found in verdicts] == [(1, False), (0, True), (0, True)]


def test_nothing_is_written_to_a_file_that_has_been_removed_or_replaced(sqlite_url: str) -> None:
    with opened(sqlite_url) as log:
        record(log, sound())
        before = log.head()
        place = Path(sqlite_url)
        aside = place.rename(place.with_suffix(".aside"))
        for ask in (log.head, lambda: record(log, sound())):
            with pytest.raises(Unreachable, match="IW415"):
                ask()
        assert not place.exists()
        aside.rename(place)
        assert log.head() == before
        copied = shutil.copy(place, aside)
        place.unlink()
        Path(copied).rename(place)
        record(log, sound())
    with open_log(sqlite_url, clock=Clock()) as again:
        assert again.head().entries == before.entries + 1
