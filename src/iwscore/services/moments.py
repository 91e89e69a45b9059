"""One moment of a frame: what is heard at one time, statement by statement, before it is weighed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from iwscore.core.bundles import Floats, Ints, Times
from iwscore.core.evidence import Said, gather, say
from iwscore.core.hearings import Clocks, Hearings, hear
from iwscore.core.speaking import Statements, speak
from iwscore.domain.observations import Observations
from iwscore.services.frames import Frame

__all__ = ["Moment", "make_moment"]


@dataclass(frozen=True, slots=True, eq=False)
class Moment:
    """What is heard at one time; ``evidence`` has shape (1, C), ``time`` (1,)."""

    frame: Frame[Observations]
    clocks: Clocks
    time: Times
    hearings: Hearings
    statements: Statements
    said: Said
    evidence: Floats

    @property
    def rows(self) -> Ints:
        """The row of each report that is heard."""
        return self.statements.hearing[self.said.statement]


def make_moment(frame: Frame[Observations], at: int, clocks: Clocks) -> Moment:
    """Return what is heard at ``at``, in microseconds, by these clocks."""
    time = np.array([at], dtype=np.int64)
    hearings = hear(frame.reports, frame.register, frame.expectations, clocks)
    statements = speak(hearings, time)
    heard = gather(hearings, statements, time, frame.expectations)
    return Moment(frame, clocks, time, hearings, statements, say(hearings, statements, time), heard.nats)
