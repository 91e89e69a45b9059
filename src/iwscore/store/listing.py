"""Entries as they stand in the log, page by page, and the catalogs and outcomes among them.

Here belong single entries. The columns that questions read belong to ``store.recalling``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from iwscore.store.entries import CATALOG, OUTCOME, RETRACTION, Entry, Head, name_kind
from iwscore.store.ids import with_ids
from iwscore.store.refusing import storable
from iwscore.store.schema import batches, entries

__all__ = ["ENTRIES", "entry_of", "list_catalogs", "list_entries", "list_outcomes"]

_ASKED_AT_ONCE = 500
ENTRIES = sa.select(
    entries,
    batches.c.recorded_at,
    batches.c.historical,
    batches.c.reason.label("batch_reason"),
).join(batches, batches.c.number == entries.c.batch)


def list_entries(
    connection: sa.Connection,
    *,
    after: int = 0,
    limit: int = 1000,
    ids: Sequence[str] | None = None,
    external_ids: Sequence[str] | None = None,
) -> list[Entry]:
    """Return the entries after a place, at most so many; with ids or external_ids those alone, whoever's they are."""
    asked: list[sa.ColumnElement[bool]] = []
    if ids is None and external_ids is None:
        asked = [sa.true()]
    for part in _parts(_keys(ids or ())):
        asked.append(with_ids(part))
    for part in _parts([one for one in external_ids or () if storable(one)]):
        asked.append(entries.c.external_id.in_(part))
    found: dict[int, Entry] = {}
    for condition in asked:
        query = ENTRIES.where(entries.c.seq > after, condition).order_by(entries.c.seq).limit(limit)
        found |= {entry.seq: entry for entry in map(_entry, connection.execute(query))}
    return [found[seq] for seq in sorted(found)[:limit]]


def list_outcomes(connection: sa.Connection, *, known_at: int | None) -> list[Entry]:
    """Return the outcomes in force at that time, or now: those known then and not withdrawn as known then."""
    of_outcomes = sa.select(entries.c.id).where(entries.c.kind == OUTCOME)
    gone = ENTRIES.where(entries.c.kind == RETRACTION, entries.c.target.in_(of_outcomes))

    def known(query: sa.Select[Any]) -> Iterable[Entry]:
        every = map(_entry, connection.execute(query.order_by(entries.c.seq)))
        return [entry for entry in every if known_at is None or entry.known_from <= known_at]

    withdrawn = {entry.target for entry in known(gone)}
    return [entry for entry in known(ENTRIES.where(entries.c.kind == OUTCOME)) if entry.id not in withdrawn]


def list_catalogs(connection: sa.Connection, head: Head | None = None) -> list[tuple[int, str]]:
    """Return since when which catalog is in force, by its digest, ascending; with a head as of then."""
    query = ENTRIES.where(entries.c.kind == CATALOG).order_by(entries.c.seq)
    if head is not None:
        query = query.where(entries.c.batch <= head.batch)
    return [
        (entry.recorded_at, json.loads(entry.content)["digest"]) for entry in map(_entry, connection.execute(query))
    ]


def _entry(row: sa.Row[Any]) -> Entry:
    return entry_of(dict(row._mapping))  # SQLAlchemy's documented name for a row by column


def entry_of(said: dict[str, Any]) -> Entry:
    """Return a row of ``ENTRIES``, by column, as an entry."""
    del said["mark"], said["fingerprint"]
    historical, recorded_at, reason = bool(said.pop("historical")), said["recorded_at"], said.pop("batch_reason")
    texts = {name: said[name] or "" for name in _TEXTUAL}
    return Entry(
        **said
        | texts
        | {
            "id": bytes(said["id"]).hex(),
            "target": "" if said["target"] is None else bytes(said["target"]).hex(),
            "kind": name_kind(said["kind"]),
            "known_from": said["reported_at"] if historical else recorded_at,
            "historical": historical,
            "reason": said["reason"] or reason,
        }
    )


_TEXTUAL = tuple(column.name for column in entries.columns if isinstance(column.type, sa.Text))


def _keys(ids: Sequence[str]) -> list[bytes]:
    """Return the ids that can be any, as the log keeps them."""
    return [bytes.fromhex(one) for one in ids if len(one) == 32 and set(one) <= set("0123456789abcdef")]


def _parts(names: Sequence[Any]) -> Iterable[Sequence[Any]]:
    return (names[start : start + _ASKED_AT_ONCE] for start in range(0, len(names), _ASKED_AT_ONCE))
