"""What every test of the service may ask for."""

import pytest

from tests.store.drafting import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()
