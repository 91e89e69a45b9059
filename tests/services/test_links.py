"""Chains of corrections and retractions that grow entry by entry, against the same chain at once."""

from random import Random

import numpy as np
import pytest

from iwscore.core.bundles import NEVER
from iwscore.core.withdrawals import stands_until
from iwscore.domain.observations import Names
from iwscore.services.links import Links
from iwscore.store.rolls import NO_TARGET
from iwscore.store.tails import Piece


def piece(seq: list[int], target: list[int], kind: list[int], known_from: list[int]) -> Piece:
    blank = Names(np.zeros(len(seq), dtype=np.int32), ("",))
    zeros = np.zeros(len(seq), dtype=np.int8)
    named = dict.fromkeys(("subject", "indicator", "level", "source", "origin"), blank)
    known = np.array(known_from, dtype=np.int64)
    return Piece(
        seq=np.array(seq, dtype=np.int64),
        kind=np.array(kind, dtype=np.int8),
        marking=zeros,
        target=np.array(target, dtype=np.int64),
        observed_at=known,
        known_from=known,
        value=np.zeros(len(seq)),
        reliability=zeros,
        credibility=zeros,
        **named,
    )


@pytest.mark.parametrize("seed", range(20))
def test_chains_that_grow_end_as_those_that_were_there(seed: int) -> None:
    """Corrections of corrections, two of one entry, retractions in the middle, known in any order."""
    rng, links = Random(seed), Links()
    target, kind, known = [NO_TARGET] * 3, [0] * 3, [rng.randrange(9) for _ in range(3)]
    until = [NEVER] * 3
    for seq in range(4, 4 + 12):
        target.append(rng.choice([n for n in range(1, seq) if kind[n - 1] != 2]))
        kind.append(rng.choice([1, 1, 1, 2]))
        known.append(rng.randrange(30))
        until.append(NEVER)
        links.add(piece([seq], target[-1:], kind[-1:], known[-1:]))
        for changed, time in links.settled(lambda seq: known[seq - 1]):
            until[changed - 1] = time
        retracts = np.array(kind) == 2
        wanted = stands_until(np.array(target) - 1, retracts, np.array(known))
        assert np.array(until)[~retracts].tolist() == wanted[~retracts].tolist()


def test_a_circle_is_refused() -> None:
    links = Links()
    links.add(piece([1, 2], [2, 1], [1, 1], [5, 6]))
    with pytest.raises(ValueError, match="must not run in a circle"):
        list(links.settled(lambda seq: seq))
