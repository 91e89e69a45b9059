"""Columns: what a question reads, as long as there are reports."""

import numpy as np

from iwscore.domain.columns import Columns
from iwscore.domain.observations import Names


def test_they_are_as_long_as_there_are_reports() -> None:
    names, times, marks = Names(np.zeros(2, dtype=np.int32), ("one",)), np.array([1, 2]), np.zeros(2, dtype=np.int8)
    assert len(Columns(names, names, names, names, names, times / 1.0, times, times, times, marks, marks, marks)) == 2
