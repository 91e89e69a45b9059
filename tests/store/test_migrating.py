"""Migrating: only when asked, from any older revision, and never by opening."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from iwscore.errors import Unreachable
from iwscore.store.databases import database_at, revision_of
from iwscore.store.logs import open_log
from iwscore.store.migrating import migrate_log, upgrade
from iwscore.store.schema import REVISIONS, batches, entries
from iwscore.store.verifying import verify_log
from tests.store.drafting import Clock, opened, record, sound


def older(url: str) -> None:
    """Make a log of the first revision."""
    database = database_at(url)
    database.make()
    with database.writing() as connection:
        upgrade(connection, REVISIONS[0])
    database.dispose()


def test_an_older_log_is_migrated_when_asked(url: str) -> None:
    older(url)
    with pytest.raises(Unreachable, match="IW413 log was made by an older version"):
        open_log(url, clock=Clock())
    assert migrate_log(url) == ("0001", "0005")
    assert migrate_log(url) == ("0005", "0005")
    with open_log(url, clock=Clock()) as log:
        record(log, sound())
    assert verify_log(url).faults == ()


def test_a_migration_leaves_entries_and_head_as_they_were(url: str, tmp_path: Path) -> None:
    """The rows of a log are put into one of the first revision, which kept the same of them."""
    with opened(str(tmp_path / "new.db")) as log:
        record(log, sound(), sound(external_id="two"))
        head = log.head()
        (named,) = log.entries(external_ids=["two"])
    older(url)
    new, old = database_at(log.url), database_at(url)
    with new.reading() as source, old.writing() as target:
        for table in (batches, entries):
            target.execute(sa.insert(table), [dict(row) for row in source.execute(sa.select(table)).mappings()])
    new.dispose()
    old.dispose()
    migrate_log(url)
    with open_log(url, clock=Clock()) as log:
        assert (log.head(), len(log.observations())) == (head, 2)
        assert log.entries(ids=[named.id]) == [named]
    assert verify_log(url, head=head.digest).cut_excluded
    assert verify_log(url).faults == ()


def test_a_migrated_log_is_like_a_new_one(sqlite_url: str, postgresql_url: str) -> None:
    for url, new in ((sqlite_url, f"{sqlite_url}.new"),):
        older(url)
        migrate_log(url)
        opened(new).close()
        assert described(url) == described(new)
    older(postgresql_url)
    migrate_log(postgresql_url)
    assert {name for name, _ in described(postgresql_url)} == {name for name, _ in described(sqlite_url)}


def described(url: str) -> set[tuple[str, frozenset[str]]]:
    """Return the tables with their columns, and the indexes with theirs."""
    database = database_at(url)
    with database.reading() as connection:
        seen = sa.inspect(connection)
        tables = seen.get_table_names()
        columns = {(table, frozenset(c["name"] for c in seen.get_columns(table))) for table in tables}
        indexes = {
            (str(index["name"]), frozenset(map(str, index["column_names"])))
            for table in tables
            for index in seen.get_indexes(table)
        }
    database.dispose()
    return columns | indexes


def test_a_newer_log_is_not_migrated(sqlite_url: str) -> None:
    opened(sqlite_url).close()
    database = database_at(sqlite_url)
    with database.writing() as connection:
        connection.exec_driver_sql("UPDATE iwscore_version SET version_num = 'later'")
        assert revision_of(connection) == "later"
    database.dispose()
    with pytest.raises(Unreachable, match="IW412 log was made by a newer version"):
        migrate_log(sqlite_url)


def test_a_log_half_made_is_none(sqlite_url: str) -> None:
    """Making is one transaction: what breaks off leaves an empty file, where a log can be made."""
    database = database_at(sqlite_url)
    database.make()
    with database.writing() as connection:
        upgrade(connection)
        connection.rollback()
    database.dispose()
    opened(sqlite_url).close()
