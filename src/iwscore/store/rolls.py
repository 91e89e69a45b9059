"""Rolls: every entry in the order of recording, with what decides who may see it and from when it counts.

Here belongs the way there from a block of the log. What reports say belongs to ``store.tails``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from iwscore.domain.markings import place_of
from iwscore.domain.observations import Names
from iwscore.store.digests import Block, keys_of
from iwscore.store.entries import CATALOG, RETRACTION

__all__ = ["NO_TARGET", "Roll", "aim", "call", "places_of"]

NO_TARGET = 0
_FOR_ALL = 0  # the place of the least marking: catalogs are shown to all


@dataclass(frozen=True, slots=True, eq=False)
class Roll:
    """N entries of every kind. Every array has N rows.

    ``marking`` is a place in ``MARKINGS``, ``id`` has 16 bytes a row, ``target`` is the place in the log of what a
    correction or a retraction is about, `NO_TARGET` where there is none.
    """

    seq: NDArray[np.int64]
    id: NDArray[np.uint8]
    kind: NDArray[np.int64]
    marking: NDArray[np.int8]
    known_from: NDArray[np.int64]
    target: NDArray[np.int64]

    def __len__(self) -> int:
        """Return N."""
        return len(self.seq)


def call(block: Block, marking: Names, known_from: NDArray[np.int64]) -> Roll:
    """Return the roll of a block, without targets."""
    kind = block["kind"].to_numpy(zero_copy_only=False)
    return Roll(
        seq=block["seq"].to_numpy(zero_copy_only=False),
        id=keys_of(block["id"]).view(np.uint8).reshape(-1, 16),
        kind=kind,
        marking=np.where(kind == CATALOG, np.int8(_FOR_ALL), places_of(marking)),
        known_from=known_from,
        target=np.full(len(kind), NO_TARGET),
    )


def places_of(marking: Names) -> NDArray[np.int8]:
    """Return the place of each row's marking. Shape (N,)."""
    return np.array([place_of(name) for name in marking.names], dtype=np.int8)[marking.codes]


def aim(roll: Roll, names: Sequence[bytes | None], places: Mapping[bytes, tuple[int, int]]) -> dict[int, bytes]:
    """Fill in the targets, which have these names; return the ids of all that correct, retract or are targets."""
    asking = np.flatnonzero((roll.kind > 0) & (roll.kind <= RETRACTION))
    met: dict[int, bytes] = {}
    for row, name in zip(asking.tolist(), names, strict=True):
        if name is not None and name in places:
            roll.target[row] = places[name][0]
            met |= {int(roll.target[row]): name, int(roll.seq[row]): roll.id[row].tobytes()}
    return met
