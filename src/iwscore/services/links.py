"""What corrects or retracts what: the chains of a log that is still growing.

Here belongs which entries make a chain. Until when its members stand belongs to ``core.withdrawals``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator

import numpy as np

from iwscore.core.withdrawals import stands_until
from iwscore.store.tails import Piece

__all__ = ["Links"]

_RETRACTION = 2


class Links:
    """Corrections and retractions by their places in the log, each beside the place of what it is about."""

    def __init__(self) -> None:
        self._target: dict[int, int] = {}
        self._about: dict[int, list[int]] = defaultdict(list)
        self._retracted: dict[int, int] = {}  # since when each retraction is known
        self._new: list[int] = []

    def add(self, piece: Piece) -> None:
        """Take in corrections and retractions, each about something that is in the log."""
        rows = zip(
            *(column.tolist() for column in (piece.seq, piece.target, piece.kind, piece.known_from)), strict=True
        )
        for seq, target, kind, known_from in rows:
            self._target[seq] = target
            self._about[target].append(seq)
            self._new.append(seq)
            if kind == _RETRACTION:
                self._retracted[seq] = known_from

    def settled(self, known_from: Callable[[int], int]) -> Iterator[tuple[int, int]]:
        """Yield every member of the chains that have grown, and until when it stands; retractions say nothing.

        ``known_from`` tells it of an observation or a correction.
        """
        members = sorted({seq for root in {self._root(seq) for seq in self._new} for seq in self._chain(root)})
        self._new.clear()
        place = {seq: n for n, seq in enumerate(members)}
        target = np.array([place[self._target[seq]] if seq in self._target else -1 for seq in members], dtype=np.int64)
        known = [self._retracted[seq] if seq in self._retracted else known_from(seq) for seq in members]
        retraction = np.array([seq in self._retracted for seq in members], dtype=np.bool_)
        until = stands_until(target, retraction, np.array(known, dtype=np.int64))
        for seq, time in zip(members, until.tolist(), strict=True):
            if seq not in self._retracted:
                yield seq, time

    def _root(self, seq: int) -> int:
        """Return where its chain begins; anywhere in it where it is a circle, which is refused later."""
        met: set[int] = set()
        while seq in self._target and seq not in met:
            met.add(seq)
            seq = self._target[seq]
        return seq

    def _chain(self, root: int) -> Iterator[int]:
        """Yield every member of the chain from there on."""
        met, open_ = {root}, [root]
        while open_:
            seq = open_.pop()
            yield seq
            behind = [later for later in self._about.get(seq, ()) if later not in met]
            met.update(behind)
            open_ += behind
