"""Answers on a grid of times while the log grows: those of a fresh reading."""

from pathlib import Path

import numpy as np
import pytest

from iwscore.core.hearings import Clocks
from iwscore.services.grids import Grid
from tests.services.shelving import DAY, NOON, Shelved, bits
from tests.services.streams import Stream


@pytest.mark.parametrize("vintage", [False, True])
@pytest.mark.parametrize("known_at", [None, NOON + 12 * DAY])
def test_answers_are_those_of_a_fresh_reading(
    shelved: Shelved, tmp_path: Path, known_at: int | None, vintage: bool
) -> None:
    inquiry, times = shelved.inquiry(), NOON + np.arange(-2, 30, 3) * DAY
    clocks = Clocks.known_at(known_at, vintage=vintage)
    grid = Grid(inquiry, clocks, times)
    for _ in Stream(4, shelved.log, shelved.clock, [shelved.catalog], ["here"]).steps(30):
        shelved.catch_up()
        changed = inquiry.catch_up()
        before = grid.assessed()
        assert grid.assessed() is before
        if changed is not None:
            grid.touch(changed)
        assert bits(grid.assessed()) == bits(shelved.fresh(clocks, times))
