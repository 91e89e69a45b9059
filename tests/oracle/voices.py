"""Who speaks on one sign of one subject: runs, dropped relays, shared voices, fading.

What the voices together mean is worked out in `answers`.
"""

import math
from dataclasses import dataclass
from datetime import datetime

from tests.oracle.catalogs import Sign
from tests.oracle.reports import Report


@dataclass(frozen=True)
class Voice:
    """A report with what it is worth at the time of the question."""

    report: Report
    origin: str
    level: int
    trust: float
    fading: float
    evidence: float
    rivals: int = 0  # how many other reports could as well be named as the one heard

    @property
    def strength(self) -> tuple[float, datetime, datetime]:
        """The evidence; between equals the latest report is the one heard."""
        return self.evidence, self.report.observed_at, self.report.known_from


def voice(report: Report, trust: float, sign: Sign, at: datetime) -> Voice:
    """A report as if it were alone."""
    assert report.level is not None
    assert report.origin is not None
    half_life = sign.half_lives[report.level]
    fading = 1.0 if half_life is None else 2.0 ** -((at - report.observed_at) / half_life)
    evidence = math.log((1 + trust) / (1 - trust)) * fading
    return Voice(report, report.origin, sign.levels.index(report.level), trust, fading, evidence)


def heard(candidates: list[Voice]) -> list[Voice]:
    """The voices heard on one sign, from all eligible reports on it, each with its shared evidence."""
    kept = [one for one in candidates if not dropped(one, candidates)]
    standing: dict[tuple[str, str], Voice] = {}
    for origin, source in sorted({(one.origin, one.report.source) for one in kept}):
        own = [one for one in kept if one.origin == origin and one.report.source == source]
        standing[origin, source] = strongest(last_run(own))
    shared = []
    for origin in sorted({one.origin for one in kept}):
        shared += share([one for (whose, _), one in sorted(standing.items()) if whose == origin])
    return shared


def dropped(relay: Voice, candidates: list[Voice]) -> bool:
    """Whether the origin itself has since said otherwise."""
    if relay.report.source == relay.origin:
        return False
    return any(
        one.report.source == one.origin == relay.origin
        and one.level != relay.level
        and one.trust > 0
        and one.report.observed_at > relay.report.observed_at
        for one in candidates
    )


def last_run(own: list[Voice]) -> list[Voice]:
    """One source's reports since it last named another level."""
    ordered = sorted(own, key=lambda o: (o.report.observed_at, o.report.known_from, o.trust, o.level))
    run: list[Voice] = []
    for one in reversed(ordered):
        if run and one.level != run[0].level:
            break
        run.append(one)
    return run


def strongest(voices: list[Voice]) -> Voice:
    """The strongest of some voices on one level."""
    best = max(voices, key=lambda one: one.strength)
    equals = [one for one in voices if one.strength == best.strength]
    rivals = sum(one.rivals + 1 for one in equals) - 1
    return with_evidence(best, best.evidence, rivals)


def share(sources: list[Voice]) -> list[Voice]:
    """One origin's voice: per level the strongest source, all levels sharing what there is."""
    levels = sorted({one.level for one in sources})
    loudest = [strongest([one for one in sources if one.level == level]) for level in levels]
    whole = math.fsum(one.evidence for one in loudest)
    if whole == 0:
        return loudest
    return [with_evidence(one, one.evidence * (one.evidence / whole), one.rivals) for one in loudest]


def with_evidence(one: Voice, evidence: float, rivals: int) -> Voice:
    """The same voice, worth this much."""
    return Voice(one.report, one.origin, one.level, one.trust, one.fading, evidence, rivals)
