"""``iwscore retract``: an entry withdrawn, with all its corrections."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from iwscore.cli import entering, options
from iwscore.cli.databases import DatabaseUrl

if TYPE_CHECKING:
    from iwscore.services.recording import Prepared

__all__ = ["retract"]


def retract(
    name: Annotated[str, typer.Argument(metavar="ID", help="The entry's id or external_id.")],
    reason: Annotated[str, typer.Option(help="Why.")],
    database: DatabaseUrl = None,
    catalog: options.CatalogFolder = None,
    author: options.Author = None,
    yes: entering.Yes = False,
    dry_run: entering.DryRun = False,
    format: options.WrittenFormat = "table",
) -> None:
    """Withdraw an entry for good, corrections and all. It stays on file, and earlier answers stay as they were."""
    with entering.desk_at(catalog, database, author) as desk:

        def prepare() -> Prepared:
            from iwscore.services.recording import prepare_retraction

            return prepare_retraction(desk, name, reason=reason)

        entering.enter(desk, entering.Entering("retract", reason, dry_run, yes, format), prepare)
