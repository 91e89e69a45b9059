"""Shelves: the reports of one subject, whole or in pieces of whole indicators."""

from pathlib import Path

import pytest

from iwscore.store.lots import rows_in
from iwscore.store.piles import Pile
from iwscore.store.shelves import Shelf
from tests.store.test_piles import some

TEXTS = dict.fromkeys(("subject", "indicator", "level", "source", "origin"), ("", "a", "b", " "))


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    """Two subjects; three indicators of the first with 2, 2 and 1 reports, on the disk."""
    pile = Pile(0, tmp_path)
    for number, times in enumerate([(1, 2), (3, 4), (5,)]):
        pile.add(some(*times, subject=1, indicator=number + 1))
    pile.add(some(9, subject=2, indicator=2))
    return Shelf(TEXTS, pile, 1, 9)


def test_a_subject_has_its_reports_and_nobody_elses(shelf: Shelf) -> None:
    assert shelf.names == (" ", "a", "b")
    assert sorted(shelf.of("a").observed_at.tolist()) == [1, 2, 3, 4, 5]
    assert (shelf.of("b").indicator[0], shelf.of("b").subject[0], shelf.of("b").last) == ("b", "b", 9)
    assert len(shelf.of("nobody")) == len(shelf.of(" ")) == 0
    assert shelf.most == 5


@pytest.mark.parametrize(("rows", "sizes"), [(1, [2, 2, 1]), (3, [2, 3]), (4, [4, 1]), (99, [5])])
def test_pieces_are_whole_indicators(shelf: Shelf, rows: int, sizes: list[int]) -> None:
    shelf.pile.room = rows
    assert [len(piece) for piece in shelf.pieces("a")] == sizes
    assert (shelf.too_many("a"), shelf.too_many("nobody")) == (5 if rows < 5 else 0, 0)
    assert shelf.most_of_one == 2


def test_what_is_in_memory_is_given_up_whole() -> None:
    pile = Pile(9)
    pile.add(some(1, 2, subject=1, indicator=1))
    shelf = Shelf(TEXTS, pile, 1, 2)
    assert (len(shelf.whole()), len(shelf.whole()), shelf.most) == (2, 0, 0)
    assert rows_in(some(1, subject=1, indicator=1)) == 1
