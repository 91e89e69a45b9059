"""Faults are few in ``make test`` and many in ``make faults``, which also says what came of them."""

import os
from collections.abc import Callable

import pytest


@pytest.fixture
def heavy() -> bool:
    """Return whether this is the long form."""
    return bool(os.environ.get("IWSCORE_FAULTS"))


@pytest.fixture
def tell(heavy: bool, capsys: pytest.CaptureFixture[str]) -> Callable[[str], None]:
    """Return ``tell(text)``: it prints a figure in the long form."""

    def said(text: str) -> None:
        if heavy:
            with capsys.disabled():
                print(f"\n  {text}", flush=True)

    return said
