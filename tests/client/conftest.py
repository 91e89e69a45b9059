"""A service that runs, for the client to ask."""

from collections.abc import Iterator

import pytest

from tests.api.running import Running, running
from tests.store.drafting import Clock


@pytest.fixture
def served(sqlite_url: str) -> Iterator[Running]:
    """Return a service on an empty log, whose clock can be set."""
    with running(sqlite_url, Clock()) as served:
        yield served
