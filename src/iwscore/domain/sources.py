"""Sources: who tells us, who they have it from, whose side they are on, and how far they are believed.

Here belongs the register. What a letter is worth belongs to ``domain.grades``.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from iwscore.domain.models import Model, Slug

__all__ = ["GradeRow", "Regrade", "Source", "resolve_origin"]


class GradeRow(Model):
    """From ``since`` on, by the time of observation, reports of this source carry this letter if they have none."""

    since: datetime
    reliability: int
    reason: str = ""


class Regrade(Model):
    """Once this is known, all reports of the source carry this letter, full grades too."""

    known_from: datetime
    reliability: int
    reason: str = ""


class Source(Model):
    """An entry of the register; ``grades`` and ``regraded`` ascend in time."""

    id: Slug
    title: str
    kind: str = ""
    party: str = ""
    origin: str | None = None
    grades: tuple[GradeRow, ...] = ()
    regraded: tuple[Regrade, ...] = ()


def resolve_origin(name: str, origins: Mapping[str, str | None]) -> str:
    """Return the end of the chain of origins that starts at ``name``.

    Raises
    ------
    ValueError
        If the chain comes back to itself; the message names it.

    Examples
    --------
    >>> resolve_origin("minister", {"minister": "government", "government": None})
    'government'
    """
    chain = {name: None}
    while (further := origins.get(name)) is not None:
        if further in chain:
            raise ValueError(" → ".join([*chain, further]))
        chain[further] = None
        name = further
    return name
