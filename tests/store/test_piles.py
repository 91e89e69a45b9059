"""Piles: what is put aside comes back, from memory or from the disk, and the disk's refusals are ours."""

from pathlib import Path

import numpy as np
import pytest

from iwscore.errors import Unreachable
from iwscore.store import piles
from iwscore.store.lots import Lot, rows_in
from iwscore.store.piles import Pile
from tests.store.test_lots import lot


def some(*times: int, subject: int, indicator: int) -> Lot:
    rows = len(times)
    return lot(*times, subject=[subject] * rows, indicator=[indicator] * rows, known_from=[t + 1 for t in times])


def test_what_fits_stays_in_memory_as_it_came() -> None:
    with Pile(4) as pile:
        pile.add(some(3, 1, subject=1, indicator=2))
        pile.add(some(2, subject=0, indicator=1))
        pile.close()
        whole = pile.whole()
        assert whole is not None
        assert (pile.spilled, whole["observed_at"].tolist()) == (False, [3, 1, 2])
        assert pile.whole() is None


def test_what_does_not_fit_comes_back_by_subject_and_indicator(tmp_path: Path) -> None:
    with Pile(2, tmp_path) as pile:
        for number in range(5):
            pile.add(some(number, 10 + number, subject=number % 2, indicator=7 - number))
        pile.add(some(subject=0, indicator=0))
        pile.close()
        assert pile.spilled
        assert pile.counts == {0: {7: 2, 5: 2, 3: 2}, 1: {6: 2, 4: 2}}
        found = pile.of(0)
        assert found is not None
        assert sorted(found["observed_at"].tolist()) == [0, 2, 4, 10, 12, 14]
        np.testing.assert_array_equal(found["known_from"], found["observed_at"] + 1)
        assert pile.of(2) is None
        some_of = pile.of(0, 4, 5)
        assert some_of is not None
        assert some_of["observed_at"].tolist() == [2, 12]
        assert list(tmp_path.iterdir()) == []  # the file has no name


def test_lots_on_the_disk_are_sorted_so_many_rows_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(piles, "_LOT", 3)
    with Pile(6, tmp_path) as pile:
        for number in range(4):
            pile.add(lot(number, number, subject=[number % 2] * 2))
        pile.close()
        parts = [pile.of(subject) for subject in (0, 1)]
        assert [rows_in(part) for part in parts if part] == [4, 4]
        assert all(part["known_from"] is part["observed_at"] for part in parts if part)


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with Pile(0, tmp_path / "none") as pile, pytest.raises(Unreachable, match="IW402"):
        pile.add(lot(1))
