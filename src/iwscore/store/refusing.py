"""What the log itself refuses to take, whoever asks.

Here belongs what a draft must hold for the clocks and the chain. Names, levels and grades are judged before, against
a catalog.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from iwscore.domain.observations import NEVER, Names
from iwscore.domain.times import end_of_day, from_micros, print_instant
from iwscore.errors import Fault
from iwscore.store.drafts import DRAFT_TEXTS, Drafts
from iwscore.store.entries import OUTCOME, RETRACTION
from iwscore.store.log_wordings import draft_fault

__all__ = ["Places", "conflict_faults", "signature_faults", "storable", "target_faults", "text_faults", "time_faults"]

Places = NDArray[np.int64]  # of drafts over all blocks of a batch, from 0


def signature_faults(author: str, reason: str) -> list[Fault]:
    """Return what is wrong with who signs a batch and why."""
    faults = []
    for name, text in (("author", author), ("reason", reason)):
        if not text.strip():
            faults.append(draft_fault(-1, name, "IW427", name=name))
        elif not storable(text):
            faults.append(draft_fault(-1, name, "IW428"))
    return faults


def text_faults(drafts: Drafts, places: Places) -> list[Fault]:
    """Return every text that no database of logs can hold."""
    faults = []
    for name in DRAFT_TEXTS:
        names = drafts.text(name)
        if not storable("".join(names.names)):
            wrong = np.array([not storable(text) for text in names.names])
            faults += _against(wrong[names.codes], places, name, "IW428", None)
    return faults


def time_faults(drafts: Drafts, places: Places, *, stamp: int, historical: bool) -> list[Fault]:
    """Return every time that the stamp of the batch rules out."""
    observed, reported = drafts.observed_at, drafts.reported_at
    dated, told = observed != NEVER, reported != NEVER
    until = _time(stamp)

    def said(i: int) -> str:
        return _time(reported[i])

    future = told & (reported > stamp)
    if not historical:
        future &= reported != end_of_day(stamp)  # a bare date means its end, and today can be told today
    ahead = _against(future, places, "reported_at", "IW425", said, stamp=until)
    if not historical:
        late = dated & (observed > stamp)
        return [*_against(late, places, "observed_at", "IW423", lambda i: _time(observed[i]), stamp=until), *ahead]
    return [
        *_against(~told, places, "reported_at", "IW424", None),
        *ahead,
        *_against(told & dated & (reported < observed), places, "reported_at", "IW426", said),
    ]


def target_faults(drafts: Drafts, places: Places, kinds: Mapping[int, int]) -> list[Fault]:
    """Return every target that is not in the log or cannot be one; ``kinds`` has those found, by draft."""
    names = drafts.text("target")
    missing, wrong = np.zeros((2, len(drafts)), dtype=bool)
    for i in np.flatnonzero(np.isin(drafts.kind, (1, RETRACTION))).tolist():
        allowed = (0, 1, OUTCOME) if drafts.kind[i] == RETRACTION else (0, 1)
        missing[i] = i not in kinds
        wrong[i] = i in kinds and kinds[i] not in allowed
    return [
        *_against(missing, places, "target", "IW421", names.__getitem__),
        *_against(wrong, places, "target", "IW422", names.__getitem__),
    ]


def conflict_faults(names: Names, places: Places, where: NDArray[np.bool_]) -> list[Fault]:
    """Return a fault for each draft whose external_id is taken."""
    return _against(where, places, "external_id", "IW420", names.__getitem__)


def _against(
    where: NDArray[np.bool_],
    places: Places,
    field: str,
    code: str,
    value: Callable[[int], str] | None,
    **words: object,
) -> list[Fault]:
    return [
        draft_fault(int(places[i]), field, code, value and value(i), **words) for i in np.flatnonzero(where).tolist()
    ]


def storable(text: str) -> bool:
    """Return whether every database of logs can hold that text."""
    try:
        return b"\0" not in text.encode()
    except UnicodeEncodeError:
        return False


def _time(micros: int) -> str:
    return print_instant(from_micros(int(micros)))
