"""The arithmetic of the method in plain floats: from evidence to nats per scenario, and groups.

Nothing here knows of reports or documents.
"""

import math
from itertools import starmap
from operator import mul


def dot(left: list[float], right: list[float]) -> float:
    """The sum of products, rounded once."""
    return math.fsum(starmap(mul, zip(left, right, strict=True)))


def common_error(evidence: list[float], epsilon: float) -> list[float]:
    """How well each level accounts for the reports (g, up to one factor for all levels)."""
    top = max(evidence)
    raised = [math.exp(nats - top) for nats in evidence]
    mean = math.fsum(raised) / len(raised)
    return [(1 - epsilon) * one + epsilon * mean for one in raised]


def alone(rows: list[list[float]], weight: float, priors: list[float], g: list[float]) -> list[float]:
    """The nats by which one sign alone moves each scenario (u); one row of P(level) per scenario."""
    c = [weight * math.log(dot(row, g)) for row in rows]
    mean = math.log(dot(priors, [math.exp(nats) for nats in c]))
    return [nats - mean for nats in c]


def reach(rows: list[list[float]], weight: float, priors: list[float], epsilon: float) -> tuple[float, float]:
    """The most that one sign could say for, and against, any scenario (D+ and D-)."""
    count = len(rows[0])
    most_for = most_against = 0.0
    for certain in range(count):
        g = [epsilon / count + (1 - epsilon if level == certain else 0.0) for level in range(count)]
        u = alone(rows, weight, priors, g)
        most_for = max(most_for, *u)
        most_against = max(most_against, *(-nats for nats in u))
    return most_for, most_against


def norm(numbers: list[float], rho: float) -> float:
    """The q-norm of non-negative numbers, q = 1/(1-rho)."""
    top = max(numbers, default=0.0)
    if rho == 1 or top == 0:
        return top
    q = 1 / (1 - rho)
    total: float = math.fsum((number / top) ** q for number in numbers) ** (1 / q)
    return top * total


def shares(numbers: list[float], rho: float) -> list[float]:
    """What each of some non-negative numbers is of their norm, adding up to it."""
    top = max(numbers, default=0.0)
    if top == 0:
        return [0.0 for _ in numbers]
    if rho == 1:
        raised = [float(number == top) for number in numbers]
    else:
        raised = [(number / top) ** (1 / (1 - rho)) for number in numbers]
    return [norm(numbers, rho) * one / math.fsum(raised) for one in raised]


def positive(numbers: list[float], sign: int) -> list[float]:
    """The positive (sign 1) or negative (sign -1) parts of some numbers, both written positive."""
    return [max(sign * number, 0.0) for number in numbers]


def together(members: list[float], rho: float) -> float:
    """What a group says of one scenario (U) from what its members say of it alone."""
    return norm(positive(members, 1), rho) - norm(positive(members, -1), rho)


def parts(members: list[float], rho: float) -> list[float]:
    """Each member's part of what the group says of one scenario."""
    speaking_for, speaking_against = (shares(positive(members, sign), rho) for sign in (1, -1))
    return [plus - minus for plus, minus in zip(speaking_for, speaking_against, strict=True)]


def posterior(priors: list[float], nats: list[float]) -> list[float]:
    """The likelihoods: priors moved by nats, normalised."""
    top = max(nats)
    raised = [prior * math.exp(one - top) for prior, one in zip(priors, nats, strict=True)]
    return [one / math.fsum(raised) for one in raised]
