"""Ids in a table of their own, written in their own order: random keys entered one by one slow a large import."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

__all__ = ["upgrade"]

revision = "0004"
down_revision = "0003"

_INT = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make the table in place of the index of ids, and let the other index begin with a number."""
    op.create_table(
        "ids",
        sa.Column("id", sa.LargeBinary, primary_key=True),
        sa.Column("seq", _INT, nullable=False),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.execute("INSERT INTO ids SELECT id, seq FROM entries ORDER BY id")
    op.drop_index("entries_by_id", "entries")
    op.drop_index("entries_by_fingerprint", "entries")
    # Times differ at once and are near one another in a batch; an author is all but the same in every row.
    op.create_index("entries_by_fingerprint", "entries", ["observed_at", "fingerprint", "author"])
    sqlite = op.get_context().dialect.name == "sqlite"
    for verb in ("UPDATE", "DELETE") if sqlite else ("UPDATE", "DELETE", "TRUNCATE"):
        refusal = (
            f"BEGIN SELECT RAISE(ABORT, 'the log is append-only: no {verb} of ids'); END"
            if sqlite
            else "FOR EACH STATEMENT EXECUTE FUNCTION iwscore_refuse()"
        )
        op.execute(f"CREATE TRIGGER ids_refuse_{verb.lower()} BEFORE {verb} ON ids {refusal}")
