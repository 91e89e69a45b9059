"""``iwscore record``: one observation into the log."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from iwscore.cli import entering, options
from iwscore.cli.databases import DatabaseUrl
from iwscore.errors import RowFaults

if TYPE_CHECKING:
    from iwscore.services.recording import Desk, Prepared

__all__ = ["record"]

# What a terminal is asked for, in this order, where it is missing.
_ASKED = {
    "indicator": "Indicator",
    "level": "Level (or unknown)",
    "source": "Source",
    "grade": "Grade, such as B2",
    "observed_at": "Observed at (ISO 8601, or a day)",
}
_MOST_TRIES = 5


def record(
    indicator: Annotated[str | None, typer.Option(help="Which sign.")] = None,
    level: Annotated[str | None, typer.Option(help="At which level it stood, or unknown.")] = None,
    value: Annotated[str | None, typer.Option(help="Instead of a level, what was measured.")] = None,
    source: Annotated[str | None, typer.Option(help="Who reported it.")] = None,
    grade: Annotated[
        str | None, typer.Option(help="The Admiralty grade of this report on its own, such as B2.")
    ] = None,
    observed_at: Annotated[str | None, typer.Option(metavar="TIME", help="When it was so.")] = None,
    subject: Annotated[
        str | None, typer.Option(help="What is watched; may be left out where there is only one.")
    ] = None,
    origin: Annotated[str | None, typer.Option(help="Who the source had it from.")] = None,
    reported_at: Annotated[str | None, typer.Option(metavar="TIME", help="When the source said so.")] = None,
    external_id: Annotated[str | None, typer.Option(metavar="ID", help="Your own name for it, used once.")] = None,
    note: Annotated[str | None, typer.Option(metavar="TEXT", help="What it said.")] = None,
    url: Annotated[str | None, typer.Option(help="Where it can be read.")] = None,
    marking: Annotated[str | None, typer.Option(metavar="TLP", help="clear, green, amber, amber+strict, red.")] = None,
    catalog: options.CatalogFolder = None,
    database: DatabaseUrl = None,
    author: options.Author = None,
    reason: Annotated[str, typer.Option(help="Why it is recorded.")] = "recorded by hand",
    dry_run: entering.DryRun = False,
    yes: entering.Yes = False,
    format: options.WrittenFormat = "table",
) -> None:
    """Record what a source said. What that would change is shown before it is written.

    At a terminal, what is missing or at fault is asked for.
    """
    typed = {
        "indicator": indicator,
        "level": level,
        "value": value,
        "source": source,
        "grade": grade,
        "observed_at": observed_at,
        "subject": subject,
        "origin": origin,
        "reported_at": reported_at,
        "external_id": external_id,
        "note": note,
        "url": url,
        "marking": marking,
    }
    cells = {name: text for name, text in typed.items() if text is not None}
    with entering.desk_at(catalog, database, author) as desk:
        terms = entering.Entering("record", reason, dry_run, yes, format)
        if entering.at_terminal():
            _ask_missing(cells, one_subject=desk.catalog.only_subject is not None)
            _ask_faulty(desk, cells)
        entering.enter(desk, terms, lambda: _prepare(desk, cells))


def _prepare(desk: Desk, cells: dict[str, str]) -> Prepared:
    from iwscore.services.recording import prepare_record

    return prepare_record(desk, cells)


def _ask_missing(cells: dict[str, str], *, one_subject: bool) -> None:
    """Ask for what every observation needs."""
    asked = _ASKED if one_subject else {"subject": "Subject"} | _ASKED
    for name, words in asked.items():
        if name not in cells and not (name == "level" and "value" in cells):
            cells[name] = typer.prompt(words, err=True)


def _ask_faulty(desk: Desk, cells: dict[str, str]) -> None:
    """Ask again for what is at fault, saying why, until nothing is or it has been asked often enough."""
    from iwscore.services.statements import make_statement

    for _ in range(_MOST_TRIES):
        try:
            make_statement(desk.catalog, cells, now=desk.log.clock(), command="record")
        except RowFaults as refused:
            for fault in refused.faults:
                typer.echo(str(fault), err=True)
            for name in dict.fromkeys(fault.field for fault in refused.faults):
                cells[name] = typer.prompt(_ASKED.get(name, name.capitalize()), err=True)
        else:
            return
