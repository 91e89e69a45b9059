"""The tables of the log as queries see them, and the revisions they have gone through.

Here belong names and types of columns. What a revision changed belongs to ``revisions``.
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
    "entries",
    "guards",
    "ids",
    "segments",
]

REVISIONS = ("0001", "0002", "0003", "0004")  # oldest first; the last is the one this version works on
VERSION_TABLE = "iwscore_version"
FORM = 1  # of the canonical bytes, kept with every batch
TABLES = sa.MetaData()

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
COLUMNS: tuple[str, ...] = tuple(column.name for column in entries.columns)  # in the order of the canonical bytes


def guards(*verbs: str) -> set[str]:
    """Return the names of the triggers that refuse these verbs on every table."""
    return {f"{table}_refuse_{verb}" for table in TABLES.tables for verb in verbs}
