"""The gatherers: the same finds however the answers are cut into blocks."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from iwscore.domain.times import DAY
from iwscore.services.differences import FirstTimes, Grid, Moves, Stretches

GRID = Grid(("here", "there"), np.arange(6) * DAY)
BLOCKS = pytest.mark.parametrize("size", [1, 2, 5, 6, 7, 12])
SUBJECT = np.repeat([0, 1], 6)


def day(number: int) -> str:
    return f"1970-01-{number + 1:02}T00:00:00Z"


def feed(take: Callable[..., None], size: int, *columns: Any) -> None:
    for begin in range(0, 12, size):
        take(begin, SUBJECT[begin : begin + size], *(np.asarray(column)[begin : begin + size] for column in columns))


@BLOCKS
def test_the_largest_move_of_each_subject_and_scenario_is_kept_the_earliest_of_equals(size: int) -> None:
    here, there = np.full((12, 2), 0.5), np.full((12, 2), 0.5)
    here[2] = here[4] = 0.75, 0.25
    here[7], there[11] = (0.25, 0.5), (0.25, 0.75)
    moves = Moves(GRID, ("war", "peace"))
    feed(moves.take, size, here, there)
    rows = [
        (day(2), "here", "war", 0.75, 0.5, 0.25),
        (day(2), "here", "peace", 0.25, 0.5, -0.25),
        (day(1), "there", "war", 0.25, 0.5, -0.25),
        (day(5), "there", "peace", 0.5, 0.75, -0.25),
    ]
    assert [tuple(move.model_dump().values()) for move in moves.largest(9)] == rows
    assert len(moves.largest(2)) == 2


def test_what_does_not_move_is_no_move() -> None:
    moves = Moves(GRID, ("war",))
    feed(moves.take, 5, np.full((12, 1), 0.5), np.full((12, 1), 0.5))
    assert moves.largest(9) == ()


LABELS = ([0, 1, 1, 1, 0, 1, 1, 0, 0, -1, -1, 0], [0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 1, 0])


@BLOCKS
def test_places_in_a_row_that_differ_alike_are_one_stretch_of_one_subject(size: int) -> None:
    stretches = Stretches(GRID, ("calm", "watch"), 9)
    feed(stretches.take, size, *LABELS)
    assert stretches.count == 6
    assert [tuple(one.model_dump().values()) for one in stretches.longest()] == [
        ("here", day(1), day(2), 2, "watch", "calm"),
        ("there", day(3), day(4), 2, None, "watch"),
        ("here", day(5), day(5), 1, "watch", "calm"),
        ("there", day(0), day(0), 1, "watch", "calm"),
    ]


def flaps(number: int) -> Iterator[int]:
    """Longer and longer runs of 1 between zeros."""
    for length in range(1, number):
        yield from [0, *[1] * length]


@pytest.mark.parametrize("size", [1, 3, 64])
def test_only_the_longest_stretches_are_kept_on_the_way(size: int) -> None:
    labels = np.array(list(flaps(60)))
    stretches = Stretches(Grid(("here",), np.arange(len(labels)) * DAY), ("calm", "watch"), 3)
    for begin in range(0, len(labels), size):
        block = labels[begin : begin + size]
        stretches.take(begin, np.zeros(len(block), dtype=np.int64), block, np.zeros(len(block), dtype=np.int64))
        assert len(stretches.kept) <= 10 * 3 + size
    assert [one.times for one in stretches.longest()] == [59, 58, 57]
    assert stretches.count == labels.sum()


@BLOCKS
def test_a_rung_is_reached_by_any_rung_above_it(size: int) -> None:
    """Ours are calm, watch, warn; theirs has one more below watch."""
    firsts = FirstTimes(GRID, ("calm", "watch", "warn"), np.array([0, 1, 2]), np.array([0, 2, 3]))
    here = [0, 0, 2, 0, 0, 0, 0, 1, 1, 1, 1, 1]
    there = [0, 1, 1, 2, 3, 0, -1, 2, 2, 2, 2, 2]
    feed(firsts.take, size, here, there)
    assert [tuple(one.model_dump().values()) for one in firsts.differing(9)] == [
        ("here", "warn", day(2), day(4)),
        ("here", "watch", day(2), day(3)),
        ("there", "calm", day(0), day(1)),
    ]
    assert len(firsts.differing(1)) == 1


def test_a_rung_never_reached_is_furthest_apart() -> None:
    firsts = FirstTimes(GRID, ("watch",), np.array([1]), np.array([1]))
    feed(firsts.take, 5, [0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0], [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1])
    assert [tuple(one.model_dump().values()) for one in firsts.differing(9)] == [
        ("there", "watch", None, day(5)),
        ("here", "watch", day(5), day(0)),
    ]
