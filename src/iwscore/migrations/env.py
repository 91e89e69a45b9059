"""The environment in which Alembic runs revisions: on a connection it is handed, inside that one's transaction.

Here belongs what holds for every revision. Which log, and whether it may be migrated, belongs to ``store.migrating``.
"""

from __future__ import annotations

from alembic import context

__all__ = ["run"]


def run() -> None:
    """Run the revisions that were asked for; whoever opened the transaction commits it."""
    attributes = context.config.attributes
    context.configure(
        connection=attributes["connection"],
        version_table=attributes["version_table"],
        transactional_ddl=True,
        target_metadata=None,
    )
    context.run_migrations()


if __name__ == "env_py":  # the name under which Alembic loads this file
    run()
