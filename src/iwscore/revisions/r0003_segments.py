"""The columns of entries by the ten thousand: what questions read, so that a long log is read in a moment."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

__all__ = ["upgrade"]

revision = "0003"
down_revision = "0002"

_INT = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make the table and guard it like the others; a log that has entries already is covered as it grows."""
    op.create_table(
        "segments",
        sa.Column("first", _INT, primary_key=True, autoincrement=False),
        sa.Column("entries", _INT, nullable=False),
        sa.Column("columns", sa.LargeBinary, nullable=False),
        sqlite_strict=True,
    )
    if op.get_context().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER segments_refuse_{verb.lower()} BEFORE {verb} ON segments "
                f"BEGIN SELECT RAISE(ABORT, 'the log is append-only: no {verb} of segments'); END"
            )
        return
    for verb in ("UPDATE", "DELETE", "TRUNCATE"):
        op.execute(
            f"CREATE TRIGGER segments_refuse_{verb.lower()} BEFORE {verb} ON segments "
            "FOR EACH STATEMENT EXECUTE FUNCTION iwscore_refuse()"
        )
