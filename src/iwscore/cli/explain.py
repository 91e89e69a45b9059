"""``iwscore explain``: the parts of an answer, what it hangs on, what has changed."""

from __future__ import annotations

from typing import Annotated

import typer

from iwscore.cli import options
from iwscore.errors import QuestionError

__all__ = ["explain"]


def explain(
    problem: options.ProblemName,
    catalog: options.CatalogFolder = None,
    observations: options.ObservationFile = None,
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

    if since is not None and format == "csv":
        raise QuestionError(
            "IW512", "a change as csv", "--since", "csv holds the parts alone", "Take --format json or table."
        )
    held = options.open_catalog(catalog)
    seen = options.open_observations(observations, held)
    with options.working("Explaining"):
        answered = answer(
            held,
            seen,
            problem=problem,
            at=options.instant(at, "--at") if at is not None else options.last_time(seen, "--at"),
            since=options.instant(since, "--since") if since is not None else None,
            subject=subject,
            known_at=options.knowledge(known_at),
        )
    if format == "table":
        options.put(explanation_tables(answered, top=top), None)
    else:
        options.put({"json": explanation_json, "csv": explanation_csv}[format](answered), None)
