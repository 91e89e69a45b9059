"""Readings: the reports of the log with their texts, for questions that name single reports.

Here belongs how long a reading is kept. What is read belongs to ``store``, what is hidden to ``services``.
"""

from __future__ import annotations

from collections import defaultdict
from threading import Lock

from iwscore.api.answers import Moment
from iwscore.domain.observations import Observations
from iwscore.services.views import View

__all__ = ["Readings"]


class Readings:
    """The last reading for each ceiling: another is made only when more is seen, by one request at a time."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[str, Observations]] = {}
        self._reading: defaultdict[str, Lock] = defaultdict(Lock)

    def of(self, moment: Moment, head: str) -> Observations:
        """Return what the reader sees of the log as it stood at that head.

        Raises
        ------
        Unreachable
            Where it is not kept, and the log cannot be reached.
        """
        ceiling, seen = moment.reader.ceiling, moment.stamp.seen
        with self._reading[ceiling]:
            kept = self._kept.get(ceiling)
            if kept is None or kept[0] != seen:
                self._kept.pop(ceiling, None)  # two at once would take twice the room
                kept = self._kept[ceiling] = seen, View(moment.station.log, ceiling).observations(head=head)
            return kept[1]
