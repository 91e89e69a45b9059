"""The tables of the log as queries see them, and the revisions they have gone through.

Here belong names and types of columns. What a revision changed belongs to ``revisions``. Whatever is the log itself is
guarded by triggers; tokens, their credentials and receipts lie beside it, and are in no digest and no dump.
"""

from __future__ import annotations

import sqlalchemy as sa

from iwscore.store.entries import TEXTS

__all__ = [
    "COLUMNS",
    "FORM",
    "REVISIONS",
    "TABLES",
    "VERSION_TABLE",
    "batches",
    "catalogs",
    "credentials",
    "entries",
    "guards",
    "ids",
    "receipts",
    "segments",
    "tokens",
]

REVISIONS = ("0001", "0002", "0003", "0004", "0005")  # oldest first; the last is the one this version works on
VERSION_TABLE = "iwscore_version"
FORM = 1  # of the canonical bytes, kept with every batch
TABLES = sa.MetaData()

_GUARDED = ("batches", "entries", "catalogs", "segments", "ids")
_NUMBER = sa.BigInteger

batches = sa.Table(
    "batches",
    TABLES,
    sa.Column("number", _NUMBER, primary_key=True),
    sa.Column("form", _NUMBER),
    sa.Column("first", _NUMBER),
    sa.Column("entries", _NUMBER),
    sa.Column("recorded_at", _NUMBER),
    sa.Column("historical", _NUMBER),
    sa.Column("author", sa.Text),
    sa.Column("reason", sa.Text),
    sa.Column("digest", sa.LargeBinary),
)
entries = sa.Table(
    "entries",
    TABLES,
    sa.Column("seq", _NUMBER, primary_key=True),
    sa.Column("batch", _NUMBER),
    sa.Column("id", sa.LargeBinary),
    sa.Column("kind", _NUMBER),
    sa.Column("observed_at", _NUMBER),
    sa.Column("reported_at", _NUMBER),
    sa.Column("value", sa.Double),
    *(sa.Column(name, sa.Text) for name in TEXTS),
    sa.Column("target", sa.LargeBinary),
    sa.Column("reason", sa.Text),
    sa.Column("author", sa.Text),
    sa.Column("content", sa.Text),
    sa.Column("fingerprint", sa.LargeBinary),
    sa.Column("mark", _NUMBER),
)
catalogs = sa.Table(
    "catalogs",
    TABLES,
    sa.Column("digest", sa.LargeBinary, primary_key=True),
    sa.Column("content", sa.Text),
)
segments = sa.Table(
    "segments",
    TABLES,
    sa.Column("first", _NUMBER, primary_key=True),
    sa.Column("entries", _NUMBER),
    sa.Column("columns", sa.LargeBinary),
)
ids = sa.Table(
    "ids",
    TABLES,
    sa.Column("id", sa.LargeBinary, primary_key=True),
    sa.Column("seq", _NUMBER),
)
# Beside the log, not of it: what a service needs to know who asks and what it has answered. These may change.
tokens = sa.Table(
    "tokens",
    TABLES,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("role", sa.Text),
    sa.Column("ceiling", sa.Text),
    sa.Column("created_at", _NUMBER),
    sa.Column("expires_at", _NUMBER),
    sa.Column("last_used", _NUMBER),
    sa.Column("revoked_at", _NUMBER),
)
credentials = sa.Table(
    "credentials",
    TABLES,
    sa.Column("digest", sa.LargeBinary, primary_key=True),
    sa.Column("name", sa.Text),
    sa.Column("once", _NUMBER),
    sa.Column("expires_at", _NUMBER),
)
receipts = sa.Table(
    "receipts",
    TABLES,
    sa.Column("author", sa.Text, primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("digest", sa.LargeBinary),
    sa.Column("made_at", _NUMBER),
    sa.Column("content", sa.Text),
)
COLUMNS: tuple[str, ...] = tuple(column.name for column in entries.columns)  # in the order of the canonical bytes


def guards(*verbs: str) -> set[str]:
    """Return the names of the triggers that refuse these verbs on every table of the log itself."""
    return {f"{table}_refuse_{verb}" for table in _GUARDED for verb in verbs}
