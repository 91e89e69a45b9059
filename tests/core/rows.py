"""Reports as plain rows, and the arrays the core takes them in.

Random ones are drawn in `drawing`; what they say by the letter of the method is read in `plainly`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from iwscore.core.assessing import Assessed, judge
from iwscore.core.bundles import NEVER, Expectations, Register, Reports, Times
from iwscore.core.evidence import gather
from iwscore.core.hearings import Hearings
from iwscore.core.speaking import speak

QUARTER = 21_600_000_000  # six hours, the grain of random times
DAY = 4 * QUARTER
SOURCES = 5
HALF_LIVES = ((1.0, 2.5), (np.inf, 0.75, 4.0))  # days by level; so many indicators and levels are there
G = 6
# No two numbers alike but the zeros, and no ratio of evidence that fading could make even.
TRUST = np.array([[0.983 - 0.131 * letter - 0.0217 * digit for digit in range(6)] for letter in range(7)])
TRUST[G] = 0.0
TRUST[:, 5] = 0.0


@dataclass(frozen=True)
class Row:
    """One report; the same names and meanings as the arrays of `Reports`."""

    indicator: int = 0
    level: int = 1
    source: int = 0
    origin: int = 0
    observed_at: int = 0
    known_from: int = 0
    stands_until: int = NEVER
    correction: bool = False
    letter: int = 0
    digit: int = 0
    cap: int = -1

    @property
    def channel(self) -> int:
        """Its place among all levels of all indicators."""
        return sum(map(len, HALF_LIVES[: self.indicator])) + self.level


@dataclass(frozen=True)
class Regrade:
    """From when a source is known to deserve another letter."""

    source: int
    known_from: int
    letter: int


def reports(rows: Sequence[Row]) -> Reports:
    """The rows as arrays, in the order given."""
    columns = {name: [getattr(row, name) for row in rows] for name in Reports.__slots__}
    return Reports(
        **{name: np.array(values, dtype=bool if name == "correction" else int) for name, values in columns.items()}
    )


def register(regrades: Sequence[Regrade] = ()) -> Register:
    """The table of trust and the regrades, ascending in time."""
    ordered = sorted(regrades, key=lambda one: one.known_from)
    columns = [[one.source, one.known_from, one.letter] for one in ordered]
    source, since, letter = np.array(columns, dtype=np.int64).reshape(-1, 3).T
    return Register(TRUST, source, since, letter)


def problem(*, groups: Sequence[tuple[Sequence[int], float]] = ()) -> Expectations:
    """Two scenarios told apart by the indicators of `HALF_LIVES`."""
    given = [np.array([[0.7, 0.3], [0.2, 0.8]]), np.array([[0.6, 0.3, 0.1], [0.1, 0.3, 0.6]])]
    return Expectations(
        priors=np.array([0.6, 0.4]),
        given=tuple(given),
        offsets=np.cumsum([0, *map(len, HALF_LIVES)]),
        half_life_days=np.array([days for lives in HALF_LIVES for days in lives]),
        common_error=np.array([0.02, 0.1]),
        weight=np.array([1.0, 0.5]),
        groups=tuple((np.array(members), correlation) for members, correlation in groups),
    )


def log_order(rows: Sequence[Row]) -> list[Row]:
    """The rows as a log holds them: by the time they were known."""
    return sorted(rows, key=lambda row: row.known_from)


def judged(hearings: Hearings, expectations: Expectations, times: Times) -> Assessed:
    """What these rows come to, whoever told them."""
    return judge(gather(hearings, speak(hearings, times), times, expectations), expectations)
