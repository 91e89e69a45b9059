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
from iwscore.domain.catalogs import Catalog
from iwscore.domain.observations import Observations
from iwscore.domain.times import to_micros
from iwscore.errors import QuestionError
from iwscore.services.causes import regrades, withdrawals
from iwscore.services.frames import Frame, make_frame
from iwscore.services.moments import make_moment
from iwscore.services.questions import asks, before, known_micros

__all__ = ["change"]

StepId = Literal["fading", "new", "withdrawn", "re-graded", "catalog"]

_STEPS: tuple[StepId, ...] = ("fading", "new", "withdrawn", "re-graded", "catalog")


def change(
    frame: Frame[Observations], since: datetime, at: datetime, known_at: datetime | None, catalog: Catalog
) -> Change:
    """Return what moved each likelihood between the question at ``since``, as known then, and this one.

    The clock, new reports, corrections and retractions, the register, and the rest of ``catalog``, which was in force
    at ``since``, are set forward in turn.

    Raises
    ------
    QuestionError
        IW504 where ``since`` is not earlier, IW514 where the catalog of then had other scenarios.
    """
    before(since, at, known_at)
    then, now, known = to_micros(since), to_micros(at), known_micros(known_at)
    early, registered = _frames(frame, catalog)
    answers = [
        _answer(early, then, Clocks(then, then, then)),
        _answer(early, now, Clocks(then, then, then)),
        _answer(early, now, Clocks(known, then, then)),
        _answer(early, now, Clocks(known, known, then)),
        _answer(registered, now, Clocks(known, known, known)),
        _answer(frame, now, Clocks(known, known, known)),
    ]
    names = frame.problem.scenario_ids
    causes = {"withdrawn": withdrawals(frame, then, known), "re-graded": regrades(frame, then, known)}
    return Change(
        since=since,
        catalog=catalog.digest,
        before=dict(zip(names, answers[0][0].tolist(), strict=True)),
        after=dict(zip(names, answers[-1][0].tolist(), strict=True)),
        steps=tuple(
            Step(
                id=step,
                likelihood=dict(zip(names, (later[0] - earlier[0]).tolist(), strict=True)),
                ln_likelihood=dict(zip(names, (later[1] - earlier[1]).tolist(), strict=True)),
                causes=causes.get(step, ()),
            )
            for step, earlier, later in zip(_STEPS, answers[:-1], answers[1:], strict=True)
        ),
    )


def _frames(frame: Frame[Observations], catalog: Catalog) -> tuple[Frame[Observations], Frame[Observations]]:
    """Return the question by the catalog of then, and by it with the present register and table of trust."""
    present, problem, subject = frame.catalog, frame.problem.id, frame.subject
    if catalog.digest == present.digest:
        return frame, frame
    if not asks(catalog, problem, subject) or catalog.problems[problem].scenario_ids != frame.problem.scenario_ids:
        raise QuestionError(
            "IW514", "scenarios have changed since", catalog.digest[:12], "the catalog of then must have the same",
            "Give --catalog, to ask by one catalog alone.",
        )  # fmt: skip
    both = Catalog(
        indicators=catalog.indicators, problems=catalog.problems, sources=present.sources, trust=present.trust
    )
    asked = (frame.observations, catalog.problems[problem], subject)
    return make_frame(catalog, *asked), make_frame(both, *asked)


def _answer(frame: Frame[Observations], at: int, clocks: Clocks) -> tuple[Floats, Floats]:
    """Return the likelihoods and their logarithms. Shape (S,) each."""
    together = combine(weigh(make_moment(frame, at, clocks).evidence, frame.expectations), frame.expectations)
    priors = frame.expectations.priors
    logs = np.log(priors) + together[0] + log_balance(together, priors)[0]
    return posterior(together, priors)[0], logs
