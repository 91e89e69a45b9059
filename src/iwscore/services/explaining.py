"""Explain: the parts that add up to an answer, what it hangs on, and what has changed since.

Here belong the parts by indicator and report. Linchpins and change are in modules of their own.
"""

from __future__ import annotations

from datetime import datetime

import numpy as np

from iwscore.core.assessing import combine, weigh
from iwscore.core.bundles import Floats
from iwscore.core.hearings import Clocks
from iwscore.core.likelihoods import log_balance, posterior
from iwscore.core.parts import shares, voice_nats
from iwscore.domain.assessments import Explanation, IndicatorPart, ReportPart, ScenarioSum
from iwscore.domain.catalogs import Catalog
from iwscore.domain.observations import Observations
from iwscore.domain.times import from_micros, to_micros
from iwscore.services.changes import change
from iwscore.services.frames import make_frame
from iwscore.services.linchpins import linchpins
from iwscore.services.moments import Moment, make_moment
from iwscore.services.questions import ask, known_micros
from iwscore.services.vintages import InForce

__all__ = ["explain"]


def explain(
    catalog: Catalog,
    observations: Observations,
    *,
    problem: str,
    at: datetime,
    since: datetime | None = None,
    subject: str | None = None,
    known_at: datetime | None = None,
    in_force: InForce | None = None,
) -> Explanation:
    """Return why the assessment is what it is and, where ``since`` is given, what has moved it since.

    With ``in_force`` the answer at ``since`` is that of the catalog in force then.

    Raises
    ------
    QuestionError
        Where the question cannot be asked so.
    """
    frame = make_frame(catalog, observations, *ask(catalog, observations, problem, subject))
    moment = make_moment(frame, to_micros(at), Clocks.known_at(known_micros(known_at)))
    priors = frame.expectations.priors
    alone = weigh(moment.evidence, frame.expectations)
    kept = shares(alone, frame.expectations)
    together = combine(alone, frame.expectations)
    likelihood = posterior(together, priors)[0]
    balance = float(log_balance(together, priors)[0])
    names = frame.problem.scenario_ids
    return Explanation(
        problem=frame.problem.id,
        subject=frame.subject,
        at=at,
        known_at=known_at,
        catalog=catalog.digest,
        leader=names[int(np.argmax(likelihood))],
        balance=balance,
        scenarios=tuple(
            ScenarioSum(
                id=scenario.id,
                title=scenario.title,
                prior=scenario.prior,
                likelihood=float(likelihood[s]),
                ln_prior=float(np.log(priors[s])),
                ln_likelihood=float(np.log(priors[s]) + together[0, s] + balance),
            )
            for s, scenario in enumerate(frame.problem.scenarios)
        ),
        indicators=tuple(_indicator(moment, i, alone[0, i], kept[0, i]) for i in _telling(moment)),
        linchpins=linchpins(moment),
        change=change(frame, since, at, known_at, (in_force or InForce.of(catalog)).at(since)) if since else None,
    )


def _telling(moment: Moment) -> list[int]:
    """Return the indicators on which anything is heard."""
    heard = moment.hearings.indicator[moment.rows[moment.said.nats > 0]]
    return [int(i) for i in np.unique(heard)]


def _indicator(moment: Moment, i: int, alone: Floats, kept: Floats) -> IndicatorPart:
    frame = moment.frame
    names, indicator = frame.problem.scenario_ids, frame.indicators[i]
    group = next((g.id for g in frame.problem.groups if indicator.id in g.indicators), None)
    evidence = moment.evidence[0, frame.expectations.channels(i)]
    return IndicatorPart(
        id=indicator.id,
        title=indicator.title,
        group=group,
        evidence=_named(indicator.levels, evidence),
        alone=_named(names, alone),
        parts=_named(names, alone * kept),
        observations=_reports(moment, i, kept),
    )


def _reports(moment: Moment, i: int, kept: Floats) -> tuple[ReportPart, ...]:
    """Return the voices on one indicator, in the order in which they are added."""
    hearings, said = moment.hearings, moment.said
    mine = np.flatnonzero((hearings.indicator[moment.rows] == i) & (said.nats > 0))
    rows = moment.rows[mine]
    origin = moment.frame.reports.origin[hearings.report[rows]]
    order = np.lexsort((hearings.level[rows], origin, hearings.observed_at[rows]))
    mine, rows = mine[order], rows[order]
    parts = voice_nats(said.nats[mine], hearings.level[rows], i, moment.frame.expectations) * kept
    return tuple(_report(moment, int(p), int(row), part) for p, row, part in zip(mine, rows, parts, strict=True))


def _report(moment: Moment, pair: int, row: int, parts: Floats) -> ReportPart:
    frame, hearings = moment.frame, moment.hearings
    report = int(hearings.report[row])
    place = int(frame.place[report])
    seen = frame.observations
    origin = frame.sources[int(frame.reports.origin[report])]
    return ReportPart(
        id=seen.id[place].decode(),
        external_id=seen.texts["external_id"][place],
        source=seen.source[place],
        origin=origin,
        party=frame.catalog.sources[origin].party,
        level=frame.indicators[int(hearings.indicator[row])].levels[int(hearings.level[row])],
        grade=seen.texts["grade"][place],
        trust=float(hearings.trust[row]),
        observed_at=from_micros(seen.observed_at[place]),
        known_from=from_micros(seen.known_from[place]),
        fading=float(moment.said.left[pair]),
        evidence=float(moment.said.nats[pair]),
        note=seen.texts["note"][place],
        parts=_named(frame.problem.scenario_ids, parts),
    )


def _named(names: tuple[str, ...], values: Floats) -> dict[str, float]:
    return dict(zip(names, values.tolist(), strict=True))
