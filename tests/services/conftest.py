"""A small world in a folder of its own."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.oracle.worlds import World
from tests.services.telling import Told


@pytest.fixture
def tell(tmp_path: Path) -> Callable[[World], Told]:
    """Return what a world tells once it has been written and read."""
    return lambda world: Told.of(world, tmp_path)
