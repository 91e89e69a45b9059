"""PostgreSQL: a commit is on the server's disk before it is acknowledged, whatever the server's own setting."""

import re
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

from iwscore.errors import Unreachable
from iwscore.store.databases import database_at
from iwscore.store.logs import open_log
from iwscore.store.verifying import verify_log
from tests.store.drafting import NOON, Clock, opened, record, sound

PAGE = Path(__file__).parents[2] / "docs" / "log.md"


def test_commits_are_on_the_servers_disk(postgresql_url: str) -> None:
    with psycopg.connect(postgresql_url, autocommit=True) as connection:
        connection.execute(f"ALTER DATABASE {connection.info.dbname} SET synchronous_commit = off")
    opened(postgresql_url).close()
    database = database_at(postgresql_url)
    with database.reading() as reading:
        assert reading.execute(sa.text("SHOW synchronous_commit")).scalar() == "on"
        assert reading.execute(sa.text("SHOW transaction_isolation")).scalar() == "repeatable read"
        assert reading.execute(sa.text("SHOW transaction_read_only")).scalar() == "on"
    database.dispose()


def test_a_disabled_trigger_counts_as_missing(postgresql_url: str) -> None:
    opened(postgresql_url).close()
    database = database_at(postgresql_url)
    with database.writing() as connection:
        connection.exec_driver_sql("ALTER TABLE entries DISABLE TRIGGER entries_refuse_delete")
    with database.reading() as connection:
        assert database.missing_guards(connection) == {"entries_refuse_delete"}
    database.dispose()


def test_a_log_lives_in_a_schema_beside_others(postgresql_url: str) -> None:
    with psycopg.connect(postgresql_url, autocommit=True) as connection:
        connection.execute("CREATE SCHEMA watch")
        connection.execute("CREATE TABLE mine (a int)")
    for options in ("", "&options=-csearch_path%3Dwatch"):
        with opened(postgresql_url + options) as log:
            record(log, sound())
            assert log.head().entries == 1


def test_those_who_work_need_no_more_than_the_page_grants(postgresql_url: str) -> None:
    """The roles of the page can do what they are for, and cannot change what is recorded, or drop what guards it."""
    opened(postgresql_url).close()
    (granted,) = re.findall(r"^```sql\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    with psycopg.connect(postgresql_url, autocommit=True) as owner:
        owner.execute(f"CREATE ROLE analyst; CREATE ROLE reader; {granted}")
        try:
            analyst, reader = (f"{postgresql_url}&options=-crole%3D{name}" for name in ("analyst", "reader"))
            with open_log(analyst, clock=Clock()) as log:
                record(log, *(sound(external_id=f"r-{place}") for place in range(5000)), once=True)
                log.settle(NOON + 1)
            with open_log(reader, clock=Clock()) as log:
                log.settle(NOON + 1)
                assert len(log.observations()) == 5000
                with pytest.raises(Unreachable, match=r"IW415 .*permission denied"):
                    record(log, sound())
            assert verify_log(reader).faults == ()
            for statement in ("UPDATE entries SET level = ''", "DROP TRIGGER entries_refuse_delete ON entries"):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    owner.execute(f"SET ROLE analyst; {statement}")
                owner.execute("RESET ROLE")
        finally:
            owner.execute("RESET ROLE; DROP OWNED BY analyst, reader; DROP ROLE analyst, reader")
