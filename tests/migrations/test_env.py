"""The environment: it runs when Alembic loads it, and not when it is imported."""

from iwscore.migrations import env
from iwscore.store.databases import database_at, revision_of
from iwscore.store.migrating import upgrade


def test_importing_it_runs_nothing() -> None:
    assert env.__all__ == ["run"]


def test_whoever_opened_the_transaction_ends_it(url: str) -> None:
    database = database_at(url)
    database.make()
    with database.writing() as connection:
        upgrade(connection)
        connection.rollback()
    with database.reading() as connection:
        assert revision_of(connection) is None
    database.dispose()
