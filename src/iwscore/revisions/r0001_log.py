"""The tables of the log, and the triggers that refuse to change them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

__all__ = ["upgrade"]

revision = "0001"
down_revision = None

_INT = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_REAL: sa.types.TypeEngine[float] = sa.Double().with_variant(sa.REAL, "sqlite")
_GUARDED = ("batches", "entries", "catalogs")


def upgrade() -> None:
    """Make the tables and guard them."""
    _make_tables()
    sqlite = op.get_context().dialect.name == "sqlite"
    for statement in _sqlite_guards() if sqlite else _postgresql_guards():
        op.execute(statement)


def _make_tables() -> None:
    op.create_table(
        "batches",
        sa.Column("number", _INT, primary_key=True, autoincrement=False),
        sa.Column("form", _INT, nullable=False),
        sa.Column("first", _INT, nullable=False),
        sa.Column("entries", _INT, nullable=False),
        sa.Column("recorded_at", _INT, nullable=False),
        sa.Column("historical", _INT, nullable=False),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("digest", sa.LargeBinary, nullable=False),
        sqlite_strict=True,
    )
    texts = ("subject", "indicator", "level", "source", "grade", "origin", "external_id", "note", "url", "marking")
    op.create_table(
        "entries",
        sa.Column("seq", _INT, primary_key=True, autoincrement=False),
        sa.Column("batch", _INT, nullable=False),
        sa.Column("id", sa.LargeBinary, nullable=False),
        sa.Column("kind", _INT, nullable=False),
        sa.Column("observed_at", _INT),
        sa.Column("reported_at", _INT),
        sa.Column("value", _REAL),
        *(sa.Column(name, sa.Text) for name in texts),
        sa.Column("target", sa.LargeBinary),
        sa.Column("reason", sa.Text),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("content", sa.Text),
        sa.Column("fingerprint", sa.LargeBinary, nullable=False),
        sa.Column("mark", _INT, nullable=False),
        sqlite_strict=True,
    )
    op.create_index("entries_by_id", "entries", ["id"], unique=True)
    op.create_table(
        "catalogs",
        sa.Column("digest", sa.LargeBinary, primary_key=True),
        sa.Column("content", sa.Text, nullable=False),
        sqlite_strict=True,
    )


def _sqlite_guards() -> list[str]:
    return [
        f"CREATE TRIGGER {table}_refuse_{verb.lower()} BEFORE {verb} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, 'the log is append-only: no {verb} of {table}'); END"
        for table in _GUARDED
        for verb in ("UPDATE", "DELETE")
    ]


def _postgresql_guards() -> list[str]:
    refuse = (
        "CREATE FUNCTION iwscore_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION 'the log is append-only: no % of %', TG_OP, TG_TABLE_NAME; END $$"
    )
    return [refuse] + [
        f"CREATE TRIGGER {table}_refuse_{verb.lower()} BEFORE {verb} ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION iwscore_refuse()"
        for table in _GUARDED
        for verb in ("UPDATE", "DELETE", "TRUNCATE")
    ]
