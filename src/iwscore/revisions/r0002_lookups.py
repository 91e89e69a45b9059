"""The lookups that make an import idempotent: what an author has on file, by external_id and by fingerprint."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

__all__ = ["upgrade"]

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the two indexes; the first also keeps an author's external_ids apart."""
    given = sa.text("external_id IS NOT NULL")
    op.create_index(
        "entries_by_external_id",
        "entries",
        ["external_id", "author"],
        unique=True,
        sqlite_where=given,
        postgresql_where=given,
    )
    # The time comes before the fingerprint, so that a batch in order of time is written in one place of the index.
    op.create_index("entries_by_fingerprint", "entries", ["author", "observed_at", "fingerprint"])
