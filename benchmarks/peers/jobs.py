"""The job that all engines do: reports in columns, and what the method needs to know about them.

Every source speaks for itself, nothing is corrected, nothing comes late: the part of the method that a query can say.
What an engine makes of the columns before its time is taken, it says itself.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from iwscore.core.bundles import Floats, Ints

DAY = 86_400_000_000  # microseconds
MINUTE = 60_000_000
SEED = 20221004
# Worth of the grades A1 to G6: the house values that catalogs start from.
TRUST = np.array(
    [
        [0.95, 0.80, 0.55, 0.20, 0.05, 0.50],
        [0.90, 0.70, 0.50, 0.15, 0.05, 0.40],
        [0.80, 0.60, 0.40, 0.10, 0.00, 0.30],
        [0.60, 0.40, 0.25, 0.05, 0.00, 0.15],
        [0.30, 0.20, 0.10, 0.00, 0.00, 0.00],
        [0.60, 0.45, 0.25, 0.05, 0.00, 0.00],
        [0.00, 0.00, 0.00, 0.00, 0.00, 0.00],
    ]
)
LETTERS = [0.15, 0.25, 0.25, 0.15, 0.10, 0.08, 0.02]
DIGITS = [0.20, 0.25, 0.20, 0.15, 0.10, 0.10]


@dataclass(frozen=True, slots=True, eq=False)
class Job:
    """N reports in random order; the first six have shape (N,).

    Attributes
    ----------
    observed_at
        Microseconds, int64: after the midnight before the first of the times, and at the latest at the last.
    indicator, level, source, letter, digit
        Places, in the smallest whole numbers that hold them.
    trust
        Worth of each grade. Shape (7, 6).
    offsets
        Where each indicator's channels start; the last entry is C. Shape (I + 1,).
    half_life_days
        Shape (C,).
    sources
        How many there are.
    days
        T: the times are the midnights that end them.
    """

    observed_at: Ints
    indicator: NDArray[np.int16]
    level: NDArray[np.int8]
    source: NDArray[np.int16]
    letter: NDArray[np.int8]
    digit: NDArray[np.int8]
    trust: Floats
    offsets: Ints
    half_life_days: Floats
    sources: int
    days: int

    def __len__(self) -> int:
        return len(self.observed_at)

    @property
    def columns(self) -> dict[str, NDArray[np.signedinteger]]:
        """The reports, as every engine is given them."""
        names = ("observed_at", "indicator", "level", "source", "letter", "digit")
        return {name: getattr(self, name) for name in names}

    @property
    def times(self) -> Ints:
        """Shape (T,)."""
        return np.arange(1, self.days + 1) * DAY

    @property
    def channels(self) -> int:
        return len(self.half_life_days)

    @property
    def cell_nats(self) -> Floats:
        """Unfaded evidence of each grade, along the rows of the table. Shape (42,)."""
        return np.log((1 + self.trust) / (1 - self.trust)).ravel()

    @property
    def cell_rank(self) -> Ints:
        """Place of each grade in the order of trust; equals share one, and 0 is worthless. Shape (42,)."""
        return np.unique(self.trust.ravel(), return_inverse=True)[1].reshape(-1)


def job(
    rows: int, *, indicators: int = 100, sources: int = 500, days: int = 7300, step: int = MINUTE, seed: int = SEED
) -> Job:
    """Make a job whose first three in ten indicators have three levels, the others two; observed on whole steps."""
    rng = np.random.default_rng(seed)
    levels = np.where(np.arange(indicators) < round(0.3 * indicators), 3, 2)
    # Whole hours, as a catalog takes them; the same for any number of rows.
    half_life_days = rng.integers(5 * 24, 50 * 24, size=levels.sum()) / 24
    indicator = rng.integers(indicators, size=rows, dtype=np.int16)
    return Job(
        observed_at=(rng.integers(days * DAY // step, size=rows) + 1) * step,
        indicator=indicator,
        level=(rng.random(rows, dtype=np.float32) * levels.astype(np.float32)[indicator]).astype(np.int8),
        source=rng.integers(sources, size=rows, dtype=np.int16),
        letter=np.searchsorted(np.cumsum(LETTERS)[:-1], rng.random(rows)).astype(np.int8),
        digit=np.searchsorted(np.cumsum(DIGITS)[:-1], rng.random(rows)).astype(np.int8),
        trust=TRUST,
        offsets=np.append(0, np.cumsum(levels)),
        half_life_days=half_life_days,
        sources=sources,
        days=days,
    )
