"""Suppositions: what a question would answer if more had been reported.

Here belongs putting what is supposed beside what is there; nothing of it is recorded. Judging it belongs to
``services.statements``, answering to ``services.scoring``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from iwscore.domain.columns import Columns
from iwscore.domain.grades import parse_grade
from iwscore.domain.observations import NEVER, Names
from iwscore.errors import RowFaults
from iwscore.services.following import Grounds
from iwscore.services.statements import Said, judge_statements
from iwscore.store.drafts import Drafts

__all__ = ["NAME", "suppose"]

NAME = "hypothetical"  # what faults are placed by
_NAMED = ("subject", "indicator", "level", "source", "origin")


def suppose(grounds: Grounds, said: Sequence[Said], *, now: int, known_from: int) -> Columns:
    """Return the reports of a question with observations that nobody has made, known from that time.

    They may not lie after ``now``. Rows are counted from 0.

    Raises
    ------
    RowFaults
        If one is at fault; it holds every fault of every row.
    """
    drafts, faults = judge_statements(grounds.catalog, said, now=now, name=NAME)
    if faults:
        raise RowFaults(faults)
    seen, more = grounds.reports, _columns(drafts, known_from)
    numbers = ("value", "observed_at", "known_from", "stands_until", "reliability", "credibility", "kind")
    columns: dict[str, Any] = {name: np.concatenate([getattr(seen, name), getattr(more, name)]) for name in numbers}
    columns |= {name: _joined(getattr(seen, name), getattr(more, name)) for name in _NAMED}
    return replace(seen, **columns)


def _columns(drafts: Drafts, known_from: int) -> Columns:
    grade = drafts.text("grade")
    grades = np.array([parse_grade(text) if text else (-1, -1) for text in grade.names], dtype=np.int8)[grade.codes]
    named: dict[str, Any] = {name: drafts.text(name) for name in _NAMED}
    return Columns(
        **named,
        value=drafts.value,
        observed_at=drafts.observed_at,
        known_from=np.full(len(drafts), known_from),
        stands_until=np.full(len(drafts), NEVER),
        reliability=grades[:, 0],
        credibility=grades[:, 1],
        kind=drafts.kind,
    )


def _joined(seen: Names, more: Names) -> Names:
    index = {name: place for place, name in enumerate(dict.fromkeys((*seen.names, *more.names)))}
    places = np.array([index[name] for name in more.names], dtype=np.int32)
    return Names(np.concatenate([seen.codes, places[more.codes]]), tuple(index))
