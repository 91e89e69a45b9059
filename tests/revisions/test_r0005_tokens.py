"""The fifth revision: tables beside the log, which may change, and nothing of the log touched."""

import sqlalchemy as sa

from iwscore.store.databases import database_at
from iwscore.store.migrating import upgrade

BESIDE = {"tokens", "credentials", "receipts"}


def test_the_tables_are_added(url: str) -> None:
    database = database_at(url)
    database.make()
    with database.writing() as connection:
        upgrade(connection, "0004")
        before = set(sa.inspect(connection).get_table_names())
        upgrade(connection, "0005")
        assert set(sa.inspect(connection).get_table_names()) - before == BESIDE
        assert database.missing_guards(connection) == set()
    database.dispose()
