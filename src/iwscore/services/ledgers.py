"""Ledgers: what a ceiling may see of a log, as a digest that is carried forward as the log grows.

Here belongs what enters the digest. What answers are made of belongs to ``services.shelves``.

The digest is SHA-256 over two numbers. The first is a running SHA-256 over the entries that are shown, in the order of
recording: the id and from when it counts, 24 bytes each. An id is random and stands for one entry for ever, so that no
more of it is needed. The second is the sum of one SHA-256 for each entry shown that does not stand: its id and until
when it stood. A sum does not know in which order, or by what, they were withdrawn.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

import numpy as np

from iwscore.core.bundles import NEVER
from iwscore.domain.markings import reach_of
from iwscore.store.entries import OUTCOME, RETRACTION
from iwscore.store.rolls import Roll

__all__ = ["Ledger"]

_MODULUS = 1 << 256


class Ledger:
    """The entries that a ceiling may see, and until when those stand that are withdrawn.

    ``newest`` is the latest time from which a report, a correction or a retraction among them counts, None where there
    is none.
    """

    def __init__(self, ceiling: str) -> None:
        self._most = reach_of(ceiling)
        self._shown, self._withdrawn = hashlib.sha256(), 0
        self._until: dict[int, int] = {}
        self._ids: dict[int, bytes] = {}
        self._outcomes: dict[int, bool] = {}  # by place, whether it is shown
        self.newest: int | None = None

    @property
    def digest(self) -> str:
        """The digest of it all, 64 hexadecimal digits."""
        return hashlib.sha256(self._shown.digest() + self._withdrawn.to_bytes(32, "big")).hexdigest()

    def take_in(self, rolls: Sequence[Roll], ids: Mapping[int, bytes]) -> None:
        """Take in what was recorded, in the order of recording, with the ids of what corrects, retracts or is so."""
        self._ids |= ids
        for roll in rolls:
            shown = roll.marking <= self._most
            known_from = roll.known_from[shown]
            times = known_from.astype(">i8").view(np.uint8).reshape(-1, 8)
            self._shown.update(np.hstack([roll.id[shown], times]).tobytes())
            told = roll.known_from[shown & (roll.kind <= RETRACTION)]
            if len(told):
                self.newest = max(int(told.max()), -NEVER if self.newest is None else self.newest)
            self._settle_outcomes(roll, shown.tolist())

    def end(self, place: int, until: int) -> None:
        """Let the entry at a place, which is shown, stand until then."""
        self._withdrawn = (
            self._withdrawn + self._ended(place, until) - self._ended(place, self.until(place))
        ) % _MODULUS
        self._until[place] = until

    def until(self, place: int) -> int:
        """Return until when the entry at a place, which is shown, stands."""
        return self._until.get(place, NEVER)

    def _ended(self, place: int, until: int) -> int:
        """Return what an entry that stands until then adds to the sum; one that stands for good adds nothing."""
        if until == NEVER:
            return 0
        return int.from_bytes(hashlib.sha256(self._ids[place] + until.to_bytes(8, "big", signed=True)).digest(), "big")

    def _settle_outcomes(self, roll: Roll, shown: Sequence[bool]) -> None:
        """Outcomes have no chains: each stands until the first of what withdraws it is known."""
        for row in np.flatnonzero(roll.kind == OUTCOME).tolist():
            self._outcomes[int(roll.seq[row])] = shown[row]
        retractions = roll.kind == RETRACTION
        for row in np.flatnonzero(retractions & np.isin(roll.target, list(self._outcomes))).tolist():
            place = int(roll.target[row])
            if self._outcomes[place]:
                self.end(place, min(self.until(place), int(roll.known_from[row])))
