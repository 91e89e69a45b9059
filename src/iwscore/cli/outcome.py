"""``iwscore outcome``: which scenario came true."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from iwscore.cli import entering, options
from iwscore.cli.databases import DatabaseUrl

if TYPE_CHECKING:
    from iwscore.services.recording import Prepared

__all__ = ["outcome"]


def outcome(
    problem: options.ProblemName,
    scenario: Annotated[str, typer.Argument(metavar="SCENARIO", help="The id of the scenario that came true.")],
    at: Annotated[str, typer.Option(metavar="TIME", help="When that was settled.")],
    subject: options.Subject = None,
    reason: Annotated[str, typer.Option(help="How that is known.")] = "outcome",
    database: DatabaseUrl = None,
    catalog: options.CatalogFolder = None,
    author: options.Author = None,
    dry_run: entering.DryRun = False,
    format: options.WrittenFormat = "table",
) -> None:
    """Record how a problem turned out, to fit and to test by. It moves no answer. A wrong one can be retracted."""
    settled = options.instant(at, "--at")
    with entering.desk_at(catalog, database, author) as desk:

        def prepare() -> Prepared:
            from iwscore.services.recording import prepare_outcome

            return prepare_outcome(desk, problem, scenario, subject=subject, at=settled)

        entering.enter(desk, entering.Entering("outcome", reason, dry_run, True, format), prepare)
