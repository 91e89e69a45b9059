"""The fourth revision: ids in a guarded table, those on file too."""

import pytest
import sqlalchemy as sa

from iwscore.store.databases import database_at
from iwscore.store.migrating import upgrade


@pytest.mark.parametrize("statement", ["UPDATE ids SET seq = 2", "DELETE FROM ids"])
def test_ids_on_file_are_taken_over_and_guarded(url: str, statement: str) -> None:
    database = database_at(url)
    database.make()
    with database.writing() as connection:
        upgrade(connection, "0003")
        key = "x'00ff'" if "://" not in url else "'\\x00ff'"
        connection.exec_driver_sql(
            "INSERT INTO entries (seq, batch, id, kind, author, fingerprint, mark) "
            f"VALUES (1, 1, {key}, 0, 'ann', {key}, 0)"
        )
        upgrade(connection, "0004")
        assert [(bytes(key), seq) for key, seq in connection.execute(sa.text("SELECT id, seq FROM ids"))] == [
            (b"\x00\xff", 1)
        ]
        names = {str(index["name"]) for index in sa.inspect(connection).get_indexes("entries")}
        assert names == {"entries_by_external_id", "entries_by_fingerprint"}
    refused = f"the log is append-only: no {statement[:6]} of ids"
    with pytest.raises(sa.exc.DBAPIError, match=refused), database.writing() as connection:
        connection.exec_driver_sql(statement)
    database.dispose()
