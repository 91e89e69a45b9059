"""Checks on what the numbers of a catalog can and cannot do.

Here belong findings that need arithmetic. Scores are the core's own; only the diagnosticity, which no score uses, is
computed here.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import reduce
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from iwscore.catalog.findings import Case, Finding, Findings
from iwscore.core.likelihoods import group_nats, indicator_nats, posterior
from iwscore.core.trust import trust_nats
from iwscore.domain.catalogs import Catalog
from iwscore.domain.grades import parse_grade
from iwscore.domain.problems import Expectation, Problem

__all__ = [
    "lonely_group",
    "never_separated",
    "overconfidence",
    "rung_out_of_reach",
    "rung_stands_raised",
    "slow_absence",
    "tells_nothing",
]

_Floats = NDArray[np.float64]
_CERTAIN_NATS = 700.0  # the common error alone holds back a level this sure
_LEAST_BITS = 0.001
_LEAST_RATIO = 1.1
_MOST_LIKELIHOOD = 0.999
_USUAL_GRADE = "B2"


def slow_absence(case: Case) -> Findings:
    """An absence lasts as long as a presence.

    A report that nothing was seen is overtaken sooner than one that something was: what was not there last month may
    be there now, what was built up does not vanish. Give the lowest level a shorter half-life than the others.

    Passes::

        indicators/signs.yaml: {indicators: [{id: troops, half_life: {absent: 3d, present: 21d}}]}

    Fails::

        indicators/signs.yaml: {indicators: [{id: troops, half_life: 21d}]}
    """
    for name, indicator in case.catalog.indicators.items():
        if indicator.half_life_days[0] >= min(indicator.half_life_days[1:]):
            lowest = indicator.levels[0]
            place = case.place("indicators", name, "half_life")
            must = f"{lowest} should fade faster than the other levels"
            yield Finding((name,), place, name, must, f"Shorten the half-life of {lowest}.")


def lonely_group(case: Case) -> Findings:
    """A group has one member.

    A group discounts what its members say together; alone, an indicator counts in full.

    Passes::

        scenarios/border.yaml:
          groups: [{id: signals, indicators: [troops, talks], correlation: 0.3, rationale: One order moves both.}]

    Fails::

        scenarios/border.yaml:
          groups: [{id: signals, indicators: [troops], correlation: 0.3, rationale: One order moves it.}]
    """
    for problem in case.catalog.problems.values():
        for group in problem.groups:
            if len(group.indicators) == 1:
                place = case.place("problems", problem.id, "groups", group.id)
                must = "it must have two members to do anything"
                yield Finding((problem.id, group.id), place, group.id, must, "Add a member or drop the group.")


def tells_nothing(case: Case) -> Findings:
    """An indicator tells nothing apart.

    Its diagnosticity, the bits that knowing its level for certain would tell on average about the scenario, is under
    0.001; or its weight is 0. Reports on it cost attention and move nothing.

    Passes::

        scenarios/border.yaml:
          expectations: {troops: {given: {attack: likely}, otherwise: unlikely}}

    Fails::

        scenarios/border.yaml:
          expectations: {troops: {given: {attack: even}, otherwise: even}}
    """
    for problem in case.catalog.problems.values():
        priors = _priors(problem)
        for expectation in problem.expectations:
            bits = _bits(np.array(expectation.given), priors) if expectation.weight else 0.0
            if bits < _LEAST_BITS:
                name = expectation.indicator
                place = case.place("problems", problem.id, "expectations", name)
                value = f"{name}, {bits:.4f} bits"
                must = f"it must tell at least {_LEAST_BITS} bits about the scenario"
                yield Finding((problem.id, name), place, value, must, "Sharpen its rows or drop it.")


def never_separated(case: Case) -> Findings:
    """No indicator separates two scenarios.

    Under both, every level of every scored indicator is about as probable (within a factor of 1.1), so no report can
    change their odds. Look for a sign that would, or make them one scenario.

    Passes::

        scenarios/border.yaml:
          expectations: {talks: {given: {quiet: remote, other: likely}}}

    Fails::

        scenarios/border.yaml:
          expectations: {talks: {given: {quiet: likely, attack: very-likely}}}
    """
    for problem in case.catalog.problems.values():
        logs = [item.weight * np.log(np.array(item.given)) for item in _scored(case.catalog, problem)]
        for (a, first), (b, second) in combinations(enumerate(problem.scenario_ids), 2):
            furthest = max((float(np.abs(log[a] - log[b]).max()) for log in logs), default=0.0)
            if furthest < math.log(_LEAST_RATIO):
                place = case.place("problems", problem.id, "scenarios", second)
                about = (problem.id, first, second)
                must = "some indicator must be more probable under one than under the other"
                yield Finding(about, place, f"{first}, {second}", must, "Add one, or make them one scenario.")


def rung_stands_raised(case: Case) -> Findings:
    """A rung that was raised once never clears by itself.

    With nothing reported the adverse scenarios' priors stand at or above its ``clear_at``: silence cannot clear it,
    only reports that speak against them.

    Passes::

        scenarios/border.yaml: {ladder: {rungs: [{id: watch, clear_at: 0.15}]}}

    Fails::

        scenarios/border.yaml: {ladder: {rungs: [{id: watch, clear_at: 0.05}]}}
    """
    for problem in case.catalog.problems.values():
        total = math.fsum(problem.scenarios[s].prior for s in problem.adverse)
        for rung in problem.ladder.rungs[1:] if problem.ladder else ():
            if total >= rung.clear_at:
                place = case.place("problems", problem.id, "ladder", "rungs", rung.id)
                must = f"clear_at must be above the adverse priors {total:.6g}"
                value = f"{rung.id}, clear_at {rung.clear_at:g}"
                yield Finding((problem.id, rung.id), place, value, must, "Raise clear_at.")


def rung_out_of_reach(case: Case) -> Findings:
    """No evidence can reach a rung.

    Even with every indicator certainly at the level that speaks most for the adverse scenarios, within its common
    error, weight and group, their likelihoods together stay below its ``raise_at``.

    Passes::

        scenarios/border.yaml: {ladder: {rungs: [{id: watch, raise_at: 0.2}]}}

    Fails::

        scenarios/border.yaml: {ladder: {rungs: [{id: watch, raise_at: 0.9}]}}
    """
    for problem in case.catalog.problems.values():
        most = _most_adverse(case.catalog, problem) if problem.ladder else 1.0
        for rung in problem.ladder.rungs[1:] if problem.ladder else ():
            if rung.raise_at > most:
                place = case.place("problems", problem.id, "ladder", "rungs", rung.id)
                must = f"the indicators must be able to reach it; they reach {_percent(most)}"
                value = f"{rung.id}, raise_at {rung.raise_at:g}"
                yield Finding((problem.id, rung.id), place, value, must, "Lower it or add indicators.")


def overconfidence(case: Case) -> Findings:
    """Ordinary reports make a scenario all but certain.

    With one B2 report on every indicator, each at the level that speaks most for the scenario, it reaches 99.9 % or
    more. Indicators outside groups are taken as independent; few are. Group those that move together, with a
    correlation, or lower the weight of those that say the same thing twice.

    Passes::

        scenarios/border.yaml:
          expectations: {troops: {given: {attack: likely}, otherwise: unlikely}}

    Fails::

        scenarios/border.yaml:
          scenarios: [{id: quiet, prior: 0.98}, {id: attack, prior: 0.01}, {id: other, prior: 0.01}]
          expectations:
            troops: {given: {quiet: 0.001, attack: 0.999}, otherwise: 0.999}
            talks: {given: {quiet: 0.001}, otherwise: 0.999}
    """
    letter, digit = parse_grade(_USUAL_GRADE)
    evidence = float(trust_nats(np.array(case.catalog.trust.table[letter][digit])))
    for problem in case.catalog.problems.values():
        scored = _scored(case.catalog, problem)
        alone = [_alone(case.catalog, problem, item, evidence) for item in scored]
        # For scenario X, the row of each indicator that raises X most: axis T is X.
        chosen = [nats[np.argmax(nats, axis=0)] for nats in alone]
        reached = np.diagonal(_together(problem, scored, chosen))
        top = int(np.argmax(reached))
        if reached[top] >= _MOST_LIKELIHOOD:
            name = problem.scenario_ids[top]
            grouped = {member for group in problem.groups for member in group.indicators}
            free = sum(item.indicator not in grouped for item in scored)
            value = f"with {_USUAL_GRADE} reports on every indicator {name} reaches {_percent(float(reached[top]))}"
            value += f"; {free} of {len(scored)} indicators assumed independent"
            place = case.place("problems", problem.id, "expectations")
            must = f"they should leave it below {_percent(_MOST_LIKELIHOOD)}"
            yield Finding((problem.id, name), place, value, must, "Group indicators that move together.")


def _scored(catalog: Catalog, problem: Problem) -> tuple[Expectation, ...]:
    return tuple(item for item in problem.expectations if catalog.indicators[item.indicator].scored)


def _priors(problem: Problem) -> _Floats:
    return np.array([scenario.prior for scenario in problem.scenarios])


def _percent(likelihood: float) -> str:
    """Return a percentage cut, not rounded, so that it never says 100 before its time."""
    return f"{math.floor(likelihood * 1e6) / 1e4:g} %"


def _bits(given: _Floats, priors: _Floats) -> float:
    """Return the mutual information of scenario and level: rows are P(level | scenario), shape (S, L)."""
    level = priors @ given
    return float((priors[:, None] * given * np.log2(given / level)).sum())


def _alone(catalog: Catalog, problem: Problem, expectation: Expectation, evidence: float) -> _Floats:
    """Return the nats by which an indicator moves each scenario, a row for reports at each level. Shape (L, S)."""
    given = np.array(expectation.given)
    common_error = catalog.indicators[expectation.indicator].common_error
    reports = np.eye(given.shape[1]) * evidence
    return indicator_nats(reports, given, _priors(problem), common_error=common_error, weight=expectation.weight)


def _together(problem: Problem, scored: Sequence[Expectation], chosen: Sequence[_Floats]) -> _Floats:
    """Return the likelihoods, given what each scored indicator says; arrays of shape (T, S)."""
    nats = dict(zip((item.indicator for item in scored), chosen, strict=True))
    parts = []
    for group in problem.groups:
        members = [nats.pop(name) for name in group.indicators if name in nats]
        if members:
            parts.append(group_nats(np.stack(members, axis=1), group.correlation))
    silent = np.zeros((len(problem.scenarios), len(problem.scenarios)))
    return posterior(reduce(np.add, [*parts, *nats.values()] or [silent]), _priors(problem))


def _most_adverse(catalog: Catalog, problem: Problem) -> float:
    """Return the greatest sum of adverse likelihoods that certain levels give.

    Tried are the levels best for the adverse scenarios together and, where there are several, for each by itself.
    """
    scored = _scored(catalog, problem)
    adverse = list(problem.adverse)
    priors = _priors(problem)
    chosen = []
    for item in scored:
        nats = _alone(catalog, problem, item, _CERTAIN_NATS)
        together = (priors[adverse] * np.exp(nats[:, adverse])).sum(axis=1)
        best = [int(together.argmax()), *nats[:, adverse].argmax(axis=0)]
        chosen.append(nats[best])
    return float(_together(problem, scored, chosen)[:, adverse].sum(axis=1).max())
