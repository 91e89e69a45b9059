"""Linchpins: the reports, origins and parties the answer hangs on."""

from __future__ import annotations

from typing import Literal

import numpy as np

from iwscore.core.assessing import combine, weigh
from iwscore.core.bundles import Floats
from iwscore.core.likelihoods import posterior
from iwscore.core.removals import without_reports, without_voices
from iwscore.domain.assessments import Linchpin
from iwscore.domain.times import from_micros
from iwscore.services.moments import Moment

__all__ = ["linchpins"]

Kind = Literal["report", "origin", "party"]

_SHOWN = 5  # of each kind; more only where more than these change the leader


def linchpins(moment: Moment) -> tuple[Linchpin, ...]:
    """Return what would change the leading scenario were it not in the log, and what moves the answer most."""
    present = _likelihoods(moment, moment.evidence)[0]
    found: list[Linchpin] = []
    rows, without = without_reports(moment.evidence[0], moment.hearings, moment.statements, moment.time)
    found += _ranked(moment, "report", [_report_name(moment, int(row)) for row in rows], present, without)
    sides: list[tuple[Kind, list[str]]] = [("origin", _origins(moment)), ("party", _parties(moment))]
    for kind, names in sides:
        known = sorted({name for name in names if name})
        label = np.array([known.index(name) if name else -1 for name in names], dtype=np.int64)
        by_source = label[moment.frame.reports.origin[moment.hearings.report]]
        without = without_voices(moment.evidence[0], moment.hearings, (moment.statements, moment.said), by_source)
        titles = [(name, _title(moment, kind, name)) for name in known[: len(without)]]
        found += _ranked(moment, kind, titles, present, without)
    return tuple(found)


def _likelihoods(moment: Moment, evidence: Floats) -> Floats:
    expectations = moment.frame.expectations
    return posterior(combine(weigh(evidence, expectations), expectations), expectations.priors)


def _ranked(
    moment: Moment,
    kind: Kind,
    titles: list[tuple[str, str]],
    present: Floats,
    without: Floats,
) -> list[Linchpin]:
    """Return those that change the leader, then those that move any likelihood most."""
    names = moment.frame.problem.scenario_ids
    likelihood = _likelihoods(moment, without)
    moves = np.abs(likelihood - present).max(axis=1, initial=0.0)
    leader = likelihood.argmax(axis=1)
    flips = leader != present.argmax()
    order = np.lexsort((np.arange(len(moves)), -moves, ~flips))
    kept = [int(v) for n, v in enumerate(order) if flips[v] or (n < _SHOWN and moves[v] > 0)]
    return [
        Linchpin(
            kind=kind,
            id=titles[v][0],
            title=titles[v][1],
            leader=names[int(leader[v])],
            flips=bool(flips[v]),
            likelihood=dict(zip(names, likelihood[v].tolist(), strict=True)),
            moves=float(moves[v]),
        )
        for v in kept
    ]


def _report_name(moment: Moment, row: int) -> tuple[str, str]:
    """Return a report's id and what it says, in short."""
    hearings, seen = moment.hearings, moment.frame.observations
    place = int(moment.frame.place[hearings.report[row]])
    indicator = moment.frame.indicators[int(hearings.indicator[row])]
    day = from_micros(seen.observed_at[place]).date().isoformat()
    said = f"{seen.source[place]}: {indicator.id} {indicator.levels[int(hearings.level[row])]}"
    return seen.id[place].decode(), f"{said}, {day}, {seen.texts['grade'][place]}"


def _origins(moment: Moment) -> list[str]:
    heard = set(moment.frame.reports.origin[moment.hearings.report[moment.rows]].tolist())
    return [name if i in heard else "" for i, name in enumerate(moment.frame.sources)]


def _parties(moment: Moment) -> list[str]:
    return [moment.frame.catalog.sources[name].party if name else "" for name in _origins(moment)]


def _title(moment: Moment, kind: str, name: str) -> str:
    return moment.frame.catalog.sources[name].title if kind == "origin" else name
