"""Causes: the corrections, retractions and regrades that became known between two questions.

Here belongs naming them. By how much they move an answer belongs to ``services.changes``.
"""

from __future__ import annotations

import numpy as np

from iwscore.domain.assessments import Cause
from iwscore.domain.grades import RELIABILITIES
from iwscore.domain.observations import Observations
from iwscore.domain.times import from_micros, to_micros
from iwscore.services.frames import Frame

__all__ = ["regrades", "withdrawals"]

_RETRACTION = 2


def withdrawals(frame: Frame[Observations], since: int, known_at: int) -> tuple[Cause, ...]:
    """Return the corrections and retractions known after ``since``, up to ``known_at``, that bear on the frame.

    Of those that are hidden only their targets are told, and from when they no longer stand.
    """
    seen = frame.observations
    linked = (seen.target >= 0) & (seen.known_from > since) & (seen.known_from <= known_at)
    indicators = {one.id: i for i, one in enumerate(frame.indicators)}
    about = (seen.subject.places({frame.subject: 0}) == 0) & (seen.indicator.places(indicators) >= 0)
    bearing = np.flatnonzero(linked & (about | about[seen.target]))
    found = [_withdrawal(seen, place) for place in bearing.tolist()]
    if seen.ended is not None:
        ended = about & (seen.ended > since) & (seen.ended <= known_at)
        found += [_hidden(seen, place, int(seen.ended[place])) for place in np.flatnonzero(ended).tolist()]
    return tuple(sorted(found, key=lambda cause: cause.known_from))


def regrades(frame: Frame[Observations], since: int, known_at: int) -> tuple[Cause, ...]:
    """Return the regrades known after ``since``, up to ``known_at``, of sources and origins heard in the frame."""
    heard = set(np.union1d(frame.reports.source, frame.reports.origin).tolist())
    found = [
        (to_micros(row.known_from), name, row)
        for i, name in enumerate(frame.sources)
        for row in frame.catalog.sources[name].regraded
        if i in heard and since < to_micros(row.known_from) <= known_at
    ]
    return tuple(
        Cause(
            kind="regrade",
            id=name,
            target="",
            known_from=row.known_from,
            what=f"reliability {RELIABILITIES[row.reliability]}",
            reason=row.reason,
        )
        for _, name, row in sorted(found, key=lambda one: one[:2])
    )


def _withdrawal(seen: Observations, place: int) -> Cause:
    target = int(seen.target[place])
    retracts = seen.kind[place] == _RETRACTION
    said = _said(seen, target)
    return Cause(
        kind="retraction" if retracts else "correction",
        id=seen.id[place].decode(),
        target=seen.id[target].decode(),
        known_from=from_micros(seen.known_from[place]),
        what=said if retracts else f"{said} → {_said(seen, place)}",
        reason=seen.texts["reason"][place],
    )


def _hidden(seen: Observations, place: int, known_from: int) -> Cause:
    target, since = seen.id[place].decode(), from_micros(known_from)
    return Cause(kind="withdrawal", id="", target=target, known_from=since, what=_said(seen, place), reason="")


def _said(seen: Observations, place: int) -> str:
    """Return what a row says, in short."""
    if seen.kind[place] == _RETRACTION:
        return "nothing"
    level = seen.level[place] or repr(float(seen.value[place]))
    return f"{seen.source[place]} {seen.indicator[place]} {level} {seen.texts['grade'][place]}"
