"""The schema: what queries see is what the revisions make."""

from pathlib import Path

import sqlalchemy as sa
from alembic.script import ScriptDirectory

import iwscore
from iwscore.store.databases import database_at
from iwscore.store.schema import REVISIONS, TABLES, guards
from tests.store.drafting import opened


def test_the_revisions_are_those_that_are_there() -> None:
    home = Path(iwscore.__file__).parent
    script = ScriptDirectory(str(home / "migrations"), version_locations=[str(home / "revisions")])
    assert tuple(revision.revision for revision in script.walk_revisions())[::-1] == REVISIONS


def test_the_tables_are_those_that_are_made(url: str) -> None:
    opened(url).close()
    database = database_at(url)
    with database.reading() as connection:
        seen = sa.inspect(connection)
        for name, table in TABLES.tables.items():
            assert [column["name"] for column in seen.get_columns(name)] == table.columns.keys()
            assert seen.get_pk_constraint(name)["constrained_columns"] == table.primary_key.columns.keys()
        assert database.missing_guards(connection) == set()
    database.dispose()


def test_every_table_is_guarded() -> None:
    tables = ("batches", "entries", "catalogs", "segments", "ids")
    assert guards("update") == {f"{table}_refuse_update" for table in tables}
