"""The first revision: three tables, and triggers on each."""

import pytest
import sqlalchemy as sa

from iwscore.store.databases import database_at
from iwscore.store.migrating import upgrade


@pytest.mark.parametrize("verb", ["UPDATE {} SET {} = {}", "DELETE FROM {}"])
def test_the_tables_refuse_changes(url: str, verb: str) -> None:
    database = database_at(url)
    database.make()
    with database.writing() as connection:
        upgrade(connection, "0001")
        assert set(sa.inspect(connection).get_table_names()) == {"batches", "entries", "catalogs", "iwscore_version"}
        connection.exec_driver_sql("INSERT INTO catalogs (digest, content) VALUES ('00', 'text')".replace(
            "'00'", "x'00'" if "://" not in url else "'00'"
        ))  # fmt: skip
    with pytest.raises(sa.exc.DBAPIError, match="the log is append-only"), database.writing() as connection:
        connection.exec_driver_sql(verb.format("catalogs", "content", "content"))
    database.dispose()


def test_nothing_is_truncated(postgresql_url: str) -> None:
    database = database_at(postgresql_url)
    with database.writing() as connection:
        upgrade(connection, "0001")
    with pytest.raises(sa.exc.DBAPIError, match="no TRUNCATE of entries"), database.writing() as connection:
        connection.exec_driver_sql("TRUNCATE entries")
    database.dispose()
