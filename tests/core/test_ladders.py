"""The ladder climbs as if each point were taken one after another."""

import math
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iwscore.core.bundles import Ints, Times
from iwscore.core.ladders import Rules, Series, climb

Point = tuple[int, float, float]  # time, sum of adverse likelihoods, coverage

likelihoods = st.sampled_from([0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7])
coverages = st.sampled_from([0.0, 0.1, 0.2, 0.9, math.nan])


@dataclass
class Climber:
    """A ladder walked point by point: where it stands, and since when it has been below each rung."""

    rules: Rules
    rung: int = 0

    def __post_init__(self) -> None:
        self.since: list[int | None] = [None] * len(self.rules.raise_at)

    def step(self, point: Point) -> int:
        """The rung after one more point."""
        time, adverse, coverage = point
        for rung, clear_at in enumerate(self.rules.clear_at):
            below = adverse < clear_at
            self.since[rung] = (time if self.since[rung] is None else self.since[rung]) if below else None
        while self.rung > 0 and self.cleared(self.rung, time, blind=not coverage >= self.rules.coverage_floor):
            self.rung -= 1
        raised = [rung for rung, raise_at in enumerate(self.rules.raise_at) if adverse >= raise_at]
        self.rung = max([self.rung, *raised])
        return self.rung

    def cleared(self, rung: int, time: int, *, blind: bool) -> bool:
        since = self.since[rung]
        hold = max(self.rules.hold[rung], self.rules.blind_hold) if blind else self.rules.hold[rung]
        return since is not None and time - since >= hold


def one_by_one(rules: Rules, history: list[Point], asked: list[Point]) -> list[int]:
    """The rung at each asked point, after the history up to it."""
    found = []
    for point in asked:
        climber = Climber(rules)
        for past in history:
            if past[0] < point[0]:
                climber.step(past)
        found.append(climber.step(point))
    return found


def series(points: list[Point]) -> Series:
    columns = np.array(points, dtype=np.float64).reshape(-1, 3).T
    return Series(columns[0].astype(np.int64), columns[1], columns[2])


@st.composite
def some_rules(draw: st.DrawFn) -> Rules:
    """A ladder of one to four rungs; ``clear_at`` need not ascend."""
    count = draw(st.integers(1, 4))
    upper = draw(st.lists(likelihoods, min_size=count - 1, max_size=count - 1, unique=True))
    raise_at = np.array([draw(st.sampled_from([0.0, 0.05])), *sorted(number + 0.1 for number in upper)])
    clear_at = raise_at * np.array([draw(st.sampled_from([0.5, 0.8, 1.0])) for _ in raise_at])
    hold = np.array([float(draw(st.integers(0, 6))) for _ in raise_at])
    return Rules(raise_at, clear_at, hold, draw(st.sampled_from([0.0, 0.2, 1.0])), float(draw(st.integers(0, 12))))


def points(most: int) -> st.SearchStrategy[list[Point]]:
    times = st.lists(st.integers(0, 40), max_size=most, unique=True).map(sorted)
    return times.flatmap(
        lambda drawn: st.tuples(*(st.tuples(st.just(t), likelihoods, coverages) for t in drawn)).map(list)
    )


@settings(max_examples=400)
@given(some_rules(), points(25), points(6))
def test_a_ladder_climbs_point_by_point(rules: Rules, history: list[Point], asked: list[Point]) -> None:
    met = [point for point in asked if point[0] not in {past[0] for past in history}]
    expected = one_by_one(rules, history, met)
    assert climb(rules, series(history), series(met)).tolist() == expected


@given(some_rules(), points(25))
def test_a_time_of_the_history_is_answered_as_the_history_left_it(rules: Rules, history: list[Point]) -> None:
    climber = Climber(rules)
    expected = [climber.step(point) for point in history]
    assert climb(rules, series(history), series(history)).tolist() == expected


TWO = Rules(np.array([0.0, 0.4, 0.6]), np.array([0.0, 0.3, 0.5]), np.array([0.0, 2.0, 0.0]), 0.2, 5.0)


def walk(adverse: list[float], coverage: list[float] | float = 0.9, rules: Rules = TWO) -> Ints:
    times: Times = np.arange(len(adverse))
    seen = np.full(len(adverse), coverage) if isinstance(coverage, float) else np.array(coverage)
    daily = Series(times, np.array(adverse), seen)
    return climb(rules, daily, daily)


@pytest.mark.parametrize(
    ("adverse", "rungs"),
    [
        ([0.1, 0.7], [0, 2]),
        ([0.1, 0.4, 0.6], [0, 1, 2]),
        ([0.7, 0.5, 0.49], [2, 2, 1]),
        ([0.7, 0.1, 0.1, 0.1], [2, 1, 1, 0]),
        ([0.4, 0.29, 0.29, 0.3, 0.29, 0.29, 0.29], [1, 1, 1, 1, 1, 1, 0]),
        ([0.4, 0.1, 0.4, 0.1, 0.1, 0.1], [1, 1, 1, 1, 1, 0]),
    ],
    ids=[
        "raised at once, any number of rungs",
        "raised where it is reached",
        "not cleared at its clear_at, but below it",
        "several cleared, each after its own hold",
        "back at clear_at, the hold begins anew",
        "raised again, the hold begins anew",
    ],
)
def test_how_rungs_rise_and_clear(adverse: list[float], rungs: list[int]) -> None:
    assert walk(adverse).tolist() == rungs


@pytest.mark.parametrize("blind", [0.1, math.nan])
def test_silence_is_not_safety(blind: float) -> None:
    """Under the floor a rung stays for five days, though its own hold is nothing; a raise is never held back."""
    assert walk([0.7, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1], blind).tolist() == [2, 2, 2, 2, 2, 2, 0]
    assert walk([0.1, 0.1, 0.7], blind).tolist() == [0, 0, 2]
    assert walk([0.7, 0.1, 0.1, 0.1], [0.9, blind, blind, 0.2]).tolist() == [2, 2, 2, 0]


def test_before_any_history_a_ladder_starts_on_its_lowest_rung() -> None:
    nothing = Series(np.empty(0, dtype=np.int64), np.empty(0), np.empty(0))
    assert climb(TWO, nothing, series([(3, 0.1, 0.9), (4, 0.45, 0.9)])).tolist() == [0, 1]
    assert climb(TWO, nothing, nothing).tolist() == []


def test_what_is_asked_between_two_points_leaves_no_trace() -> None:
    history = series([(0, 0.1, 0.9), (10, 0.1, 0.9)])
    assert climb(TWO, history, series([(5, 0.7, 0.9), (6, 0.1, 0.9), (12, 0.1, 0.9)])).tolist() == [2, 0, 0]


def test_a_ladder_of_one_rung_stays_there() -> None:
    single = Rules(np.array([0.0]), np.array([0.0]), np.array([0.0]), 0.2, 5.0)
    assert walk([0.0, 1.0, 0.0], rules=single).tolist() == [0, 0, 0]
