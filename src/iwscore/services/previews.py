"""Previews: what an entry would change if it were recorded now, and what its author should know before.

Here belongs asking twice, without and with the entry. How a question is answered belongs to ``services.scoring``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from iwscore.domain.assessments import Assessment
from iwscore.domain.catalogs import Catalog
from iwscore.domain.grades import parse_grade
from iwscore.domain.observations import NEVER, Names, Observations
from iwscore.domain.problems import Problem
from iwscore.domain.times import from_micros, to_micros
from iwscore.services.chains import standing
from iwscore.services.scoring import score
from iwscore.services.statements import Statement

__all__ = ["Preview", "Shift", "make_preview"]

_NAMED = ("subject", "indicator", "level", "source", "origin")
_CONFIRMED = 0  # credibility 1


@dataclass(frozen=True, slots=True)
class Shift:
    """One problem's answer for one subject, before and after."""

    before: Assessment
    after: Assessment


@dataclass(frozen=True, slots=True)
class Preview:
    """The answers an entry bears on, and remarks on it."""

    shifts: tuple[Shift, ...]
    remarks: tuple[str, ...]


def make_preview(catalog: Catalog, observations: Observations, statement: Statement, at: datetime) -> Preview:
    """Return what the statement would change at ``at``, which is not before now."""
    target = -1
    if statement.target:
        target = int(np.flatnonzero(observations.id == statement.target.encode())[0])
    after = _with(observations, statement, target, to_micros(at))
    touched = {_about(observations, target)} if target >= 0 else set()
    if statement.kind != "retraction":
        touched.add((statement.text("subject"), statement.text("indicator")))
    shifts = tuple(
        Shift(*(score(catalog, seen, problem=problem.id, subject=subject, at=at) for seen in (observations, after)))
        for problem, subject in _asked(catalog, touched)
    )
    remarks = () if statement.kind == "retraction" else tuple(_remarks(catalog, observations, after, target))
    if not shifts:
        remarks += ("No problem expects this indicator for this subject: no answer changes.",)
    return Preview(shifts, remarks)


def _about(observations: Observations, place: int) -> tuple[str, str]:
    return observations.subject[place], observations.indicator[place]


def _asked(catalog: Catalog, touched: Iterable[tuple[str, str]]) -> Iterator[tuple[Problem, str]]:
    """Yield the problems, and their subjects, that these subjects and indicators bear on."""
    for problem in catalog.problems.values():
        expected = {expectation.indicator for expectation in problem.expectations}
        for subject in sorted({subject for subject, indicator in touched if indicator in expected}):
            if problem.subjects is None or subject in problem.subjects:
                yield problem, subject


def _with(observations: Observations, statement: Statement, target: int, now: int) -> Observations:
    """Return the observations with the statement behind them, as it would be recorded."""
    draft, retracts = statement.draft, statement.kind == "retraction"
    known = max(now, int(observations.known_from[-1])) if len(observations) else now
    reliability, credibility = (-1, -1) if retracts else parse_grade(statement.text("grade"))
    cells: dict[str, Any] = {
        "id": b"f" * 32,
        "row": int(observations.row.max(initial=0)) + 1,
        "observed_at": known if retracts else int(draft.observed_at[0]),
        "known_from": known,
        "value": float(draft.value[0]),
        "reliability": reliability,
        "credibility": credibility,
        "kind": int(draft.kind[0]),
        "target": target,
    }
    columns: dict[str, Any] = {name: _more(getattr(observations, name), cell) for name, cell in cells.items()}
    columns |= {name: _named(getattr(observations, name), statement.text(name)) for name in _NAMED}
    if observations.ended is not None:
        columns["ended"] = _more(observations.ended, NEVER)
    texts = {name: _more(held, statement.text(name)) for name, held in observations.texts.items()}
    return replace(observations, **columns, texts=texts, last=known)


def _more(column: NDArray[Any], cell: object) -> NDArray[Any]:
    return np.append(column, np.array([cell], dtype=column.dtype))


def _named(names: Names, name: str) -> Names:
    held = names.names if name in names.names else (*names.names, name)
    return Names(_more(names.codes, held.index(name)), held)


def _remarks(catalog: Catalog, observations: Observations, after: Observations, target: int) -> Iterator[str]:
    """Yield what the author of the last row should know: who has said so already, and whether anyone confirms it."""
    own = len(after) - 1
    says = _saying(catalog, after, own)[:own] & standing(observations)
    if target >= 0:
        says[target] = False
    origin = _origin(catalog, after, own)
    origins = [_origin(catalog, observations, place) for place in np.flatnonzero(says).tolist()]
    same = [place for place, one in zip(np.flatnonzero(says).tolist(), origins, strict=True) if one == origin]
    if same:
        last = max(same, key=lambda place: (int(observations.observed_at[place]), place))
        day = from_micros(observations.observed_at[last]).date().isoformat()
        told = f"{observations.source[last]}, {observations.texts['grade'][last]}, {day}"
        told += f", {observations.id[last].decode()}"
        yield f"{origin} has said so already ({told}): repeating refreshes, it never adds."
    if after.credibility[own] == _CONFIRMED and not set(origins) - {origin}:
        yield "Credibility 1 means confirmed by others, but no second origin on file says so."


def _saying(catalog: Catalog, observations: Observations, row: int) -> NDArray[np.bool_]:
    """Return which rows say what one of them says: its subject, its indicator, its level. Shape (N,)."""
    subject, indicator = _about(observations, row)
    about = (observations.subject.places({subject: 0}) == 0) & (observations.indicator.places({indicator: 0}) == 0)
    levels = np.full(len(observations), -1)
    places = np.flatnonzero(about)
    found = catalog.indicators[indicator]
    index = {level: n for n, level in enumerate((*found.levels, "unknown"))}
    levels[places] = observations.level.places(index)[places]
    if found.measure:
        valued = places[~np.isnan(observations.value[places])]
        levels[valued] = np.searchsorted(np.array(found.measure.cuts), observations.value[valued], side="right")
    same: NDArray[np.bool_] = about & (levels == levels[row])
    return same


def _origin(catalog: Catalog, observations: Observations, row: int) -> str:
    """Return the end of the chain of origins of a row, its own word where the register does not know it."""
    name = observations.origin[row] or observations.source[row]
    return catalog.origins.get(name, name)
