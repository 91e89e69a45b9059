"""The one place where meaning becomes arithmetic: catalog and observations to arrays.

Here belongs the way from names, levels and grades to places on axes, for one problem and subject. Nothing is scored
here.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np

from iwscore.core.bundles import Expectations, Ints, Register, Reports, Times
from iwscore.core.draws import Widths
from iwscore.domain.catalogs import Catalog
from iwscore.domain.columns import Columns
from iwscore.domain.indicators import Indicator
from iwscore.domain.observations import Observations
from iwscore.domain.problems import Expectation, Problem
from iwscore.domain.times import to_micros
from iwscore.domain.words import SCALES
from iwscore.services.placements import place
from iwscore.services.withholding import until

__all__ = ["Frame", "columns_of", "make_frame"]

Seen = TypeVar("Seen", bound=Observations | Columns)


@dataclass(frozen=True, slots=True, eq=False)
class Frame(Generic[Seen]):
    """One problem and subject as arrays, with the observations they were made from.

    Attributes
    ----------
    indicators
        The scored ones, by name: axis I.
    sources
        Every name in the register, sorted: what source and origin places mean.
    reports, place
        The N reports placed, and where each stands among the observations; nowhere in columns, where none has a name.
    lost
        Observed, known and withdrawn times of the subject's reports that the catalog cannot place. Shape (3, M).
    """

    catalog: Catalog
    observations: Seen
    problem: Problem
    subject: str
    indicators: tuple[Indicator, ...]
    sources: tuple[str, ...]
    reports: Reports
    place: Ints
    lost: Times
    expectations: Expectations
    register: Register

    def widths(self) -> Widths:
        """Return how unsure the problem's expectations and the table of trust are."""
        said = {e.indicator: e for e in self.problem.expectations}
        scored = [said[one.id] for one in self.indicators]
        return Widths(
            cases=tuple(np.array(_cases(self.problem.scale, expectation)) for expectation in scored),
            judgments=tuple(np.array(expectation.judgments) for expectation in scored),
            streams=tuple(_stream(expectation.indicator) for expectation in scored),
            trust=self.register.trust,
            spread=np.array(self.catalog.trust.spread),
        )


def _cases(scale: str, expectation: Expectation) -> list[float]:
    """Return how many cases each scenario's row is worth: those stated, else what its word or number says."""
    if expectation.cases is not None:
        return [expectation.cases] * len(expectation.given)
    return [SCALES[scale].cases(row, word) for row, word in zip(expectation.given, expectation.words, strict=True)]


def _stream(name: str) -> int:
    """Return a number of the name's own, so that no indicator's draws depend on which others there are."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big")


def columns_of(observations: Observations) -> Columns:
    """Return the columns that a question reads; none is copied."""
    names = ("subject", "indicator", "level", "source", "origin")
    rest = ("value", "observed_at", "known_from", "reliability", "credibility", "kind")
    return Columns(
        **{name: getattr(observations, name) for name in (*names, *rest, "last", "log")},
        stands_until=until(observations),
    )


def make_frame(catalog: Catalog, observations: Seen, problem: Problem, subject: str) -> Frame[Seen]:
    """Return the arrays on which a question about this problem and subject is answered."""
    columns = observations if isinstance(observations, Columns) else columns_of(observations)
    sources = tuple(catalog.sources)
    indicators = tuple(
        catalog.indicators[e.indicator]
        for e in sorted(problem.expectations, key=lambda e: e.indicator)
        if catalog.indicators[e.indicator].scored
    )
    placed = place(catalog, columns, indicators, subject)
    named = len(observations) if isinstance(observations, Observations) else 0
    where = np.arange(named)[placed.rows] if named else np.arange(0)
    return Frame(
        catalog, observations, problem, subject, indicators, sources, placed.reports, where, placed.lost,
        _expectations(problem, indicators), _register(catalog, sources),
    )  # fmt: skip


def _expectations(problem: Problem, indicators: tuple[Indicator, ...]) -> Expectations:
    """Return the problem's tables over its scored indicators."""
    said = {e.indicator: e for e in problem.expectations}
    axis = {one.id: i for i, one in enumerate(indicators)}
    groups = []
    for group in sorted(problem.groups, key=lambda g: g.id):
        members = np.array(sorted(axis[name] for name in group.indicators if name in axis), dtype=np.int64)
        if len(members):
            groups.append((members, group.correlation))
    return Expectations(
        priors=np.array([scenario.prior for scenario in problem.scenarios]),
        given=tuple(np.array(said[one.id].given) for one in indicators),
        offsets=np.cumsum([0, *(len(one.levels) for one in indicators)]),
        half_life_days=np.array([days for one in indicators for days in one.half_life_days]),
        common_error=np.array([one.common_error for one in indicators]),
        weight=np.array([said[one.id].weight for one in indicators]),
        groups=tuple(groups),
    )


def _register(catalog: Catalog, sources: tuple[str, ...]) -> Register:
    """Return the table of trust and every regrade, ascending in time."""
    rows = sorted(
        (to_micros(row.known_from), i, n, row.reliability)
        for i, name in enumerate(sources)
        for n, row in enumerate(catalog.sources[name].regraded)
    )
    columns = np.array(rows, dtype=np.int64).reshape(-1, 4)
    return Register(np.array(catalog.trust.table), columns[:, 1], columns[:, 0], columns[:, 3])
