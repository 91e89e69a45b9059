"""The one place where meaning becomes arithmetic: catalog and observations to arrays.

Here belongs the way from names, levels and grades to places on axes, for one problem and subject. Nothing is scored
here.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from iwscore.core.bundles import Expectations, Ints, Register, Reports, Times
from iwscore.core.draws import Widths
from iwscore.core.withdrawals import stands_until
from iwscore.domain.catalogs import Catalog
from iwscore.domain.columns import Columns
from iwscore.domain.indicators import Indicator
from iwscore.domain.observations import Observations
from iwscore.domain.problems import Expectation, Problem
from iwscore.domain.times import to_micros
from iwscore.domain.words import SCALES

__all__ = ["Frame", "columns_of", "make_frame"]

Seen = TypeVar("Seen", bound=Observations | Columns)

_UNPLACED, _UNKNOWN = -1, -2


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
        The N reports placed, and where each stands among the observations.
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
        **{name: getattr(observations, name) for name in (*names, *rest)},
        stands_until=stands_until(observations.target, observations.kind == 2, observations.known_from),
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
    asked = columns.subject.places({subject: 0}) == 0
    rows = np.flatnonzero(asked & (columns.kind != 2))
    sourced = _Sourced.of(catalog, columns, rows, {name: i for i, name in enumerate(sources)})
    known = tuple(catalog.indicators.values())
    indicator = columns.indicator.places({one.id: i for i, one in enumerate(known)})[rows]
    level = _levels(known, columns, rows, indicator)
    lost = (indicator < 0) | (level == _UNPLACED) | ~sourced.placed
    axis = {one.id: i for i, one in enumerate(indicators)}
    scored = np.array([axis.get(one.id, -1) for one in known] or [-1], dtype=np.int64)[indicator]
    speaks = np.flatnonzero(~lost & (scored >= 0) & (level != _UNKNOWN))
    place = rows[speaks]
    expectations = _expectations(problem, indicators)
    reports = Reports(
        channel=expectations.offsets[scored[speaks]] + level[speaks],
        indicator=scored[speaks],
        level=level[speaks],
        source=sourced.source[speaks],
        origin=sourced.origin[speaks],
        observed_at=columns.observed_at[place],
        known_from=columns.known_from[place],
        stands_until=columns.stands_until[place],
        correction=columns.kind[place] == 1,
        letter=sourced.letter[speaks],
        digit=columns.credibility[place].astype(np.int64),
        cap=sourced.cap[speaks],
    )
    gone = rows[lost]
    times = np.stack([columns.observed_at[gone], columns.known_from[gone], columns.stands_until[gone]])
    return Frame(
        catalog, observations, problem, subject, indicators, sources, reports, place, times, expectations,
        _register(catalog, sources),
    )  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class _Sourced:
    """Who tells each row and who has it from whom, as places in the register, with letters; (N,) each."""

    source: Ints
    origin: Ints
    letter: Ints
    cap: Ints
    placed: NDArray[np.bool_]

    @classmethod
    def of(cls, catalog: Catalog, columns: Columns, rows: Ints, index: dict[str, int]) -> _Sourced:
        """Return it for these rows; ``placed`` is false where the register knows source, origin or letter not."""
        source = columns.source.places(index)[rows]
        own = columns.origin.places({"": -1} | index)[rows]
        named = columns.origin.places({"": 0} | {name: 1 + i for name, i in index.items()})[rows]
        ends = np.array([index[catalog.origins[name]] for name in index] or [-1], dtype=np.int64)
        origin = ends[np.where(named > 0, own, source)]
        since, letters = _letters(catalog, len(index))
        era = np.searchsorted(since, columns.observed_at[rows], side="right")
        given = columns.reliability[rows].astype(np.int64)
        letter = np.where(given >= 0, given, letters[source, era])
        cap = np.where(source == origin, -1, letters[origin, era])
        return cls(source, origin, letter, cap, (source >= 0) & (named >= 0) & (letter >= 0))


def _letters(catalog: Catalog, sources: int) -> tuple[Times, Ints]:
    """Return the times at which letters change, and each source's letter before, between and after them."""
    changes = {row.since for source in catalog.sources.values() for row in source.grades}
    since = np.array(sorted(map(to_micros, changes)), dtype=np.int64)
    letters = np.full((max(sources, 1), len(since) + 1), -1, dtype=np.int64)
    for i, source in enumerate(catalog.sources.values()):
        for row in source.grades:
            letters[i, 1 + int(np.searchsorted(since, to_micros(row.since))) :] = row.reliability
    return since, letters


def _levels(known: tuple[Indicator, ...], columns: Columns, rows: Ints, indicator: Ints) -> Ints:
    """Return each row's level: its place, `_UNKNOWN` where nobody could tell, `_UNPLACED` where there is none."""
    names = columns.level.names
    table = np.full((len(known) + 1, len(names)), _UNPLACED, dtype=np.int64)
    for i, one in enumerate(known):
        for n, name in enumerate(names):
            table[i, n] = one.levels.index(name) if name in one.levels else _UNPLACED
    for n, name in enumerate(names):
        if name == "unknown":
            table[:-1, n] = np.where(table[:-1, n] == _UNPLACED, _UNKNOWN, table[:-1, n])
    level = table[indicator, columns.level.codes[rows]] if len(names) else np.full(len(rows), _UNPLACED)
    value = columns.value[rows]
    valued = ~np.isnan(value)
    for i, one in enumerate(known):
        if one.measure and len(mine := np.flatnonzero(valued & (indicator == i))):
            level[mine] = np.searchsorted(np.array(one.measure.cuts), value[mine], side="right")
    return level


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
