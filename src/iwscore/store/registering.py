"""Catalogs into the log, and back as they were recorded.

Here belongs what is in force since when, and reading it from its text. Whether every text is what it was belongs to
``store.catalog_texts``.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable

import sqlalchemy as sa
from pydantic import ValidationError

from iwscore.domain.catalogs import Catalog
from iwscore.errors import Unreachable
from iwscore.store.appending import append
from iwscore.store.databases import Database
from iwscore.store.drafts import Draft, Drafts
from iwscore.store.entries import Head, Receipt
from iwscore.store.listing import list_catalogs
from iwscore.store.schema import catalogs

__all__ = ["put_in_force", "read_catalog", "recorded"]


def put_in_force(
    database: Database,
    connection: sa.Connection,
    catalog: Catalog,
    *,
    clock: Callable[[], int],
    author: str,
    reason: str,
) -> Receipt | None:
    """Write the catalog as a batch of its own into a transaction that writes; None where it is in force already."""
    content, before = _text_of(catalog), recorded(database, connection)
    if before and before[-1][1] == catalog.digest:
        return None
    if catalog.digest not in {digest for _, digest in before}:
        connection.execute(sa.insert(catalogs).values(digest=bytes.fromhex(catalog.digest), content=content))
    entered = Drafts.of([Draft(kind="catalog", content=json.dumps({"digest": catalog.digest}))])
    return append(
        database, connection, entered, clock=clock, author=author, reason=reason,
        historical=False, once=False, progress=None,
    )  # fmt: skip


def recorded(database: Database, connection: sa.Connection, head: Head | None = None) -> list[tuple[int, str]]:
    """Return since when which catalog is in force, by its digest, ascending; with a head as of then.

    Raises
    ------
    Unreachable
        IW433 if an entry that puts one in force says nothing of the kind.
    """
    try:
        return list_catalogs(connection, head)
    except (ValueError, TypeError, KeyError):
        raise _altered(database, "an entry that puts one in force") from None


def read_catalog(database: Database, connection: sa.Connection, digest: str) -> Catalog:
    """Return a catalog as it was recorded.

    Raises
    ------
    Unreachable
        IW433 if its text is not in the log, or is not what was recorded; IW434 if this version cannot read it.
    """
    try:
        query = sa.select(catalogs.c.content).where(catalogs.c.digest == bytes.fromhex(digest))
    except (ValueError, TypeError):
        raise _altered(database, digest) from None
    content = connection.execute(query).scalar()
    if not isinstance(content, str) or hashlib.sha256(content.encode()).hexdigest() != digest:
        raise _altered(database, digest)
    try:
        return Catalog.model_validate(json.loads(content))
    except (ValueError, ValidationError):
        raise Unreachable(
            "IW434", "catalog was recorded by another version", f"{database.place}: {digest[:12]}",
            "must be of a form that this version reads", "Install that version, or give --catalog.",
        ) from None  # fmt: skip


def _altered(database: Database, what: str) -> Unreachable:
    return Unreachable(
        "IW433", "catalog is not what was recorded", f"{database.place}: {what}", "must be there as it was",
        "See iwscore log verify; give --catalog to do without.",
    )  # fmt: skip


def _text_of(catalog: Catalog) -> str:
    """Return the text that the catalog's digest is taken of."""
    content = json.dumps(catalog.model_dump(mode="json"), sort_keys=True, separators=(",", ":"))
    if hashlib.sha256(content.encode()).hexdigest() != catalog.digest:
        raise AssertionError("the text of a catalog is not what its digest is taken of")
    return content
