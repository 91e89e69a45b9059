"""What every test of the service may ask for."""

from collections.abc import Iterator

import pytest

from tests.api.chances import Chance, chance
from tests.api.serving import Served, serving
from tests.store.drafting import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="module")
def silent(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The built-in example, of which nothing is reported; nobody writes to it."""
    with serving(str(tmp_path_factory.mktemp("silent") / "iwscore.db"), Clock()) as served:
        yield served


@pytest.fixture(scope="module")
def random(seed: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chance]:
    """A service that chance has filled; the module says by which seeds."""
    folder = tmp_path_factory.mktemp("random")
    with chance(seed, str(folder / "iwscore.db"), folder) as found:
        yield found
