"""Differences: where two answers for the same subjects and times are apart, gathered block by block.

Here belong the three gatherers, each of which keeps no more than it reports. Which answers are compared belongs to
``services.comparing``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from iwscore.core.bundles import Floats, Ints, Times
from iwscore.core.spans import starts
from iwscore.domain.models import Model
from iwscore.domain.times import from_micros, print_instant

__all__ = ["FirstTimes", "Grid", "Move", "Moves", "Reached", "Stretch", "Stretches"]


class Move(Model):
    """The time at which a scenario's likelihood for a subject differs most; ``move`` is the other's less in force."""

    at: str
    subject: str
    scenario: str
    other: float
    in_force: float
    move: float


class Stretch(Model):
    """Times in a row at which rung or leading scenario differ, from ``start`` to ``end``, both inclusive."""

    subject: str
    start: str
    end: str
    times: int
    other: str | None
    in_force: str | None


class Reached(Model):
    """When a subject was first on a rung or above it; None where it never was."""

    subject: str
    rung: str
    other: str | None
    in_force: str | None


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """What the rows of an output stand for: place ``g`` is a subject and a time, subjects first."""

    subjects: tuple[str, ...]
    times: Times

    def subject(self, place: int) -> str:
        """Return whose place it is."""
        return self.subjects[place // len(self.times)]

    def at(self, place: int) -> str:
        """Return the time of a place."""
        return print_instant(from_micros(self.times[place % len(self.times)]))


def _runs(*keys: Ints) -> Iterator[tuple[int, int]]:
    """Yield where runs of equal keys begin and end."""
    begin = starts(*keys)
    yield from zip(begin.tolist(), [*begin[1:].tolist(), len(keys[0])], strict=True)


@dataclass(slots=True)
class Moves:
    """The largest difference of each subject's scenarios, the earliest of equals.

    ``found`` holds by subject and scenario how far apart, at which place, here and there.
    """

    grid: Grid
    scenarios: tuple[str, ...]
    found: dict[tuple[int, int], tuple[float, int, float, float]] = field(default_factory=dict)

    def take(self, begin: int, subject: Ints, here: Floats, there: Floats) -> None:
        """Take the likelihoods of a block; the first place is ``begin``. Shape (K, S)."""
        apart = np.abs(here - there)
        for first, end in _runs(subject):
            for s, row in enumerate((first + apart[first:end].argmax(axis=0)).tolist()):
                key, most = (int(subject[first]), s), float(apart[row, s])
                if key not in self.found or most > self.found[key][0]:
                    self.found[key] = (most, begin + row, float(here[row, s]), float(there[row, s]))

    def largest(self, most: int) -> tuple[Move, ...]:
        """Return the largest moves, largest first."""
        ranked = sorted((-found[0], key, found) for key, found in self.found.items() if found[0] > 0)
        return tuple(
            Move(
                at=self.grid.at(place),
                subject=self.grid.subject(place),
                scenario=self.scenarios[s],
                other=other,
                in_force=in_force,
                move=other - in_force,
            )
            for _, (_, s), (_, place, other, in_force) in ranked[:most]
        )


@dataclass(slots=True)
class Stretches:
    """Runs of places of one subject at which two labels differ in one way; the longest are kept.

    ``count`` is of places; ``kept`` holds length (negative), first place, label here and there.
    """

    grid: Grid
    names: tuple[str, ...]
    most: int
    count: int = 0
    kept: list[tuple[int, int, int, int]] = field(default_factory=list)

    def take(self, begin: int, subject: Ints, here: Ints, there: Ints) -> None:
        """Take the labels of a block, places in ``names`` or -1; the first place is ``begin``. Shape (K,)."""
        self.count += int((here != there).sum())
        for first, end in _runs(subject, here, there):
            if here[first] != there[first]:
                self._add(begin + first, end - first, int(here[first]), int(there[first]))
        if len(self.kept) > 10 * self.most:  # the last may go on in the next block
            self.kept = [*sorted(self.kept[:-1])[: self.most], self.kept[-1]]

    def _add(self, first: int, length: int, here: int, there: int) -> None:
        before = self.kept[-1] if self.kept else (0, -1, 0, 0)
        joins = before[1] + -before[0] == first and before[2:] == (here, there)
        if joins and self.grid.subject(before[1]) == self.grid.subject(first):
            self.kept[-1] = (before[0] - length, before[1], here, there)
        else:
            self.kept.append((-length, first, here, there))

    def longest(self) -> tuple[Stretch, ...]:
        """Return the longest stretches, longest first."""
        return tuple(
            Stretch(
                subject=self.grid.subject(first),
                start=self.grid.at(first),
                end=self.grid.at(first - length - 1),
                times=-length,
                other=self.names[here] if here >= 0 else None,
                in_force=self.names[there] if there >= 0 else None,
            )
            for length, first, here, there in sorted(self.kept)[: self.most]
        )


@dataclass(slots=True)
class FirstTimes:
    """When each subject was first on each rung that both ladders have, or above it; ``found`` holds places."""

    grid: Grid
    rungs: tuple[str, ...]
    ours: Ints
    theirs: Ints
    found: dict[tuple[int, int], list[int | None]] = field(default_factory=dict)

    def take(self, begin: int, subject: Ints, here: Ints, there: Ints) -> None:
        """Take the rungs of a block, places in the ladders or -1; the first place is ``begin``. Shape (K,)."""
        for first, end in _runs(subject):
            for r in range(len(self.rungs)):
                key = (int(subject[first]), r)
                firsts = self.found.setdefault(key, [None, None])
                for side, (rung, least) in enumerate(((here, self.ours[r]), (there, self.theirs[r]))):
                    on = rung[first:end] >= least
                    if firsts[side] is None and on.any():
                        firsts[side] = begin + first + int(on.argmax())

    def differing(self, most: int) -> tuple[Reached, ...]:
        """Return the rungs first reached at different times, the furthest apart first."""
        ranked = sorted((-self._apart(firsts), key) for key, firsts in self.found.items() if firsts[0] != firsts[1])
        return tuple(
            Reached(
                subject=self.grid.subjects[key[0]],
                rung=self.rungs[key[1]],
                other=self._at(self.found[key][0]),
                in_force=self._at(self.found[key][1]),
            )
            for _, key in ranked[:most]
        )

    def _apart(self, firsts: list[int | None]) -> int:
        """Return by how many times the two are apart; never is further than any."""
        one, other = firsts
        return len(self.grid.times) if one is None or other is None else abs(one - other)

    def _at(self, place: int | None) -> str | None:
        return None if place is None else self.grid.at(place)
