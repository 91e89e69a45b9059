"""Whether the texts of catalogs are what the log's entries speak of.

Here belongs holding texts against digests. Reading a catalog from its text belongs to
``store.registering``.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import suppress

import sqlalchemy as sa

from iwscore.errors import Fault
from iwscore.store.databases import Database
from iwscore.store.entries import CATALOG
from iwscore.store.log_wordings import log_fault
from iwscore.store.schema import catalogs, entries

__all__ = ["catalog_faults"]


def catalog_faults(database: Database, connection: sa.Connection) -> Iterator[Fault]:
    """Yield every text that is missing, was altered, or belongs to no entry."""
    log, named = database.place, set(_named(database, connection))
    query = sa.select(catalogs).order_by(catalogs.c.digest)
    for block in database.blocks(connection, query, raw=True):
        for digest, content in zip(block["digest"].to_pylist(), block["content"].to_pylist(), strict=True):
            name = digest.hex()
            if hashlib.sha256(content).digest() != digest:
                yield log_fault(log, "catalogs", 0, "IW447", name, {"state": "was altered"})
            elif name not in named:
                yield log_fault(log, "catalogs", 0, "IW447", name, {"state": "was inserted"})
            named.discard(name)
    for name in sorted(named):
        yield log_fault(log, "catalogs", 0, "IW447", name, {"state": "is missing"})


def _named(database: Database, connection: sa.Connection) -> Iterator[str]:
    """Yield the digests that entries speak of; an entry that cannot be read is found by its own digest."""
    query = sa.select(entries.c.content).where(entries.c.kind == CATALOG)
    for block in database.blocks(connection, query, raw=True):
        for content in block["content"].to_pylist():
            with suppress(ValueError, TypeError, KeyError):
                yield json.loads(content)["digest"]
