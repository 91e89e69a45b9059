"""How one problem stands at one time, given the reports that stand: likelihoods, scores, coverage, flags.

Which reports stand is decided in `reports`; the questions asked of it all are in `answers`.
"""

import math
from dataclasses import dataclass
from datetime import datetime

from tests.oracle import weighing
from tests.oracle.catalogs import Question, Register, Sign
from tests.oracle.reports import Report, trust
from tests.oracle.voices import Voice, heard, voice

LEAST_DIVISOR = 0.1


@dataclass(frozen=True)
class Standing:
    """What the signs of a question say: per sign the voices, the evidence by level (E), and u."""

    question: Question
    voices: dict[str, list[Voice]]
    evidence: dict[str, list[float]]
    alone: dict[str, list[float]]
    likelihoods: list[float]

    def score(self, scenario: int) -> float | None:
        """How much of what could be said for any scenario is being said for this one."""
        whole = math.fsum(one.most_for for one in self.question.expected.values())
        return tally([u[scenario] for u in self.alone.values()], whole)

    def against(self, scenario: int) -> float | None:
        """How much of what could be said against any scenario is being said against this one."""
        whole = math.fsum(one.most_against for one in self.question.expected.values())
        return tally([-u[scenario] for u in self.alone.values()], whole)

    @property
    def coverage(self) -> float | None:
        """How much of what could be known is freshly known."""
        most = {name: one.most_for for name, one in self.question.expected.items()}
        whole = math.fsum(most.values())
        if whole < LEAST_DIVISOR:
            return None
        fresh = {
            name: max((one.trust * one.fading for one in voices), default=0.0) for name, voices in self.voices.items()
        }
        return math.fsum(most[name] * fresh[name] for name in most) / whole

    @property
    def thin(self) -> bool:
        """Whether so little is freshly known that silence tells nothing."""
        floor = self.question.ladder.coverage_floor if self.question.ladder else 0.2
        return self.coverage is None or self.coverage < floor

    @property
    def flags(self) -> list[str]:
        """What to know before believing the likelihoods."""
        contested = any(sum(nats > 1 for nats in levels) > 1 for levels in self.evidence.values())
        held = {"contested": contested, "thin": self.thin}
        return [name for name, holds in held.items() if holds]


def weigh(question: Question, register: Register, reports: list[Report], at: datetime, known_at: datetime) -> Standing:
    """How a problem stands, given the reports on one subject that stand; trust is the register's then."""
    voices, evidence, alone = {}, {}, {}
    for name, expected in question.expected.items():
        candidates = [
            voice(one, trust(one, register, known_at), expected.sign, at)
            for one in reports
            if one.indicator == name and one.placed and one.level != "unknown"
        ]
        voices[name] = heard(candidates)
        evidence[name] = by_level(voices[name], expected.sign)
        alone[name] = says(question, name, evidence[name])
    nats = [
        math.fsum(weighing.together([alone[name][s] for name in members], rho) for members, rho in question.groups)
        for s in range(len(question.scenarios))
    ]
    return Standing(question, voices, evidence, alone, weighing.posterior(question.priors, nats))


def by_level(voices: list[Voice], sign: Sign) -> list[float]:
    """The evidence for each level of a sign (E)."""
    levels = range(len(sign.levels))
    return [math.fsum(one.evidence for one in voices if one.level == level) for level in levels]


def says(question: Question, name: str, evidence: list[float]) -> list[float]:
    """The nats by which one sign alone moves each scenario (u), given the evidence on its levels."""
    expected = question.expected[name]
    g = weighing.common_error(evidence, expected.sign.common_error)
    return weighing.alone(expected.rows, expected.weight, question.priors, g)


def tally(nats: list[float], whole: float) -> float | None:
    """What is being said (the positive nats) in percent of what could be; None where that is little."""
    if whole < LEAST_DIVISOR:
        return None
    return min(100.0, 100 * math.fsum(weighing.positive(nats, 1)) / whole)
