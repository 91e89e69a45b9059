"""Withholding: reports without those that are marked above a ceiling, settled before they are left out.

Here belongs the way to a bundle that says no more than a ceiling may see. Single entries belong to ``services.views``.

What is hidden withdraws its target for all: of that, until when the target stood is kept, and nothing else. Where a
report that is shown withdraws it no later, nothing is kept.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from iwscore.core.bundles import NEVER, Ints
from iwscore.core.withdrawals import stands_until
from iwscore.domain.markings import place_of, reach_of
from iwscore.domain.observations import Names, Observations
from iwscore.store.reading import freeze

__all__ = ["until", "withhold"]

_RETRACTION = 2
_NAMED = ("subject", "indicator", "level", "source", "origin")
_NUMBERS = ("id", "observed_at", "known_from", "value", "reliability", "credibility", "kind")


def until(seen: Observations) -> Ints:
    """Return from when each report is known to stand no more, by the others or by what is hidden. Shape (N,)."""
    found = stands_until(seen.target, seen.kind == _RETRACTION, seen.known_from)
    return found if seen.ended is None else np.minimum(found, seen.ended)


def withhold(seen: Observations, ceiling: str) -> Observations:
    """Return the reports that a ceiling lets through, numbered anew; names that no other has are not among them.

    Of a correction of what is hidden no target is told.
    """
    most, marking = reach_of(ceiling), seen.texts["marking"].tolist()
    places = {text: place_of(text) for text in set(marking)}
    rows = np.flatnonzero(np.array([places[text] for text in marking], dtype=np.int64) <= most)
    at = np.full(len(seen) + 1, -1, dtype=np.int64)
    at[rows] = np.arange(len(rows))
    columns: dict[str, Any] = {name: getattr(seen, name)[rows] for name in _NUMBERS}
    columns |= {name: _used(getattr(seen, name), rows) for name in _NAMED}
    shown = replace(
        seen,
        **columns,
        row=np.arange(1, len(rows) + 1),
        target=at[seen.target[rows]],
        texts={name: column[rows] for name, column in seen.texts.items()},
        last=int(columns["known_from"].max()) if len(rows) else None,
        log="",
        ended=None,
    )
    whole = until(seen)[rows]
    ended = np.where(whole < until(shown), whole, NEVER)
    freeze(shown)
    return replace(shown, ended=ended)


def _used(names: Names, rows: Ints) -> Names:
    used, codes = np.unique(names.codes[rows], return_inverse=True)
    return Names(codes.astype(np.int32), tuple(names.names[code] for code in used.tolist()))
