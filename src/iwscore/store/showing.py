"""Entries that may be shown, page by page, and what withdraws them.

Here belong the queries. Which markings a ceiling lets through belongs to ``domain.markings``, what is told of an entry
to ``services.views``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from iwscore.store.entries import CATALOG, RETRACTION, Entry
from iwscore.store.ids import with_ids
from iwscore.store.listing import ENTRIES, entry_of
from iwscore.store.schema import entries, ids

__all__ = ["Markings", "chains_of", "is_shown", "list_shown"]

Markings = Sequence[str] | None  # None where all are shown
_AT_ONCE = 500
_MARKING = sa.func.coalesce(entries.c.marking, "")
_about = entries.alias("about")
_its = ids.alias("its")
_TARGET = sa.func.coalesce(_about.c.marking, "").label("target_marking")
_WITH_TARGET = (
    ENTRIES.add_columns(_TARGET)
    .outerjoin(_its, _its.c.id == entries.c.target)
    .outerjoin(_about, _about.c.seq == _its.c.seq)
)


def is_shown(entry: Entry, markings: Markings) -> bool:
    """Return whether an entry has one of these markings; catalogs are shown to all."""
    return markings is None or entry.kind == "catalog" or entry.marking in markings


def list_shown(
    connection: sa.Connection, markings: Markings, *, after: int, limit: int, linked: bool = False
) -> list[tuple[Entry, bool]]:
    """Return the entries behind a place that are shown, at most so many, and whether the target of each is, too.

    With ``linked``, also the corrections and retractions that are not.
    """
    wanted = _shown(markings)
    if linked:
        wanted = sa.or_(wanted, entries.c.kind.between(1, RETRACTION))
    query = _WITH_TARGET.where(entries.c.seq > after, wanted).order_by(entries.c.seq).limit(limit)
    found = []
    for row in connection.execute(query):
        said: dict[str, Any] = dict(row._mapping)  # SQLAlchemy's documented name for a row by column
        target = said.pop("target_marking")
        found.append((entry_of(said), markings is None or target in markings))
    return found


def chains_of(connection: sa.Connection, members: Iterable[Entry]) -> list[Entry]:
    """Return every entry of the chains that these are of, by place: two ways of looking, one entry of each at least."""
    known = {entry.id: entry for entry in members}
    above = [entry.target for entry in known.values() if entry.target]
    while above := [key for key in above if key not in known]:
        found = _read(connection, above, by_target=False)
        known |= {entry.id: entry for entry in found}
        above = [entry.target for entry in found if entry.target]
    below = list(known)
    while below:
        found = [entry for entry in _read(connection, below, by_target=True) if entry.id not in known]
        known |= {entry.id: entry for entry in found}
        below = [entry.id for entry in found]
    return sorted(known.values(), key=lambda entry: entry.seq)


def _shown(markings: Markings) -> sa.ColumnElement[bool]:
    if markings is None:
        return sa.true()
    return sa.or_(_MARKING.in_(markings), entries.c.kind == CATALOG)


def _read(connection: sa.Connection, names: Sequence[str], *, by_target: bool) -> list[Entry]:
    """Return the entries with these ids, or those about them."""
    found: list[Entry] = []
    for start in range(0, len(names), _AT_ONCE):
        part = [bytes.fromhex(name) for name in names[start : start + _AT_ONCE]]
        query = ENTRIES.where(entries.c.target.in_(part) if by_target else with_ids(part))
        found += [entry_of(dict(row._mapping)) for row in connection.execute(query)]
    return found
