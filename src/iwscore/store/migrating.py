"""Making the tables of a log, and bringing an older log up to this version.

Here belongs running the revisions. What a revision changes belongs to ``revisions``; opening a log never migrates it.
"""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

import iwscore
from iwscore.errors import Unreachable
from iwscore.store.databases import Database, database_at, guarded, not_a_log, require_log, revision_of
from iwscore.store.schema import REVISIONS, VERSION_TABLE

__all__ = ["create_log", "make_tables", "migrate_log", "upgrade"]


def create_log(url: str) -> None:
    """Make an empty log.

    Raises
    ------
    Unreachable
        If there is one already, or something else, or the place cannot be written.
    """
    database = database_at(url)
    try:
        with guarded(database):
            database.make()
            with database.writing() as connection:
                make_tables(database, connection)
    finally:
        database.dispose()


def make_tables(database: Database, connection: sa.Connection) -> None:
    """Make the tables in a transaction that is open, where there is no log and nothing else."""
    if revision_of(connection) is not None:
        raise Unreachable("IW411", "there is a log already", database.place, "must be a new place", "Use that log.")
    if database.alone and sa.inspect(connection).get_table_names():
        raise not_a_log(database)
    upgrade(connection)


def migrate_log(url: str) -> tuple[str, str]:
    """Bring a log to this version's revision; return the revisions before and after."""
    database = database_at(url)
    try:
        before = require_log(database, current=False)
        if before != REVISIONS[-1]:
            with guarded(database), database.writing() as connection:
                upgrade(connection)
        return before, REVISIONS[-1]
    finally:
        database.dispose()


def upgrade(connection: sa.Connection, revision: str = REVISIONS[-1]) -> None:
    """Run the revisions that are missing up to that one, in the transaction that is open."""
    from alembic import command
    from alembic.config import Config

    home = Path(iwscore.__file__).parent
    config = Config(attributes={"connection": connection, "version_table": VERSION_TABLE})
    for option, folder in (("script_location", "migrations"), ("version_locations", "revisions")):
        config.set_main_option(option, str(home / folder).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    command.upgrade(config, revision)
