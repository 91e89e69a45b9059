"""Why the likelihoods are what they are: each sign's and each voice's part of the move.

The parts of one scenario and the balance, which is the same for all scenarios, add up to its
move from prior to likelihood.
"""

import math
from typing import Any

from tests.oracle import weighing
from tests.oracle.standings import Standing, by_level, says
from tests.oracle.voices import Voice


def explain(standing: Standing) -> dict[str, Any]:
    """The balance, and by sign the evidence, what it says alone, its parts and those of its voices."""
    question = standing.question
    parts = parts_of_signs(standing)
    first = math.log(standing.likelihoods[0]) - math.log(question.priors[0])
    return {
        "balance": first - math.fsum(by_scenario[0] for by_scenario in parts.values()),
        "indicators": {
            name: {
                "evidence": dict(zip(expected.sign.levels, standing.evidence[name], strict=True)),
                "alone": dict(zip(question.scenarios, standing.alone[name], strict=True)),
                "parts": dict(zip(question.scenarios, parts[name], strict=True)),
                "observations": parts_of_voices(standing, name),
            }
            for name, expected in question.expected.items()
        },
    }


def parts_of_signs(standing: Standing) -> dict[str, list[float]]:
    """Each sign's part of the move of each scenario (a)."""
    parts: dict[str, list[float]] = {}
    for members, rho in standing.question.groups:
        for s in range(len(standing.question.scenarios)):
            shares = weighing.parts([standing.alone[name][s] for name in members], rho)
            for name, share in zip(members, shares, strict=True):
                parts.setdefault(name, []).append(share)
    return parts


def parts_of_voices(standing: Standing, name: str) -> list[dict[str, Any]]:
    """Each speaking voice of a sign with its part of the move of each scenario."""
    question, sign = standing.question, standing.question.expected[name].sign
    speaking = sorted(
        (one for one in standing.voices[name] if one.evidence > 0),
        key=lambda one: (one.report.observed_at, one.origin, one.level),
    )
    so_far: list[Voice] = []
    before = says(question, name, by_level([], sign))
    told = []
    for one in speaking:
        so_far.append(one)
        after = says(question, name, by_level(so_far, sign))
        told.append(
            {
                "external_id": one.report.external_id,
                "source": one.report.source,
                "origin": one.origin,
                "level": one.report.level,
                "trust": one.trust,
                "fading": one.fading,
                "evidence": one.evidence,
                "rivals": one.rivals,
                "parts": {
                    scenario: (after[s] - before[s]) * damping(standing, name, s)
                    for s, scenario in enumerate(question.scenarios)
                },
            }
        )
        before = after
    return told


def damping(standing: Standing, name: str, scenario: int) -> float:
    """What a group leaves of a member's nats on one scenario: (|u| / norm)^(q-1).

    At a correlation of 1 a member either is the greatest, or one of several, or leaves nothing.
    """
    members, rho = next(one for one in standing.question.groups if name in one[0])
    u = standing.alone[name][scenario]
    same_side = weighing.positive([standing.alone[one][scenario] for one in members], 1 if u > 0 else -1)
    whole = weighing.norm(same_side, rho)
    if whole == 0:
        return 1.0
    if rho == 1:
        return float(abs(u) == whole) / same_side.count(whole)
    return float((abs(u) / whole) ** (1 / (1 - rho) - 1))
