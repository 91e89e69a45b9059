"""Dossiers: one question, and what is kept of its answers while the log grows.

Here belongs how an answer is put together from what is kept. What is kept belongs to ``services.standings``, ``grids``
and ``midnights``; the form of the answers to ``services.scoring`` and ``services.trends``.
"""

from __future__ import annotations

from datetime import datetime

import numpy as np

from iwscore.core.answering import Folding, climbed, no_ladder, series_of
from iwscore.core.assessing import Assessed
from iwscore.core.bands import bands
from iwscore.core.bundles import Ints, Times
from iwscore.core.hearings import Clocks
from iwscore.core.ladders import Series
from iwscore.domain.assessments import Assessment
from iwscore.domain.catalogs import Catalog
from iwscore.domain.problems import Problem
from iwscore.domain.times import to_micros
from iwscore.services.grids import Grid
from iwscore.services.inquiries import Inquiry
from iwscore.services.keeping import Kept
from iwscore.services.midnights import Midnights
from iwscore.services.questions import known_micros
from iwscore.services.rungs import Climb, folding_of
from iwscore.services.scoring import Asked, assessment_of
from iwscore.services.shelves import Shelves
from iwscore.services.standings import Standing
from iwscore.services.trends import Answer, Event, events_of, span_of

__all__ = ["Dossier"]

_KEPT = 4  # of each kind
_LARGEST = 1 << 22  # numbers in a grid that is kept


class Dossier:
    """Answers to one question; those at a few clocks and on a few grids are kept and brought up to date."""

    def __init__(self, catalog: Catalog, shelves: Shelves, problem: Problem, subject: str) -> None:
        self._inquiry = Inquiry(catalog, shelves, problem, subject)
        self._frame, self._folding = self._inquiry.frame, folding_of(problem)
        self._standings: Kept[Standing] = Kept(_KEPT)
        self._grids: Kept[Grid] = Kept(_KEPT)
        self._midnights: Kept[Midnights] = Kept(_KEPT)

    def catch_up(self) -> None:
        """Take in what has been told since."""
        changed = self._inquiry.catch_up()
        if changed is not None:
            for kept in (*self._standings, *self._grids, *self._midnights):
                kept.touch(changed)

    def score(self, at: datetime, known_at: datetime | None, *, draws: int, seed: int) -> Assessment:
        """Return the assessment at one time, as known at one time."""
        frame, micros, known = self._frame, to_micros(at), known_micros(known_at)
        standing, times = self._standing(Clocks.known_at(known)), np.array([micros])
        assessed, found = standing.assessed(micros), None
        if draws:
            found = bands(standing.hearings(), frame.expectations, frame.widths(), times, draws=draws, seed=seed)
        rungs = no_ladder(times)
        if folding := self._folding:
            history = self._past(folding, known).series(micros)
            then = assessed
            if micros < min(known, self._inquiry.settled_at):
                then = self._standing(Clocks.known_at(known, vintage=True)).assessed(micros)
            rungs = climbed(folding, history, series_of(folding, times, then))
        asked = Asked(at, known_at, self._inquiry.unplaced(micros, known))
        return assessment_of(frame, asked, assessed, found, rungs)

    def climb(self, at: datetime, known_at: datetime | None) -> Climb:
        """Return the way to the rung at one time, as known at one time."""
        frame, micros, known = self._frame, to_micros(at), known_micros(known_at)
        times = np.array([micros])
        found = no_ladder(times)
        if folding := self._folding:
            history = self._past(folding, known).series(micros)
            then = self._standing(Clocks.known_at(known, vintage=True)).assessed(micros)
            here, steps = series_of(folding, times, then), int(np.searchsorted(history.times, micros))
            asked = Series(
                *(np.append(getattr(history, name)[:steps], getattr(here, name)) for name in Series.__slots__)
            )
            times, found = asked.times, climbed(folding, history, asked)
        return Climb(frame.problem, frame.subject, times, *found)

    def likelihoods(self, at: datetime) -> dict[str, float]:
        """Return the likelihood of each scenario as all is known, without the ladder: those of `score`."""
        found = self._standing(Clocks.known_at(known_micros(None))).assessed(to_micros(at))
        return dict(zip(self._frame.problem.scenario_ids, found.likelihood[0].tolist(), strict=True))

    def answer(
        self, times: Times, where: slice, clocks: Clocks, *, draws: int, seed: int, marked: bool = True
    ) -> Answer:
        """Return the answers at those of the times; what was first heard only where it is to be marked."""
        frame, mine = self._frame, times[where]
        found = None
        if draws:
            hearings = self._inquiry.hear(np.arange(len(self._inquiry)), clocks)
            found = bands(hearings, frame.expectations, frame.widths(), mine, draws=draws, seed=seed)
        rung, _ = no_ladder(mine)
        if folding := self._folding:
            known = clocks.withdrawals
            then = self._answers(Clocks.known_at(known, vintage=True), mine)
            history = self._past(folding, known).series(int(mine[-1]))
            rung, _ = climbed(folding, history, series_of(folding, mine, then))
        events: tuple[Event, ...] = ()
        if marked:
            heard = self._inquiry.hear(self._coming(*span_of(times, where), clocks), clocks)
            events = events_of(frame, heard, times, where)
        return Answer(frame, where, self._answers(clocks, mine), found, rung, events)

    def _standing(self, clocks: Clocks) -> Standing:
        return self._standings.get(clocks, lambda: Standing(self._inquiry, clocks))

    def _past(self, folding: Folding, known: int) -> Midnights:
        """Return the ladder's steps by a knowledge time."""

        def then(at: int) -> Assessed:
            return self._standing(Clocks.known_at(known, vintage=True)).assessed(at)

        return self._midnights.get(known, lambda: Midnights(self._inquiry, folding, known, then))

    def _answers(self, clocks: Clocks, times: Times) -> Assessed:
        """Return the answers at some times; a grid too large to be kept is answered anew."""
        expectations = self._frame.expectations
        if len(times) * len(expectations.given) * (len(expectations.priors) + 3) <= _LARGEST:
            grid = self._grids.get((clocks, times.tobytes()), lambda: Grid(self._inquiry, clocks, times))
            return grid.assessed()
        return self._inquiry.assess(clocks, times)

    def _coming(self, first: int, last: int, clocks: Clocks) -> Ints:
        """Return the reports that may first be heard, or first be worth anything, from ``first`` to ``last``."""
        inquiry, register = self._inquiry, self._frame.register
        enter = np.maximum(inquiry["observed_at"], inquiry["known_from"] if clocks.vintage else inquiry["observed_at"])
        coming = enter >= first
        if clocks.vintage:
            within = (register.regraded_from >= first) & (register.regraded_from <= last)
            for name in ("source", "origin"):
                coming |= np.isin(inquiry[name], register.regraded_source[within])
        return np.flatnonzero(coming & (enter <= last))
