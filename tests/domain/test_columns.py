"""Columns: what a question reads, as long as there are reports."""

from dataclasses import replace

import numpy as np

from iwscore.domain.columns import Columns
from iwscore.domain.observations import Names


def test_they_are_as_long_as_there_are_reports() -> None:
    names, times, marks = Names(np.zeros(2, dtype=np.int32), ("one",)), np.array([1, 2]), np.zeros(2, dtype=np.int8)
    assert len(Columns(names, names, names, names, names, times / 1.0, times, times, times, marks, marks, marks)) == 2


def test_some_of_them_say_what_they_said_and_one_value_takes_the_room_of_one() -> None:
    names, times = Names(np.array([0, 1, 0], dtype=np.int32), ("one", "two")), np.array([1, 2, 3])
    same = Names(np.broadcast_to(np.int32(0), 3), ("one",))
    value, marks = np.broadcast_to(np.nan, 3), np.zeros(3, dtype=np.int8)
    told = Columns(names, same, same, same, same, value, times, times, times + 9, marks, marks, marks, last=3)
    some = told.take(np.array([2, 1]))
    assert [some.subject[0], some.subject[1], some.last, len(some)] == ["one", "two", 3, 2]
    assert some.value.strides == some.source.codes.strides == (0,)
    assert some.known_from is some.observed_at
    assert replace(told, known_from=times + 1).take(np.array([0])).known_from.tolist() == [2]
