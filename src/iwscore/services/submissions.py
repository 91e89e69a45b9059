"""Submissions: many observations of one author, recorded as one batch or not at all.

Here belongs what a batch that is sent says of itself and of what its author has on file. Judging rows belongs to
``services.statements``, single entries to ``services.recording``, files to ``services.importing``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from iwscore.domain.markings import shown_under
from iwscore.errors import DraftFaults, Fault, RowFaults
from iwscore.services.recording import Desk
from iwscore.services.signatures import require_signature
from iwscore.services.statements import Said, judge_statements
from iwscore.store.drafts import Drafts
from iwscore.store.entries import Entry, Receipt
from iwscore.store.log_wordings import draft_fault
from iwscore.store.logs import read, receipt_of
from iwscore.store.matching import named_on_file
from iwscore.store.receipts import Request
from iwscore.store.wordings import row_fault

__all__ = ["NAME", "Submitted", "submit"]

NAME = "observations"  # what faults are placed by
_TRIES = 3  # another writer may come between looking up and writing, and say the same
_TAKEN = "IW420"


@dataclass(frozen=True, slots=True)
class Submitted:
    """What is on file of each row, in their order; how many were added, and how many were there."""

    entries: tuple[Entry, ...]
    added: int
    repeated: int


def submit(desk: Desk, said: Sequence[Said], *, reason: str, request: Request | None = None) -> Submitted:
    """Record observations; one whose external_id the author has on file, saying the same, is not recorded again.

    A ``request`` that was made before is answered as it was then, and nothing is judged anew. Rows are counted from 0.

    Raises
    ------
    RowFaults
        If a row is at fault; it holds every fault of every row.
    DraftFaults
        If an external_id stands for something else, or the log does not take a row.
    """
    require_signature(desk.author, reason, command=NAME)
    receipt = receipt_of(desk.log, desk.author, request) if request else None
    if receipt is None:
        receipt = _append(desk, _judged(desk, said), reason, request)
    return _told(desk, [str(row.get("external_id", "")).strip() for row in said], receipt)


def _judged(desk: Desk, said: Sequence[Said]) -> Drafts:
    drafts, faults = judge_statements(desk.catalog, said, now=desk.log.clock(), name=NAME)
    faults += [*_above(drafts, desk.ceiling), *_differing(drafts)]
    if faults:
        raise RowFaults(faults)
    return drafts


def _above(drafts: Drafts, ceiling: str) -> Iterator[Fault]:
    """Yield the markings that the writer may not see."""
    shown, marking = shown_under(ceiling), drafts.text("marking")
    for row in range(len(drafts)):
        if marking[row] not in shown:
            yield row_fault(NAME, row, "IW362", "marking", marking[row], ceiling=ceiling)


def _differing(drafts: Drafts) -> Iterator[Fault]:
    """Yield the external_ids that an earlier row has with other content."""
    first: dict[str, int] = {}
    names = drafts.text("external_id")
    for row in range(len(drafts)):
        earlier = first.setdefault(names[row], row)
        if names[row] and drafts.fingerprint[row] != drafts.fingerprint[earlier]:
            yield row_fault(NAME, row, "IW337", "external_id", names[row], earlier=earlier)


def _append(desk: Desk, drafts: Drafts, reason: str, request: Request | None) -> Receipt:
    for tried in range(1, _TRIES + 1):
        new = _new(desk, drafts)
        catalog = desk.catalog if len(new) else None
        try:
            return desk.log.append(
                drafts.part(new), author=desk.author, reason=reason, catalog=catalog, request=request
            )  # fmt: skip
        except DraftFaults as refused:
            if tried == _TRIES or any(fault.code != _TAKEN for fault in refused.faults):
                raise DraftFaults(_placed(refused.faults, new)) from None
    raise AssertionError("unreachable")


def _new(desk: Desk, drafts: Drafts) -> NDArray[np.int64]:
    """Return which rows the author does not have on file, each external_id once.

    Raises
    ------
    DraftFaults
        If one stands there for something else.
    """
    names = drafts.text("external_id")
    held = _on_file(desk, names.names)
    new, met, taken = [], set(), []
    for row in range(len(drafts)):
        name = names[row]
        if not name:
            new.append(row)
        elif name in held:
            if held[name][0].encode() != drafts.fingerprint[row]:
                taken.append(draft_fault(row, "external_id", _TAKEN, name))
        elif name not in met:
            met.add(name)
            new.append(row)
    if taken:
        raise DraftFaults(_placed(taken, np.arange(len(drafts))))
    return np.array(new, dtype=np.int64)


def _on_file(desk: Desk, names: Sequence[str]) -> dict[str, tuple[str, str]]:
    asked = sorted(set(names) - {""})
    return read(desk.log, partial(named_on_file, names=asked, author=desk.author)) if asked else {}


def _placed(faults: Sequence[Fault], rows: NDArray[np.int64]) -> list[Fault]:
    """Return faults of drafts, which are counted from 1, as those of the rows."""
    return [replace(fault, file=NAME, line=int(rows[fault.line - 1]) if fault.line else 0) for fault in faults]


def _told(desk: Desk, names: Sequence[str], receipt: Receipt) -> Submitted:
    """Return the entry of each row: of one that was there the one of its external_id, else the next one added."""
    first, added = receipt.first, []
    if first is not None:
        added = desk.log.entries(after=first - 1, limit=receipt.entries)
    held = {name: one for name, (_, one) in _on_file(desk, names).items()}
    known = {entry.id: entry for entry in added}
    others = sorted({*held.values()} - known.keys())
    known |= {entry.id: entry for entry in desk.log.entries(ids=others, limit=len(others))}
    fresh = iter([entry for entry in added if not entry.external_id])
    entries = tuple(known[held[name]] if name else next(fresh) for name in names)
    return Submitted(entries, receipt.entries, len(names) - receipt.entries)
