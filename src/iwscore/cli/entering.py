"""How single entries are entered: shown, confirmed at a terminal, written, told.

Here belongs what ``record``, ``correct``, ``retract`` and ``outcome`` share. What each asks for is its own.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from iwscore.cli import options
from iwscore.cli.databases import open_there

if TYPE_CHECKING:
    from iwscore.services.recording import Desk, Prepared

__all__ = ["DryRun", "Entering", "Yes", "at_terminal", "desk_at", "enter"]

DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what it would change, and write nothing.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask at a terminal whether to write it.")]


@dataclass(frozen=True, slots=True)
class Entering:
    """How an entry is to be entered: by which command, why, whether in earnest, unasked, and in which form told."""

    command: str
    reason: str
    dry: bool
    yes: bool
    format: Literal["table", "json"]


@contextmanager
def desk_at(catalog: Path | None, database: str | None, author: str | None) -> Iterator[Desk]:
    """Lend the log with its catalog and author."""
    from iwscore.services.recording import Desk

    held = options.open_catalog(catalog)
    signed = options.author_of(author)
    with open_there(database, catalog) as log:
        yield Desk(log, held, signed)


def enter(desk: Desk, entering: Entering, prepare: Callable[[], Prepared]) -> None:
    """Show what an entry would change, write it unless that is not wanted, and say what was written."""
    from iwscore.render.previews import preview_text, recorded_json, recorded_text
    from iwscore.services.recording import write
    from iwscore.services.signatures import require_signature

    require_signature(desk.author, entering.reason, command=entering.command)
    with options.working("Reading the log"):
        prepared = prepare()
    shown = preview_text(prepared)
    if entering.format == "table":
        options.put(shown + "\n", None)
    else:
        typer.echo(shown, err=True)
    if not (entering.dry or entering.yes) and at_terminal():
        typer.confirm("Write it?", default=True, abort=True, err=True)
    recorded = None if entering.dry else write(desk, prepared, reason=entering.reason)
    if entering.format == "json":
        options.put(recorded_json(recorded, prepared), None)
    else:
        options.put(recorded_text(recorded, prepared.statement.kind), None)


def at_terminal() -> bool:
    """Return whether somebody can be asked."""
    return sys.stdin.isatty() and sys.stderr.isatty()
