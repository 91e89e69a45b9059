"""What the core computes on: reports as rows, a problem as tables, the register's regrades.

Here belong the bundles that more than one module of the core takes. Where they come from is no business of the
core: ``services.frames`` fills them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["EVERYTHING", "NEVER", "Expectations", "Floats", "Ints", "Pieces", "Register", "Reports", "Times"]

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Times = NDArray[np.int64]  # microseconds since 1970

NEVER = int(np.iinfo(np.int64).max)  # a time that does not come
EVERYTHING = NEVER - 1  # the knowledge time at which all is known


@dataclass(frozen=True, slots=True, eq=False)
class Reports:
    """N reports on one subject, in canonical order; every array has shape (N,).

    Attributes
    ----------
    channel, indicator, level
        Places on axis C, on axis I, and among the indicator's levels.
    source, origin
        Places in the register, sorted by name; ``origin`` is the end of its chain.
    observed_at, known_from
        Microseconds since 1970.
    stands_until
        When it became known that the report is corrected or retracted; `NEVER` where it stands.
    correction
        Whether the report came as a correction of another.
    letter, digit
        The grade: 0-6 for A-G, 0-5 for 1-6.
    cap
        The letter of the origin in force at ``observed_at``, -1 where there is none or the source is the origin.
    """

    channel: Ints
    indicator: Ints
    level: Ints
    source: Ints
    origin: Ints
    observed_at: Times
    known_from: Times
    stands_until: Times
    correction: NDArray[np.bool_]
    letter: Ints
    digit: Ints
    cap: Ints

    def __len__(self) -> int:
        """Return N."""
        return len(self.channel)

    def take(self, rows: Ints | NDArray[np.bool_] | slice) -> Reports:
        """Return the reports at these places, or those a mask keeps; columns that were one array stay one."""
        taken: dict[int, NDArray[Any]] = {}
        columns = [getattr(self, name) for name in self.__slots__]
        for column in columns:
            if id(column) not in taken:
                taken[id(column)] = column[rows]
        return Reports(*(taken[id(column)] for column in columns))


@dataclass(frozen=True, slots=True, eq=False)
class Pieces:
    """N reports that are too many to be held at once.

    Attributes
    ----------
    count
        N.
    read
        Gives them anew whenever it is called: all reports on an indicator together, some indicators at a time.
    """

    count: int
    read: Callable[[], Iterator[Reports]]

    def __len__(self) -> int:
        """Return N."""
        return self.count

    def __iter__(self) -> Iterator[Reports]:
        """Yield the reports piece by piece."""
        return self.read()


@dataclass(frozen=True, slots=True, eq=False)
class Register:
    """What grades are worth, and when sources were regraded.

    Attributes
    ----------
    trust
        Worth of each grade, 0 to 0.99. Shape (7, 6).
    regraded_source, regraded_from, regraded_letter
        One row a regrade: the place of the source, from when it is known, its letter 0-6; ascending in time.
    """

    trust: Floats
    regraded_source: Ints
    regraded_from: Times
    regraded_letter: Ints


@dataclass(frozen=True, slots=True, eq=False)
class Expectations:
    """One problem as tables: I indicators, C channels (all their levels in a row), S scenarios.

    Attributes
    ----------
    priors
        Each above 0, summing to 1. Shape (S,).
    given
        For each indicator P(level | scenario). I arrays of shape (S, L).
    offsets
        Where each indicator's channels start; the last entry is C. Shape (I + 1,).
    half_life_days
        Infinite where evidence never fades. Shape (C,).
    common_error, weight
        0 to 0.5, and 0 to 1. Shape (I,).
    groups
        For each group its members' places on axis I, and its correlation, 0 to 1.
    """

    priors: Floats
    given: tuple[Floats, ...]
    offsets: Ints
    half_life_days: Floats
    common_error: Floats
    weight: Floats
    groups: tuple[tuple[Ints, float], ...]

    def channels(self, indicator: int) -> slice:
        """Return the channels of one indicator, as a slice of axis C."""
        return slice(int(self.offsets[indicator]), int(self.offsets[indicator + 1]))

    def only(self, indicators: NDArray[np.bool_]) -> tuple[Expectations, NDArray[np.bool_]]:
        """Return the problem with some of its indicators, and which of its channels are left. Shape (C,).

        What the others do not say changes no bit of an answer.
        """
        levels = np.diff(self.offsets)
        channels = np.repeat(indicators, levels)
        place = np.cumsum(indicators) - 1
        groups = ((place[members[indicators[members]]], correlation) for members, correlation in self.groups)
        fewer = Expectations(
            priors=self.priors,
            given=tuple(given for given, kept in zip(self.given, indicators, strict=True) if kept),
            offsets=np.append(0, np.cumsum(levels[indicators])),
            half_life_days=self.half_life_days[channels],
            common_error=self.common_error[indicators],
            weight=self.weight[indicators],
            groups=tuple((members, correlation) for members, correlation in groups if len(members)),
        )
        return fewer, channels
