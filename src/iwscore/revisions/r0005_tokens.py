"""What a service keeps beside the log: who may ask, and what a request was answered with. No trigger guards these."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

__all__ = ["upgrade"]

revision = "0005"
down_revision = "0004"

_INT = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make the tables of tokens, of the digests of their secrets, and of receipts."""
    op.create_table(
        "tokens",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("ceiling", sa.Text, nullable=False),
        sa.Column("created_at", _INT, nullable=False),
        *(sa.Column(name, _INT) for name in ("expires_at", "last_used", "revoked_at")),
        sqlite_strict=True,
    )
    op.create_table(
        "credentials",
        sa.Column("digest", sa.LargeBinary, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("once", _INT, nullable=False),
        sa.Column("expires_at", _INT),
        sqlite_strict=True,
    )
    op.create_table(
        "receipts",
        sa.Column("author", sa.Text, primary_key=True),
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("digest", sa.LargeBinary, nullable=False),
        sa.Column("made_at", _INT, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sqlite_strict=True,
    )
    op.create_index("receipts_by_made_at", "receipts", ["made_at"])
