"""The second revision: what an author has on file is found by an index."""

import pytest
import sqlalchemy as sa

from iwscore.store.databases import database_at
from iwscore.store.migrating import upgrade


@pytest.mark.parametrize(("revision", "names"), [
    ("0001", {"entries_by_id"}),
    ("0002", {"entries_by_id", "entries_by_external_id", "entries_by_fingerprint"}),
])  # fmt: skip
def test_the_indexes_come_with_the_second(url: str, revision: str, names: set[str]) -> None:
    database = database_at(url)
    database.make()
    with database.writing() as connection:
        upgrade(connection, revision)
        assert {str(index["name"]) for index in sa.inspect(connection).get_indexes("entries")} == names
    database.dispose()
