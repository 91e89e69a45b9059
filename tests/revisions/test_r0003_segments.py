"""The third revision: a table of segments, guarded like the others."""

import pytest
import sqlalchemy as sa

from iwscore.store.databases import database_at
from iwscore.store.migrating import upgrade


@pytest.mark.parametrize("statement", ["UPDATE segments SET entries = 2", "DELETE FROM segments"])
def test_segments_refuse_changes(url: str, statement: str) -> None:
    database = database_at(url)
    database.make()
    with database.writing() as connection:
        upgrade(connection, "0002")
        assert not sa.inspect(connection).has_table("segments")
        upgrade(connection, "0003")
        content = "x'00'" if "://" not in url else "'00'"
        connection.exec_driver_sql(f"INSERT INTO segments (first, entries, columns) VALUES (1, 1, {content})")
    refused = f"the log is append-only: no {statement[:6]} of segments"
    with pytest.raises(sa.exc.DBAPIError, match=refused), database.writing() as connection:
        connection.exec_driver_sql(statement)
    database.dispose()
