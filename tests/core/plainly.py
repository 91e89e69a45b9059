"""What is heard at one time, read report by report as the method says it; slow and plain.

The core must say the same.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from iwscore.core.hearings import Clocks
from tests.core.rows import DAY, HALF_LIVES, TRUST, Regrade, Row


@dataclass(frozen=True)
class Heard:
    """One report that is heard: its row, its trust, what fading has left of it, and its evidence before sharing."""

    row: Row
    trust: float
    left: float

    @property
    def nats(self) -> float:
        return math.log((1 + self.trust) / (1 - self.trust)) * self.left

    @property
    def place(self) -> tuple[int, int, float, int]:
        """Its place among the words of its source."""
        return self.row.observed_at, self.row.known_from, self.trust, self.row.level


@dataclass
class Answer:
    """Evidence by channel, greatest trust times fading by indicator, and how many reports are heard."""

    evidence: dict[int, float] = field(default_factory=lambda: defaultdict(float))
    fresh: dict[int, float] = field(default_factory=lambda: defaultdict(float))
    speaking: int = 0


def read(rows: Sequence[Row], regrades: Sequence[Regrade], clocks: Clocks, at: int) -> Answer:
    """What is heard at one time."""
    voices: dict[tuple[int, int], list[Heard]] = defaultdict(list)
    for row in rows:
        if eligible(row, clocks, at):
            days = HALF_LIVES[row.indicator][row.level]
            left = 2.0 ** (-(at - row.observed_at) / DAY / days)
            voices[row.indicator, row.origin].append(Heard(row, trust(row, regrades, clocks, at), left))
    answer = Answer()
    for (indicator, _), told in sorted(voices.items(), key=lambda item: item[0]):
        loudest = [one for one in strongest_by_level(undropped(told)) if one.nats > 0]
        total = sum(one.nats for one in loudest)
        for one in loudest:
            answer.evidence[one.row.channel] += one.nats**2 / total
            answer.fresh[indicator] = max(answer.fresh[indicator], one.trust * one.left)
        answer.speaking += len(loudest)
    return answer


def known(clock: int, clocks: Clocks, at: int) -> int:
    """Up to when things are known to a question: in a vintage not beyond its own time."""
    return min(clock, at) if clocks.vintage else clock


def eligible(row: Row, clocks: Clocks, at: int) -> bool:
    """Whether the report counts at all."""
    withdrawals = known(clocks.withdrawals, clocks, at)
    known_by = withdrawals if row.correction else known(clocks.reports, clocks, at)
    return row.observed_at <= at and row.known_from <= known_by and row.stands_until > withdrawals


def trust(row: Row, regrades: Sequence[Regrade], clocks: Clocks, at: int) -> float:
    """What the report's grade is worth, and no more than its origin's would be."""
    until = known(clocks.regrades, clocks, at)

    def letter(who: int, own: int) -> int:
        later = [one for one in regrades if one.source == who and one.known_from <= until]
        return sorted(later, key=lambda one: one.known_from)[-1].letter if later else own

    worth = float(TRUST[letter(row.source, row.letter), row.digit])
    cap = -1 if row.source == row.origin else letter(row.origin, row.cap)
    return worth if cap < 0 else min(worth, float(TRUST[cap, row.digit]))


def undropped(told: Sequence[Heard]) -> list[Heard]:
    """All but what relays said before the origin itself said otherwise."""
    itself = [one for one in told if one.row.source == one.row.origin and one.trust > 0]
    return [
        one
        for one in told
        if one.row.source == one.row.origin
        or not any(own.row.level != one.row.level and own.row.observed_at > one.row.observed_at for own in itself)
    ]


def strongest_by_level(told: Sequence[Heard]) -> Iterable[Heard]:
    """Of each source its standing word, and of those the strongest a level."""
    loudest: dict[int, Heard] = {}
    for source in {one.row.source for one in told}:
        words = sorted((one for one in told if one.row.source == source), key=lambda one: one.place)
        since = max((n + 1 for n, one in enumerate(words) if one.row.level != words[-1].row.level), default=0)
        standing = max(words[since:], key=lambda one: one.nats)
        level = standing.row.level
        loudest[level] = max(loudest.get(level, standing), standing, key=lambda one: one.nats)
    return loudest.values()
