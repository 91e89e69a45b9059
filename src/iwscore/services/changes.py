"""Change: the way from an earlier answer, as known then, to the present one, in six full answers."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import numpy as np

from iwscore.core.assessing import combine, weigh
from iwscore.core.bundles import Floats
from iwscore.core.hearings import Clocks
from iwscore.core.likelihoods import log_balance, posterior
from iwscore.domain.assessments import Change, Step
from iwscore.domain.times import to_micros
from iwscore.services.frames import Frame
from iwscore.services.moments import make_moment
from iwscore.services.questions import before, known_micros

__all__ = ["change"]

StepId = Literal["fading", "new", "withdrawn", "re-graded", "catalog"]

_STEPS: tuple[StepId, ...] = ("fading", "new", "withdrawn", "re-graded", "catalog")


def change(frame: Frame, since: datetime, at: datetime, known_at: datetime | None) -> Change:
    """Return what moved each likelihood between the question at ``since``, as known then, and this one.

    The clock, new reports, corrections and retractions, the register, and the catalog are set forward in turn.
    """
    before(since, at, known_at)
    then, now, known = to_micros(since), to_micros(at), known_micros(known_at)
    answers = [
        _answer(frame, then, Clocks(then, then, then)),
        _answer(frame, now, Clocks(then, then, then)),
        _answer(frame, now, Clocks(known, then, then)),
        _answer(frame, now, Clocks(known, known, then)),
        _answer(frame, now, Clocks(known, known, known)),
        _answer(frame, now, Clocks(known, known, known)),
    ]
    names = frame.problem.scenario_ids
    return Change(
        since=since,
        before=dict(zip(names, answers[0][0].tolist(), strict=True)),
        after=dict(zip(names, answers[-1][0].tolist(), strict=True)),
        steps=tuple(
            Step(
                id=step,
                likelihood=dict(zip(names, (later[0] - earlier[0]).tolist(), strict=True)),
                ln_likelihood=dict(zip(names, (later[1] - earlier[1]).tolist(), strict=True)),
            )
            for step, earlier, later in zip(_STEPS, answers[:-1], answers[1:], strict=True)
        ),
    )


def _answer(frame: Frame, at: int, clocks: Clocks) -> tuple[Floats, Floats]:
    """Return the likelihoods and their logarithms. Shape (S,) each."""
    together = combine(weigh(make_moment(frame, at, clocks).evidence, frame.expectations), frame.expectations)
    priors = frame.expectations.priors
    logs = np.log(priors) + together[0] + log_balance(together, priors)[0]
    return posterior(together, priors)[0], logs
