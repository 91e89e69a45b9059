"""Inquiries: one problem and subject of one catalog, its reports as arrays that grow with the log.

Here belongs what every answer to the question shares: its reports, by voice, and which of them were told or withdrawn
since. Answers at one time belong to ``services.standings``, on a grid to ``services.grids``, the ladder's past to
``services.midnights``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace

import numpy as np

from iwscore.core.assessing import Assessed, assess
from iwscore.core.bundles import NEVER, Ints, Reports, Times
from iwscore.core.hearings import Clocks, Hearings, hear
from iwscore.core.scores import ceilings
from iwscore.core.spans import starts
from iwscore.domain.catalogs import Catalog
from iwscore.domain.columns import Columns
from iwscore.domain.problems import Problem
from iwscore.services.frames import Frame, make_frame
from iwscore.services.growing import Growing
from iwscore.services.placements import place
from iwscore.services.shelves import Shelves

__all__ = ["Changed", "Inquiry"]

_REPORTS = tuple(field.name for field in fields(Reports))
_LOST = ("observed_at", "known_from", "stands_until")


@dataclass(frozen=True, slots=True, eq=False)
class Changed:
    """Which reports are new and which are withdrawn, by their places, and the first time by which that is known."""

    new: Ints
    withdrawn: Ints
    since: int

    @property
    def reports(self) -> Ints:
        """All of them."""
        return np.concatenate([self.new, self.withdrawn])


class Inquiry:
    """The reports on one question, as far as they are taken in, in the order of recording.

    ``frame`` has all that the question hangs on but its reports, of which none is in it; ``most`` is the most that each
    indicator could say. ``settled_at`` is the last time at which a report, a withdrawal or a regrade became known:
    later, all is known.
    """

    def __init__(self, catalog: Catalog, shelves: Shelves, problem: Problem, subject: str) -> None:
        shelf = shelves.of(subject)
        self.frame: Frame[Columns] = make_frame(catalog, shelf.columns(len(shelf)), problem, subject)
        self.most = ceilings(self.frame.expectations)
        self._shelves, self._seen, self._withdrawn = shelves, len(shelf), len(shelf.withdrawn)
        self._reports = Growing(**{name: getattr(self.frame.reports, name) for name in _REPORTS})
        self._lost = Growing(**dict(zip(_LOST, self.frame.lost, strict=True)))
        self._spots = Growing(report=_spots(0, slice(0), 0, 0), lost=_spots(0, slice(0), 0, 0))
        self._voices: dict[int, Growing] = {}
        self._add(shelf.columns())
        every = np.arange(len(self))
        regraded = self.frame.register.regraded_from
        self.settled_at = int(np.concatenate([_known(self, every, every), regraded]).max(initial=-NEVER))

    def __len__(self) -> int:
        return len(self._reports)

    def __getitem__(self, name: str) -> Ints:
        """Return one of the arrays of its reports, as long as it is now."""
        return self._reports[name]

    @property
    def reports(self) -> Reports:
        """All of them; nothing is copied."""
        return Reports(*(self._reports[name] for name in _REPORTS))

    def catch_up(self) -> Changed | None:
        """Take in what has come onto the subject's shelf; None where nothing has that bears on an answer."""
        shelf, before = self._shelves.of(self.frame.subject), len(self)
        if self._seen < len(shelf):
            self._add(shelf.columns(self._seen))
        rows = np.unique(np.array(shelf.withdrawn[self._withdrawn :], dtype=np.int64))
        self._seen, self._withdrawn = len(shelf), len(shelf.withdrawn)
        until, lost, report = shelf.stands_until(rows), self._spots["lost"][rows], self._spots["report"][rows]
        self._lost["stands_until"][lost[lost >= 0]] = until[lost >= 0]
        self["stands_until"][report[report >= 0]] = until[report >= 0]
        new, withdrawn = np.arange(before, len(self)), report[report >= 0]
        if not len(new) and not len(withdrawn):
            return None
        since = _known(self, new, withdrawn)
        self.settled_at = max(self.settled_at, int(since.max()))
        return Changed(new, withdrawn, int(since.min()))

    def unplaced(self, at: int, known_at: int) -> int:
        """Return how many reports the catalog cannot place, as of a time and as known at a time."""
        lost = self._lost
        counted = (lost["observed_at"] <= at) & (lost["known_from"] <= known_at) & (lost["stands_until"] > known_at)
        return int(counted.sum())

    def voices(self, reports: Ints) -> Ints:
        """Return which voice each report belongs to: an indicator and an origin in one number."""
        return self["indicator"][reports].astype(np.int64) * len(self.frame.sources) + self["origin"][reports]

    def of_voices(self, voices: Iterable[int]) -> Ints:
        """Return every report of these voices."""
        return np.concatenate([self._voices[voice]["report"] for voice in voices])

    def hear(self, reports: Ints, clocks: Clocks) -> Hearings:
        """Return these reports as they can be heard; ``report`` holds their places in the inquiry."""
        rows = np.sort(reports)
        rows = rows[np.argsort(self["known_from"][rows], kind="stable")]
        taken = Reports(*(self._reports[name][rows] for name in _REPORTS))
        heard = hear(taken, self.frame.register, self.frame.expectations, clocks)
        return replace(heard, report=rows[heard.report])

    def assess(self, clocks: Clocks, times: Times) -> Assessed:
        """Return the answers at these times, made from the ground up."""
        return assess(self.reports, self.frame.register, self.frame.expectations, clocks, times)

    def _add(self, columns: Columns) -> None:
        frame, before = self.frame, len(self)
        found = place(frame.catalog, columns, frame.indicators, frame.subject)
        self._spots.extend(
            report=_spots(len(columns), found.rows, before, len(found.reports)),
            lost=_spots(len(columns), found.lost_rows, len(self._lost), len(found.lost_rows)),
        )
        self._reports.extend(**{name: getattr(found.reports, name) for name in _REPORTS})
        self._lost.extend(**dict(zip(_LOST, found.lost, strict=True)))
        self._shelve(np.arange(before, len(self)))

    def _shelve(self, reports: Ints) -> None:
        """Enter reports under their voices."""
        voices = self.voices(reports)
        order = np.argsort(voices, kind="stable")
        first = starts(voices[order])
        for begin, end in zip(first.tolist(), np.append(first, len(order))[1:].tolist(), strict=True):
            voice, mine = int(voices[order[begin]]), reports[order[begin:end]]
            if voice in self._voices:
                self._voices[voice].extend(report=mine)
            else:
                self._voices[voice] = Growing(report=mine)


def _known(inquiry: Inquiry, told: Ints, withdrawn: Ints) -> Ints:
    """Return from when these reports are known as told, and as withdrawn; those that stand are not."""
    until = inquiry["stands_until"][withdrawn]
    return np.concatenate([inquiry["known_from"][told], until[until != NEVER]])


def _spots(rows: int, some: Ints | slice, first: int, count: int) -> Ints:
    """Return for each row where it stands among some, ``count`` of them, from ``first`` on; -1 where it is none."""
    spots = np.full(rows, -1, dtype=np.int64)
    spots[some] = np.arange(first, first + count)
    return spots
