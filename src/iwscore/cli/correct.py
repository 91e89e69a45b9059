"""``iwscore correct``: another word in the place of an entry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from iwscore.cli import entering, options
from iwscore.cli.databases import DatabaseUrl
from iwscore.errors import QuestionError

if TYPE_CHECKING:
    from iwscore.services.recording import Prepared

__all__ = ["correct"]


def correct(
    name: Annotated[str, typer.Argument(metavar="ID", help="The entry's id or external_id.")],
    cells: Annotated[list[str], typer.Argument(metavar="COLUMN=TEXT...", help="What is to be changed: level=brigade.")],
    reason: Annotated[str, typer.Option(help="Why.")],
    catalog: options.CatalogFolder = None,
    database: DatabaseUrl = None,
    author: options.Author = None,
    dry_run: entering.DryRun = False,
    yes: entering.Yes = False,
    format: options.WrittenFormat = "table",
) -> None:
    """Replace an entry whole: what stands of it, with these columns changed. The entry itself stays on file."""
    changed = dict(_pair(cell) for cell in cells)
    with entering.desk_at(catalog, database, author) as desk:

        def prepare() -> Prepared:
            from iwscore.services.recording import prepare_correction

            return prepare_correction(desk, name, changed, reason=reason)

        entering.enter(desk, entering.Entering("correct", reason, dry_run, yes, format), prepare)


def _pair(cell: str) -> tuple[str, str]:
    column, sign, text = cell.partition("=")
    if not sign:
        raise QuestionError("IW529", "not a change", cell, "must be COLUMN=TEXT", "Write for instance level=brigade.")
    return column, text
