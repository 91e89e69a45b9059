"""A small world in a folder of its own."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from iwscore.domain.catalogs import Catalog
from iwscore.services.recording import Desk
from tests.oracle.worlds import World
from tests.services.harbour import NOW, harbour, micros
from tests.services.shelving import Shelved
from tests.services.telling import Told
from tests.store.drafting import Clock, opened


@pytest.fixture
def tell(tmp_path: Path) -> Callable[[World], Told]:
    """Return what a world tells once it has been written and read."""
    return lambda world: Told.of(world, tmp_path)


@pytest.fixture(scope="session")
def port(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """Return the catalog that ``init`` makes."""
    return harbour(tmp_path_factory.mktemp("port"))


@pytest.fixture
def clock() -> Clock:
    """Return a clock that stands at a noon of April 2026 until it is set."""
    return Clock(micros(NOW))


@pytest.fixture
def desk(sqlite_url: str, port: Catalog, clock: Clock) -> Iterator[Desk]:
    """Return an empty log with that catalog, written to by ann."""
    with opened(sqlite_url, clock) as log:
        yield Desk(log, port, "ann")


@pytest.fixture
def shelved(sqlite_url: str, tmp_path: Path) -> Iterator[Shelved]:
    """Return an empty log of a catalog of two signs, and its shelves."""
    made = Shelved.at(sqlite_url, tmp_path)
    with made.log:
        yield made
