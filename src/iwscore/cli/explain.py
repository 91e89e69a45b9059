"""``iwscore explain``: the parts of an answer, what it hangs on, what has changed."""

from __future__ import annotations

from typing import Annotated

import typer

from iwscore.cli import options
from iwscore.cli.databases import DatabaseUrl
from iwscore.cli.reports import Places, open_reports
from iwscore.errors import QuestionError

__all__ = ["explain"]


def explain(
    problem: options.ProblemName,
    catalog: options.CatalogFolder = None,
    database: DatabaseUrl = None,
    observations: options.ObservationFile = None,
    mapping: options.MappingFile = None,
    at: options.At = None,
    known_at: options.KnownAt = None,
    since: Annotated[
        str | None, typer.Option(metavar="TIME", help="Also say what changed since this time, as known then.")
    ] = None,
    subject: options.Subject = None,
    top: Annotated[int, typer.Option(min=1, help="How many reports the table names; the rest is one row.")] = 10,
    format: options.Format = "table",
) -> None:
    """Say why: what each report adds, what the answer hangs on and, with --since, what has moved it."""
    from iwscore.render import explanation_csv, explanation_json, explanation_tables
    from iwscore.services import explain as answer
    from iwscore.services.vintages import InForce

    if since is not None and format == "csv":
        raise QuestionError(
            "IW512", "a change as csv", "--since", "csv holds the parts alone", "Take --format json or table."
        )
    held = options.open_catalog(catalog)
    known = options.knowledge(known_at)
    places = Places(observations, database, catalog, mapping)
    reports = open_reports(places, held, known, in_force=since is not None and catalog is None)
    with options.working("Explaining"):
        answered = answer(
            held,
            reports.observations,
            problem=problem,
            at=reports.time(at, "--at"),
            since=options.instant(since, "--since") if since is not None else None,
            subject=subject,
            known_at=known,
            in_force=InForce.of(reports.catalog),
        )
    if format == "table":
        options.put(explanation_tables(answered, top=top), None)
    else:
        options.put({"json": explanation_json, "csv": explanation_csv}[format](answered), None)
