"""Searching the log: reports by what they say, newest first, as far as markings let them be shown.

Here belongs the query. Pages in the order of recording belong to ``store.showing``, what is told of an entry to
``services.views``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import sqlalchemy as sa

from iwscore.store.entries import RETRACTION, Entry
from iwscore.store.listing import ENTRIES, entry_of
from iwscore.store.refusing import storable
from iwscore.store.schema import batches, entries
from iwscore.store.showing import Markings

__all__ = ["SEARCHED", "Search", "search"]

SEARCHED = ("subject", "indicator", "source", "origin", "level", "author", "external_id")


@dataclass(frozen=True, slots=True)
class Search:
    """What reports are asked for: texts by column, and from when up to when they were recorded, microseconds."""

    texts: Mapping[str, str] = field(default_factory=dict)
    since: int | None = None
    until: int | None = None


def search(connection: sa.Connection, asked: Search, markings: Markings, *, before: int, limit: int) -> list[Entry]:
    """Return the reports that are asked for and may be shown, from before a place on, at most so many, newest first."""
    texts = asked.texts.values()
    if not all(storable(text) for text in texts):
        return []
    wanted = [entries.c[name] == text for name, text in asked.texts.items()]
    if markings is not None:
        wanted.append(sa.func.coalesce(entries.c.marking, "").in_(markings))
    if asked.since is not None:
        wanted.append(batches.c.recorded_at >= asked.since)
    if asked.until is not None:
        wanted.append(batches.c.recorded_at <= asked.until)
    query = ENTRIES.where(entries.c.seq < before, entries.c.kind <= RETRACTION, *wanted)
    rows = connection.execute(query.order_by(entries.c.seq.desc()).limit(limit))
    return [entry_of(dict(row._mapping)) for row in rows]  # SQLAlchemy's documented name for a row by column
