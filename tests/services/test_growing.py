"""Columns that grow at their end, and names in the order of meeting."""

import numpy as np
import pytest

from iwscore.domain.observations import Names
from iwscore.services.growing import Growing, Vocabulary


@pytest.mark.parametrize("sizes", [[0], [1, 1, 1], [5, 0, 20, 1], [3, 3, 3, 3, 3]])
def test_what_is_added_comes_behind_what_was_there(sizes: list[int]) -> None:
    grown, wanted = Growing(a=np.arange(2), b=np.zeros(2)), [0, 1]
    for size in sizes:
        grown.extend(a=np.arange(size), b=np.ones(size))
        wanted += range(size)
    assert len(grown) == len(grown["b"]) == len(wanted)
    assert (grown["a"].tolist(), grown["b"].tolist()) == (wanted, [0.0] * 2 + [1.0] * (len(wanted) - 2))


def test_rows_are_not_copied_one_by_one() -> None:
    grown = Growing(a=np.arange(1000))
    rooms = set()
    for row in range(1000):
        grown.extend(a=np.array([row]))
        rooms.add(grown["a"].ctypes.data)
    assert len(rooms) == 1


def test_what_is_written_into_a_column_stays() -> None:
    grown = Growing(a=np.arange(3))
    grown["a"][1] = 9
    grown.extend(a=np.array([7]))
    assert grown["a"].tolist() == [0, 9, 2, 7]


def test_rows_that_are_cut_off_make_room() -> None:
    grown = Growing(a=np.arange(4))
    grown.cut(9)
    assert len(grown) == 4
    grown.cut(2)
    grown.extend(a=np.array([5]))
    assert grown["a"].tolist() == [0, 1, 5]


def test_names_keep_their_places() -> None:
    words = Vocabulary()
    assert words.codes(Names(np.array([1, 1, 0]), ("b", "a", "unused"))).tolist() == [1, 1, 0]
    assert words.codes(Names(np.array([0, 1]), ("c", "a"))).tolist() == [2, 1]
    assert words.names == ("b", "a", "c")
    assert (words.find("c"), words.find("unused"), words.place("a"), words.place("d")) == (2, None, 1, 3)
    assert len(words.names) == 4
