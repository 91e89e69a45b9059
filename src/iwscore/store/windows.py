"""Events counted over the window before each step of the calendar.

Here belongs the counting, on days and places alone. What is an event, and of whom, belongs to the mapping; what the
counts become belongs to ``store.counts``.

An event counts from the first step after its day is over, in windows that begin before it is: with a window of seven
days, the step of Monday 00:00 counts what happened from the Monday before to Sunday.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from iwscore.domain.mappings import Count
from iwscore.store.calendars import boundaries, shift_days

__all__ = ["Events", "Windows", "count_windows", "plan_windows"]


@dataclass(frozen=True, slots=True, eq=False)
class Windows:
    """T windows in order: the day before which each ends (``steps``), and the one on which it begins (``opens``)."""

    steps: NDArray[np.int64]
    opens: NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Events:
    """K events: the group of each (0 to G-1), the day after it, how many it stands for, its row in the file."""

    group: NDArray[np.int64]
    end_day: NDArray[np.int64]
    amount: NDArray[np.int64]
    row: NDArray[np.int64]


def plan_windows(first_day: int, end_day: int, count: Count) -> Windows:
    """Return the windows that lie wholly between two days, the second not included."""
    steps = boundaries(first_day, end_day, count.step)
    opens = shift_days(steps, count.window, -1)
    whole = opens >= first_day
    return Windows(steps[whole], opens[whole])


def count_windows(events: Events, groups: int, windows: Windows) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return for each group and window the count, and the row of its latest event, 0 where it has none. Each (G, T).

    Examples
    --------
    >>> two = Events(*(np.array(each) for each in ([0, 0], [3, 5], [1, 2], [7, 9])))
    >>> counts, rows = count_windows(two, 1, Windows(np.array([2, 4, 6, 8]), np.array([0, 2, 4, 6])))
    >>> counts.tolist(), rows.tolist()
    ([[0, 1, 2, 0]], [[0, 7, 9, 0]])
    """
    length = len(windows.steps)
    enters = np.searchsorted(windows.steps, events.end_day, side="left")
    leaves = np.searchsorted(windows.opens, events.end_day, side="left")
    counts = np.zeros((groups, length + 1), dtype=np.int64)
    np.add.at(counts, (events.group, enters), events.amount)
    np.subtract.at(counts, (events.group, leaves), events.amount)
    order = np.lexsort((events.row, events.end_day))
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    latest = np.full((groups, length + 1), -1, dtype=np.int64)
    np.maximum.at(latest, (events.group, enters), rank)
    latest = np.maximum.accumulate(latest, axis=1)[:, :length]
    # Place -1 of what follows is a row that is none, for groups without an event so far.
    rows = np.append(events.row[order], 0)[latest]
    still = np.append(leaves[order], 0)[latest] > np.arange(length)
    return np.cumsum(counts, axis=1)[:, :length], np.where(still, rows, 0)
