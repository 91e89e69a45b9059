"""Standings: who is heard at one time, kept while the log grows and the time moves on.

Here belongs knowing which voices a new report or another minute touches. Only those are settled again; what is heard is
then weighed by ``core.sayings``, on the reports that are heard alone: the others change no bit of an answer.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from iwscore.core.assessing import Assessed
from iwscore.core.bundles import Ints
from iwscore.core.hearings import Clocks, Hearings
from iwscore.core.sayings import Sayings, conclude, hear_out
from iwscore.core.spans import starts
from iwscore.core.speaking import Statements, speak
from iwscore.services.inquiries import Changed, Inquiry

__all__ = ["Standing"]

_FIELDS = tuple(field.name for field in fields(Sayings))
_MUCH = 4  # from a share of 1 in so many on, all voices are settled again at once


@dataclass(frozen=True, slots=True, eq=False)
class _Told:
    """The reports of an indicator that are heard, and since when."""

    hearings: Hearings
    statements: Statements


class Standing:
    """What is heard at one time by some clocks. The time may move either way."""

    def __init__(self, inquiry: Inquiry, clocks: Clocks) -> None:
        self._inquiry, self._clocks = inquiry, clocks
        self._at: int | None = None  # None where everything has to be settled
        self._heard: dict[int, dict[int, list[int]]] = {}  # by indicator and voice
        self._open: set[int] = set()  # voices to be settled
        self._told: dict[int, _Told] = {}  # by indicator
        self._kept: tuple[Sayings, Assessed] | None = None  # of what is settled

    def touch(self, changed: Changed) -> None:
        """Take note of what does not hold any more."""
        self._open.update(self._inquiry.voices(changed.reports).tolist())

    def assessed(self, at: int) -> Assessed:
        """Return the answer at that time; of shape T = 1."""
        if self._at is None or (at != self._at and not self._move(self._at, at)):
            self._settle_all(at)
        indicators = self._settle(at)
        if self._kept is None:
            said = self._listen(sorted(self._heard) or [0], at)
        elif indicators:
            said, some = self._kept[0], self._listen(indicators, at)
            for name in _FIELDS:
                getattr(said, name)[:, indicators] = getattr(some, name)[:, indicators]
        else:
            return self._kept[1]
        self._kept = said, conclude(said, self._inquiry.frame.expectations, self._inquiry.most)
        return self._kept[1]

    def hearings(self) -> Hearings:
        """Return the reports that are heard, and no others."""
        heard = [row for one in self._heard.values() for rows in one.values() for row in rows]
        return self._inquiry.hear(np.array(heard, dtype=np.int64), self._clocks)

    def _listen(self, indicators: list[int], at: int) -> Sayings:
        """Return what these say; who of an indicator is heard is worked out once, until a voice of it changes."""
        for one in indicators:
            if one not in self._told:
                rows = [row for voice in self._heard.get(one, {}).values() for row in voice]
                hearings = self._inquiry.hear(np.array(rows, dtype=np.int64), self._clocks)
                self._told[one] = _Told(hearings, speak(hearings, np.array([at])))
        told = _joined([self._told[one] for one in indicators])
        return hear_out(told.hearings, told.statements, self._inquiry.frame.expectations, np.array([at]))

    def _move(self, before: int, at: int) -> bool:
        """Go to another time; False where so much changes on the way that everything has to be settled."""
        low, high = sorted((before, at))
        register, inquiry = self._inquiry.frame.register, self._inquiry
        regraded = (register.regraded_from > low) & (register.regraded_from <= high)
        if self._clocks.vintage and regraded.any():
            return False
        rows = _changing(inquiry, low, high, vintage=self._clocks.vintage)
        if _MUCH * len(rows) > len(inquiry):
            return False
        self._open.update(inquiry.voices(rows).tolist())
        self._at, self._kept = at, None
        return True

    def _settle_all(self, at: int) -> None:
        """Settle every voice from the ground up."""
        self._at, self._kept = at, None
        for kept in (self._open, self._heard, self._told):
            kept.clear()
        self._enter(self._inquiry.hear(np.arange(len(self._inquiry)), self._clocks), at)

    def _settle(self, at: int) -> list[int]:
        """Settle the voices that are open; return their indicators, ascending."""
        sources = len(self._inquiry.frame.sources)
        if self._open:
            for voice in self._open:
                self._heard.get(voice // sources, {}).pop(voice, None)
            self._enter(self._inquiry.hear(self._inquiry.of_voices(self._open), self._clocks), at)
        indicators = sorted({voice // sources for voice in self._open})
        self._open.clear()
        for one in indicators:
            self._told.pop(one, None)
        return indicators

    def _enter(self, hearings: Hearings, at: int) -> None:
        """Note who of these is heard."""
        statements = speak(hearings, np.array([at]))
        rows = hearings.report[statements.hearing]
        voices = self._inquiry.voices(rows)
        first = starts(voices)
        sources = len(self._inquiry.frame.sources)
        for begin, end in zip(first.tolist(), np.append(first, len(rows))[1:].tolist(), strict=True):
            voice = int(voices[begin])
            self._heard.setdefault(voice // sources, {})[voice] = rows[begin:end].tolist()


def _changing(inquiry: Inquiry, low: int, high: int, *, vintage: bool) -> Ints:
    """Return the reports that come to be heard, or stop, for questions after ``low`` up to ``high``."""
    changes = np.zeros(len(inquiry), dtype=np.bool_)
    for name in ("observed_at", "known_from", "stands_until") if vintage else ("observed_at",):
        changes |= (inquiry[name] > low) & (inquiry[name] <= high)
    return np.flatnonzero(changes)


def _joined(told: list[_Told]) -> _Told:
    """Return what several indicators tell, in their order, as one; voices and rows are numbered through."""
    rows = np.cumsum([0, *(len(one.hearings) for one in told)])
    voices = np.cumsum([0, *(int(one.hearings.voice.max(initial=-1)) + 1 for one in told)])
    columns = {
        field.name: np.concatenate([getattr(one.hearings, field.name) for one in told]) for field in fields(Hearings)
    }
    columns["voice"] += np.repeat(voices[:-1], np.diff(rows))
    said = {
        field.name: np.concatenate([getattr(one.statements, field.name) for one in told])
        for field in fields(Statements)
    }
    said["hearing"] += np.repeat(rows[:-1], [len(one.statements) for one in told])
    return _Told(Hearings(**columns), Statements(**said))
