"""Chains: an entry with its corrections, and which of them stands.

Here belongs finding an entry by what people call it and its chain in the log. When members stand belongs to
``core.withdrawals``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from iwscore.core.bundles import NEVER
from iwscore.domain.observations import Observations
from iwscore.domain.times import from_micros, print_instant
from iwscore.errors import QuestionError
from iwscore.services.withholding import until
from iwscore.store.entries import Entry
from iwscore.store.logs import Log

__all__ = ["Chain", "chain_of", "find_entry", "refuse_withdrawn", "standing", "unknown_entry"]

_RETRACTION = 2


@dataclass(frozen=True, slots=True)
class Chain:
    """The member that stands, as its place among the observations; or since when they are all withdrawn."""

    standing: int
    withdrawn: int | None


def find_entry(log: Log, name: str, author: str, *, shown: Callable[[Entry], bool] = lambda entry: True) -> Entry:
    """Return the entry of that id, else the one of that external_id, the author's own before others'.

    Those that are not ``shown`` are as if they were not there.

    Raises
    ------
    QuestionError
        IW530 where there is none, IW537 where several authors use the external_id.
    """
    entries = [entry for entry in log.entries(ids=[name], external_ids=[name]) if shown(entry)]
    by_id = [entry for entry in entries if entry.id == name]
    own = [entry for entry in entries if entry.author == author]
    found = by_id or own or entries
    if not found:
        raise unknown_entry(name)
    if len(found) > 1:
        ids = ", ".join(entry.id for entry in found)
        raise QuestionError("IW537", "several entries", name, "must name one", f"Give the id: {ids}.")
    return found[0]


def unknown_entry(name: str) -> QuestionError:
    """Return the refusal of a name that no entry has, or none that is shown."""
    return QuestionError(
        "IW530", "no such entry", name, "must be an id or external_id in the log", "See iwscore log list."
    )


def standing(observations: Observations) -> NDArray[np.bool_]:
    """Return which rows stand: neither corrected nor withdrawn, as known now. Shape (N,)."""
    stands: NDArray[np.bool_] = (until(observations) == NEVER) & (observations.kind != _RETRACTION)
    return stands


def chain_of(observations: Observations, entry: Entry) -> Chain:
    """Return the chain that an observation, correction or retraction belongs to."""
    place = int(np.flatnonzero(observations.id == entry.id.encode())[0])
    while observations.target[place] >= 0:
        place = int(observations.target[place])
    members, found = [place], np.array([place])
    while len(found):
        found = np.flatnonzero(np.isin(observations.target, found))
        members += found.tolist()
    whole = np.array(members)
    retractions = whole[observations.kind[whole] == _RETRACTION]
    if len(retractions):
        return Chain(place, int(observations.known_from[retractions].min()))
    stands = standing(observations)[whole]
    if not stands.any():  # by what is hidden
        return Chain(place, int(until(observations)[whole].max()))
    return Chain(int(whole[stands][0]), None)


def refuse_withdrawn(chain: Chain, name: str) -> None:
    """Refuse to change what is withdrawn for good."""
    if chain.withdrawn is not None:
        since = print_instant(from_micros(chain.withdrawn))
        raise QuestionError(
            "IW538", "entry is withdrawn", name, f"must stand, but is withdrawn since {since}", "Record it anew."
        )
