"""Which entry an id stands for: ids are kept beside the entries, in their own order.

Here belong entering and asking. Ids are random: entered one by one each would touch another page of an index, so a
batch enters its own at its end, sorted.
"""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from iwscore.store.schema import entries, ids

__all__ = ["enter_ids", "strays", "with_ids"]

_SORTED = (
    sa.select(entries.c.id, entries.c.seq).where(entries.c.seq >= sa.bindparam("first")).order_by(entries.c.id)
)  # fmt: skip
_ENTER = sa.insert(ids).from_select(["id", "seq"], _SORTED)


def enter_ids(connection: sa.Connection, first: int) -> None:
    """Enter the ids of the entries from that place on."""
    connection.execute(_ENTER, {"first": first})


def strays(connection: sa.Connection, most: int) -> list[int]:
    """Return the places of entries that their ids do not lead to, and the places to which other ids lead."""
    missing = sa.select(entries.c.seq).where(~sa.exists().where(ids.c.id == entries.c.id, ids.c.seq == entries.c.seq))
    wrong = sa.select(ids.c.seq).where(~sa.exists().where(entries.c.seq == ids.c.seq, entries.c.id == ids.c.id))
    found = sa.union(missing, wrong).subquery()
    return list(connection.execute(sa.select(found.c.seq).order_by(found.c.seq).limit(most)).scalars())


def with_ids(keys: Sequence[bytes]) -> sa.ColumnElement[bool]:
    """Return the condition that an entry has one of these ids."""
    return entries.c.seq.in_(sa.select(ids.c.seq).where(ids.c.id.in_(keys)))
