"""Corrections and retractions of a file, waiting until every row is met: what they are about may stand further down.

Here belong their targets, in the file or in the log, and the order in which they can be recorded. Rows that state
something belong to ``services.intakes``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from iwscore.errors import Fault
from iwscore.store.drafts import Drafts
from iwscore.store.entries import Entry
from iwscore.store.logs import Log
from iwscore.store.wordings import row_fault

__all__ = ["Later", "Settled", "settle"]

_RETRACTION = 2
_CITED = ("kind", "target", "external_id", "indicator", "level", "source", "grade", "subject", "note", "reason")


@dataclass(frozen=True, slots=True, eq=False)
class Later:
    """One waiting row: where it stands, its place in a block of drafts, and the name of what it is about."""

    file: int
    row: int
    block: Drafts
    place: int
    target: str

    @property
    def fingerprint(self) -> str:
        """Its own fingerprint."""
        return bytes(self.block.fingerprint[self.place]).decode()

    @property
    def retracts(self) -> bool:
        """Whether it withdraws rather than replaces."""
        return bool(self.block.kind[self.place] == _RETRACTION)

    def cells(self) -> dict[str, str]:
        """Return its cells, for people."""
        texts = {name: self.block.text(name)[self.place] for name in _CITED if name not in ("kind", "target")}
        return {"kind": "retraction" if self.retracts else "correction", "target": self.target, **texts}


@dataclass(frozen=True, slots=True, eq=False)
class Settled:
    """What has become of the waiting rows: those in the order of recording with their targets, and the faults."""

    ready: tuple[tuple[Later, str], ...]
    faults: tuple[tuple[Later, Fault], ...]


def settle(
    waiting: Sequence[Later],
    find: Callable[[str], Collection[str]],
    log: Log,
    author: str,
    name_of: Callable[[int], str],
) -> Settled:
    """Return the rows in an order in which each comes behind what it is about, and what is wrong with the others.

    ``find`` gives what in the files goes by a name: fingerprints, or ids of entries; ``name_of`` the name of a file.
    """
    faults: list[tuple[Later, Fault]] = []
    targets: dict[str, str] = {}
    open_: list[Later] = []
    retractions = {later.fingerprint for later in waiting if later.retracts}

    def refuse(later: Later, code: str, **words: object) -> None:
        fault = row_fault(name_of(later.file), later.row, code, "target", later.target, **words)
        faults.append((later, fault))

    def aim(later: Later, found: Collection[str]) -> None:
        if len(found) > 1:
            refuse(later, "IW334", rows=f"{len(found)} rows")
        elif retractions.intersection(found):
            refuse(later, "IW335")
        else:
            targets[later.fingerprint] = next(iter(found))

    for later in waiting:
        here = set(find(later.target))
        if found := here - {later.fingerprint} or here:
            aim(later, found)
        else:
            open_.append(later)
    for later, entries in _in_the_log(open_, log, author):
        if len(entries) == 1 and entries[0].kind == "retraction":
            refuse(later, "IW335")
        elif entries:
            aim(later, [entry.id for entry in entries])
        else:
            refuse(later, "IW345")
    ready = list(_in_order(waiting, targets))
    left = {id(later) for later, _ in ready} | {id(later) for later, _ in faults}
    circling = [later for later in waiting if id(later) not in left]
    lost = {later.fingerprint for later, _ in faults}
    for later in circling:
        end = _end(later.fingerprint, targets)
        if end in lost:
            refuse(later, "IW345")
        else:
            refuse(later, "IW336", rows="they")
    return Settled(tuple(ready), tuple(faults))


def _in_the_log(waiting: Sequence[Later], log: Log, author: str) -> Iterator[tuple[Later, list[Entry]]]:
    """Yield each row with the entries its target may mean: that of the id, else those of the external_id."""
    names = sorted({later.target for later in waiting})
    entries = log.entries(ids=names, external_ids=names, limit=4 * len(names)) if names else []
    by_id = {entry.id: entry for entry in entries}
    named: dict[str, list[Entry]] = {}
    for entry in entries:
        named.setdefault(entry.external_id, []).append(entry)
    for later in waiting:
        if later.target in by_id:
            yield later, [by_id[later.target]]
            continue
        found = named.get(later.target, [])
        yield later, [entry for entry in found if entry.author == author] or found


def _in_order(waiting: Sequence[Later], targets: Mapping[str, str]) -> Iterator[tuple[Later, str]]:
    """Yield each with its target, behind it; those in a circle, or behind one without a target, never come."""
    left = {later.fingerprint: later for later in waiting}
    blocked: dict[str, list[Later]] = {}
    open_: list[Later] = []
    for later in waiting:
        target = targets.get(later.fingerprint)
        if target is None:
            continue
        if target in left:
            blocked.setdefault(target, []).append(later)
        else:
            open_.append(later)
    while open_:
        for later in open_:
            yield later, targets[later.fingerprint]
        open_ = [behind for later in open_ for behind in blocked.get(later.fingerprint, ())]


def _end(fingerprint: str, targets: Mapping[str, str]) -> str:
    """Return where the chain from a row ends; anywhere in it where it is a circle."""
    met: set[str] = set()
    while fingerprint in targets and fingerprint not in met:
        met.add(fingerprint)
        fingerprint = targets[fingerprint]
    return fingerprint
