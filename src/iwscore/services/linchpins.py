"""Linchpins: the reports, origins and parties the answer hangs on."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from iwscore.core.assessing import combine, weigh
from iwscore.core.bundles import NEVER, Floats, Ints
from iwscore.core.likelihoods import posterior
from iwscore.core.removals import removable, without_reports, without_voices
from iwscore.core.withdrawals import stood_before
from iwscore.domain.assessments import Linchpin
from iwscore.domain.times import from_micros
from iwscore.services.moments import Moment, make_moment

__all__ = ["linchpins"]

_ROWS_AT_ONCE = 4096  # bounds memory: so many rows times channels live at once
_SHOWN = 5  # of each kind, besides all that change the leader


def linchpins(moment: Moment) -> tuple[Linchpin, ...]:
    """Return what would change the leading scenario were it not in the log, and what moves the answer most."""
    present = _likelihoods(moment, moment.evidence)[0]
    rows = removable(moment.hearings, moment.statements, moment.time)
    reports = _ranked(moment, present, _without_each(moment, rows))
    found = [Linchpin(kind="report", **_report(moment, int(rows[v])), **change) for v, change in reports]
    sources = moment.frame.catalog.sources
    heard = np.unique(moment.frame.reports.origin[moment.hearings.report[moment.rows]])
    origins = {int(origin): moment.frame.sources[origin] for origin in heard}
    for origin, change in _without_sides(moment, present, origins):
        found.append(Linchpin(kind="origin", id=origin, title=sources[origin].title, **change))
    parties = {origin: sources[name].party for origin, name in origins.items() if sources[name].party}
    for party, change in _without_sides(moment, present, parties):
        found.append(Linchpin(kind="party", id=party, title=party, **change))
    return tuple(found)


def _without_sides(moment: Moment, present: Floats, sides: dict[int, str]) -> list[tuple[str, dict[str, Any]]]:
    """Return the changes were the origins that stand on one side not heard, for each side."""
    known = sorted(set(sides.values()))
    label = np.full(len(moment.frame.sources), -1)
    for origin, side in sides.items():
        label[origin] = known.index(side)
    by_row = label[moment.frame.reports.origin[moment.hearings.report]]
    without = without_voices(moment.evidence[0], moment.hearings, (moment.statements, moment.said), by_row)
    return [(known[v], change) for v, change in _ranked(moment, present, _likelihoods(moment, without))]


def _without_each(moment: Moment, rows: Ints) -> Floats:
    """Return the likelihoods without each of the rows, some at a time so that memory is bounded. Shape (V, S)."""
    correction = moment.frame.reports.correction[moment.hearings.report[rows]]
    parts = [np.empty((0, len(moment.frame.problem.scenarios)))]
    for begin in range(0, len(rows), _ROWS_AT_ONCE):
        block = rows[begin : begin + _ROWS_AT_ONCE]
        evidence = without_reports(moment.evidence[0], moment.hearings, block, moment.time)
        for v in np.flatnonzero(correction[begin : begin + _ROWS_AT_ONCE]):
            evidence[v] = _uncorrected(moment, int(moment.hearings.report[block[v]]))
        parts.append(_likelihoods(moment, evidence))
    return np.concatenate(parts)


def _uncorrected(moment: Moment, report: int) -> Floats:
    """Return the evidence without one correction: what it corrected stands again. Shape (C,)."""
    frame, seen, reports = moment.frame, moment.frame.observations, moment.frame.reports
    known = moment.clocks.withdrawals
    before = stood_before(seen.target, seen.kind == 2, seen.known_from, int(frame.place[report]), known)
    if before >= 0 and seen.ended is not None and seen.ended[before] <= known:
        before = -1
    again = np.flatnonzero(frame.place == before)
    stands = reports.stands_until.copy()
    stands[report], stands[again] = 0, NEVER
    touched = np.unique(reports.indicator[np.append(again, report)])
    near = replace(reports, stands_until=stands).take(np.isin(reports.indicator, touched))
    heard = make_moment(replace(frame, reports=near), int(moment.time[0]), moment.clocks).evidence[0]
    evidence: Floats = moment.evidence[0].copy()
    for indicator in touched.tolist():
        channels = frame.expectations.channels(indicator)
        evidence[channels] = heard[channels]
    return evidence


def _likelihoods(moment: Moment, evidence: Floats) -> Floats:
    expectations = moment.frame.expectations
    return posterior(combine(weigh(evidence, expectations), expectations), expectations.priors)


def _ranked(moment: Moment, present: Floats, likelihood: Floats) -> list[tuple[int, dict[str, Any]]]:
    """Return those that change the leader, then those that move any likelihood most, by their place."""
    names = moment.frame.problem.scenario_ids
    moves = np.abs(likelihood - present).max(axis=1, initial=0.0)
    leader = likelihood.argmax(axis=1)
    flips = leader != present.argmax()
    most = np.lexsort((np.arange(len(moves)), -moves))
    shown = flips.copy()
    shown[most[:_SHOWN]] |= moves[most[:_SHOWN]] > 0
    kept = [v for v in most[np.argsort(~flips[most], kind="stable")].tolist() if shown[v]]
    return [
        (
            v,
            {
                "leader": names[int(leader[v])],
                "flips": bool(flips[v]),
                "likelihood": dict(zip(names, likelihood[v].tolist(), strict=True)),
                "moves": float(moves[v]),
            },
        )
        for v in kept
    ]


def _report(moment: Moment, row: int) -> dict[str, Any]:
    """Return a report's id and what it says, in short."""
    hearings, seen = moment.hearings, moment.frame.observations
    place = int(moment.frame.place[hearings.report[row]])
    indicator = moment.frame.indicators[int(hearings.indicator[row])]
    day = from_micros(seen.observed_at[place]).date().isoformat()
    said = f"{seen.source[place]}: {indicator.id} {indicator.levels[int(hearings.level[row])]}"
    return {"id": seen.id[place].decode(), "title": f"{said}, {day}, {seen.texts['grade'][place]}"}
