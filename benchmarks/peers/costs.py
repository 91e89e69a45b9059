"""What iwscore's arithmetic costs as one axis of the job grows and the others stay."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

import numpy as np

from benchmarks.peers import ours
from benchmarks.peers.jobs import job
from benchmarks.peers.rounds import say, takes

DAYS = 7300
FEW_ROWS, FEW_DAYS = 20_000, 730  # for the axes that come after the evidence


@dataclass(frozen=True, slots=True)
class Curve:
    """Seconds by the size of one axis; ``rest`` says what the others are."""

    axis: str
    what: str
    rest: str
    sizes: tuple[int, ...]
    seconds: tuple[float, ...]

    @property
    def slope(self) -> float:
        """Of the logarithm of the time on that of the size: 1 is in proportion."""
        return float(np.polyfit(np.log(self.sizes), np.log(self.seconds), 1)[0])


def costs(rows: int, rounds: int) -> list[Curve]:
    """Return a curve for each of N, C, T, S and D."""
    some = rows // 10
    most = (rows // 100, rows // 30, some, rows // 3, rows)
    return [
        curve("N", "evidence", "100 indicators, 7,300 days", most, rounds, of_rows),
        curve("C", "evidence", f"{some:,} reports, 7,300 days", (23, 69, 230, 690), rounds, of_channels(some)),
        curve("T", "evidence", f"{some:,} reports", (73, 365, 730, 3650, DAYS), rounds, of_days(some)),
        curve("S", "likelihoods", "100 indicators, 7,300 days", (2, 5, 10, 20, 50), rounds, of_scenarios),
        curve("D", "bands", "30 indicators, 5 scenarios, 730 days", (50, 100, 300, 1000), rounds, of_draws),
    ]


def curve(
    axis: str, what: str, rest: str, sizes: tuple[int, ...], rounds: int, make: Callable[[int], Callable[[], object]]
) -> Curve:
    """Time every size once a round."""
    works = [make(size) for size in sizes]
    taken = [[takes(work) for work in works] for _ in range(rounds)]
    say(f"cost against {axis}: done")
    return Curve(axis, what, rest, sizes, tuple(median(column) for column in zip(*taken, strict=True)))


def of_rows(size: int) -> Callable[[], object]:
    return ours.loaded(job(size), ours.THREADS[-1])


def of_channels(rows: int) -> Callable[[int], Callable[[], object]]:
    """Ten indicators have 23 channels, as a hundred have 230."""
    return lambda size: ours.loaded(job(rows, indicators=size * 10 // 23), ours.THREADS[-1])


def of_days(rows: int) -> Callable[[int], Callable[[], object]]:
    return lambda size: ours.loaded(job(rows, days=size), ours.THREADS[-1])


def of_scenarios(size: int) -> Callable[[], object]:
    made = job(0)
    asked = ours.problem(made, size)
    nats = np.random.default_rng(1).uniform(0, 5, size=(DAYS, made.channels))
    return lambda: ours.likelihoods(nats, asked)


def of_draws(size: int) -> Callable[[], object]:
    made = job(FEW_ROWS, indicators=30, sources=40, days=FEW_DAYS)
    asked = ours.problem(made)
    return lambda: ours.banded(made, asked, size)
