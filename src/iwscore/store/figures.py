"""How much is in a log, and over which times.

Here belongs counting. What the entries mean belongs to those who read them.
"""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from iwscore.store.appending import head_of
from iwscore.store.databases import database_at, guarded, require_log
from iwscore.store.entries import Head, name_kind
from iwscore.store.schema import batches, catalogs, entries

__all__ = ["Figures", "figures"]


@dataclass(frozen=True, slots=True)
class Figures:
    """What a log holds; times are microseconds since 1970, None in an empty log."""

    head: Head
    kinds: dict[str, int]
    historical: int
    authors: int
    catalogs: int
    first_recorded_at: int | None
    first_observed_at: int | None
    last_observed_at: int | None


def figures(url: str) -> Figures:
    """Return how much is in the log at that URL."""
    database = database_at(url)
    try:
        require_log(database)
        with guarded(database), database.reading() as connection:
            counted = sa.select(entries.c.kind, sa.func.count()).group_by(entries.c.kind).order_by(entries.c.kind)
            kinds = {name_kind(kind): count for kind, count in connection.execute(counted)}
            of_batches = sa.select(
                sa.func.coalesce(sa.func.sum(batches.c.entries * batches.c.historical), 0),
                sa.func.count(batches.c.author.distinct()),
                sa.func.min(batches.c.recorded_at),
            )
            historical, authors, first = connection.execute(of_batches).one()
            observed = sa.select(sa.func.min(entries.c.observed_at), sa.func.max(entries.c.observed_at))
            texts = connection.execute(sa.select(sa.func.count()).select_from(catalogs)).scalar_one()
            spans = connection.execute(observed).one()
            return Figures(head_of(connection), kinds, int(historical), authors, texts, first, *spans)
    finally:
        database.dispose()
