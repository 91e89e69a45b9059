"""Databases: what URLs mean, and what is said when there is no log to be had."""

import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from iwscore.errors import Unreachable
from iwscore.store.databases import database_at, guarded, require_log
from iwscore.store.sqlite import SqliteDatabase
from tests.store.drafting import opened
from tests.store.tampering import change


def said(call: Callable[[], object]) -> str:
    with pytest.raises(Unreachable) as refusal:
        call()
    assert refusal.value.exit_code == 3
    return str(refusal.value)


@pytest.mark.parametrize("url", ["{}/my log #1?.db", "sqlite:///{}/iwscore.db"])
def test_a_path_is_a_file_of_sqlite(tmp_path: Path, url: str) -> None:
    place = url.format(tmp_path)
    opened(place).close()
    assert [path.name for path in tmp_path.glob("*.db")] == [place.rpartition("/")[2]]


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("mysql://ann:secret@host/log", "mysql://ann:***@host/log"),
        ("sqlite://", "sqlite://"),
        ("sqlite:///:memory:", "sqlite:///%3Amemory%3A"),
        ("postgresql://ann:secret@host:port/log", "postgresql://…"),
        ("postgresql://ann:sec@ret@host/log", "postgresql://…"),
        ("mysql://ann:sec@ret@host/log", "mysql://…"),
    ],
)
def test_other_urls_are_refused(url: str, shown: str) -> None:
    assert said(lambda: database_at(url)) == (
        f"IW417 database is of an unknown kind ({shown}); must be a path, sqlite:///PATH or postgresql://…. "
        "Correct --database or IWSCORE_DATABASE."
    )


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
def test_a_password_is_not_shown(scheme: str) -> None:
    database = database_at(f"{scheme}://ann:secret@localhost:1/log")
    assert database.place == "postgresql://ann:***@localhost:1/log"
    text = said(lambda: require_log(database))
    assert text.startswith("IW415 log cannot be used (postgresql://ann:***@localhost:1/log: connection failed: ")
    assert "secret" not in text


def test_without_the_driver_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    monkeypatch.delitem(sys.modules, "iwscore.store.postgresql", raising=False)
    assert said(lambda: database_at("postgresql://localhost/log")) == (
        "IW417 driver of PostgreSQL is missing (import of psycopg halted; None in sys.modules); "
        "psycopg must be installed. "
        "Install iwscore[postgres]."
    )


def test_no_log_is_told_from_something_else(tmp_path: Path) -> None:
    here = str(tmp_path / "x.db")
    none = f"IW410 there is no log ({here}); must have been made. Make one by iwscore log create."
    other = f"IW414 not a log ({here}); must be one that iwscore has made. Name another database."
    assert said(lambda: require_log(database_at(here))) == none
    Path(here).touch()
    assert said(lambda: require_log(database_at(here))) == none
    Path(here).write_text("not a database, whatever its name says", encoding="utf-8")
    assert said(lambda: require_log(database_at(here))) == other
    Path(here).unlink()
    connection = sqlite3.connect(here)
    connection.execute("CREATE TABLE mine (a)")
    connection.close()
    assert said(lambda: require_log(database_at(here))) == other
    assert said(lambda: opened(here)) == other


def test_an_empty_database_of_postgresql_has_no_log(postgresql_url: str) -> None:
    database = database_at(postgresql_url)
    assert said(lambda: require_log(database)).startswith("IW410 there is no log (postgresql://")
    database.dispose()


@pytest.mark.parametrize(
    ("revision", "text"),
    [
        ("0009", ("IW412 log was made by a newer version ({}: 0009); must be of revision 0005 or older. "
                 "Install a newer iwscore.")),
        ("0001", ("IW413 log was made by an older version ({}: 0001); must be of revision 0005. "
                 "Keep a copy, then run iwscore log migrate.")),
    ],
)  # fmt: skip
def test_a_log_of_another_version_is_refused(url: str, revision: str, text: str) -> None:
    opened(url).close()
    change(url, f"UPDATE iwscore_version SET version_num = '{revision}'")
    database = database_at(url)
    assert said(lambda: require_log(database)) == text.format(database.place)
    database.dispose()


def test_what_is_no_refusal_of_the_database_passes(sqlite_url: str) -> None:
    with pytest.raises(LookupError), guarded(database_at(sqlite_url)):
        raise LookupError


def test_a_spoilt_file_is_said_to_be_damaged(sqlite_url: str) -> None:
    opened(sqlite_url).close()
    path = Path(sqlite_url)
    content = bytearray(path.read_bytes())
    content[4096 : 8 * 4096] = b"\xaa" * len(content[4096 : 8 * 4096])
    path.write_bytes(content)
    assert said(lambda: require_log(SqliteDatabase(path))).startswith(f"IW416 log is damaged ({sqlite_url}: ")


def test_what_cannot_be_looked_at_shows_when_it_is_opened(tmp_path: Path) -> None:
    long = str(tmp_path / ("a" * 300))
    assert said(lambda: require_log(database_at(long))).startswith(f"IW415 log cannot be used ({long}: unable to open")


def test_no_password_is_shown_wherever_it_stands() -> None:
    database = database_at("postgresql://ann:one@localhost/log?password=two&host=here")
    assert database.place == "postgresql://ann:***@localhost/log?host=here"
    assert "IW417" in said(lambda: database_at("postgresql://ann@localhost/\udcff"))
