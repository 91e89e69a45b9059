"""A small catalog, and files of observations read against it."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from iwscore.domain.catalogs import Catalog
from iwscore.domain.grades import TrustTable
from iwscore.domain.observations import Observations
from iwscore.domain.problems import Problem
from iwscore.domain.sources import GradeRow, Source
from iwscore.errors import RowFaults
from iwscore.store import read_observations
from iwscore.store.logs import Log
from tests.store.drafting import Clock, opened
from tests.store.shelving import agree

_CELLS = (0.5,) * 6
_JUNE = GradeRow(since=datetime(2022, 6, 1, tzinfo=UTC), reliability=2)


def _catalog(*subjects: str) -> Catalog:
    sources = [Source(id="osint", title="Open sources"), Source(id="minister", title="Minister", grades=(_JUNE,))]
    problem = Problem(id="p", title="P", horizon="90d", subjects=subjects, scenarios=(), expectations=())
    trust = TrustTable(label="flat", table=(_CELLS,) * 7, spread=(_CELLS,) * 7)
    return Catalog(indicators={}, problems={"p": problem}, sources={s.id: s for s in sources}, trust=trust)


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    """One subject, a source without letters and one that has C from June 2022 on."""
    return _catalog("belarus")


@pytest.fixture(scope="session")
def wide_catalog() -> Catalog:
    """The same with two subjects."""
    return _catalog("belarus", "ukraine")


@pytest.fixture(scope="session")
def file(tmp_path_factory: pytest.TempPathFactory) -> Callable[[bytes, str], Path]:
    """Return ``file(content, suffix)``: it writes ``observations`` with that suffix."""
    folder = tmp_path_factory.mktemp("store")

    def write(content: bytes, suffix: str) -> Path:
        path = folder / f"observations{suffix}"
        path.write_bytes(content)
        return path

    return write


@pytest.fixture(scope="session")
def read(file: Callable[[bytes, str], Path], catalog: Catalog) -> Callable[..., Observations]:
    """Return ``read(content, suffix=".csv")``: the observations in that content."""

    def read_content(content: bytes, suffix: str = ".csv", against: Catalog = catalog) -> Observations:
        path = file(content, suffix)
        try:
            told: Observations | RowFaults = read_observations(path, against)
        except RowFaults as refusal:
            told = refusal
        if suffix == ".parquet":
            agree(path, against, told)
        if isinstance(told, RowFaults):
            raise told
        return told

    return read_content


@pytest.fixture(scope="session")
def faults(read: Callable[..., Observations]) -> Callable[..., list[str]]:
    """Return ``faults(content, suffix=".csv")``: what is said of that content, without the name of its file."""

    def said(content: bytes, suffix: str = ".csv", **against: Catalog) -> list[str]:
        with pytest.raises(RowFaults) as refusal:
            read(content, suffix, **against)
        assert refusal.value.exit_code == 1
        return [str(fault).partition(f"observations{suffix}:")[2].strip() for fault in refusal.value.faults]

    return said


@pytest.fixture
def now() -> Clock:
    """A clock that stands until it is set."""
    return Clock()


@pytest.fixture
def log(url: str, now: Clock) -> Iterator[Log]:
    """An empty log that is stamped by ``now``; on each database once."""
    with opened(url, now) as log:
        yield log
