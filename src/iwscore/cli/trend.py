"""``iwscore trend``: how the likelihoods moved."""

from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from iwscore.cli import options
from iwscore.cli.budgets import Memory, ObservationInput
from iwscore.cli.databases import DatabaseUrl
from iwscore.cli.reports import Places, open_columns
from iwscore.errors import QuestionError

if TYPE_CHECKING:
    from datetime import datetime

    from iwscore.domain.assessments import Trend
    from iwscore.domain.columns import Columns
    from iwscore.store.shelves import Shelf

__all__ = ["trend"]

TrendFormat = Literal["table", "json", "csv", "svg", "png"]


def trend(
    problem: options.ProblemName,
    catalog: options.CatalogFolder = None,
    database: DatabaseUrl = None,
    observations: ObservationInput = None,
    mapping: options.MappingFile = None,
    memory: Memory = None,
    subject: options.Subject = None,
    start: Annotated[
        str | None, typer.Option("--from", metavar="TIME", help="First time [default: the first day with a report].")
    ] = None,
    end: Annotated[
        str | None,
        typer.Option(
            "--to", metavar="TIME", help="Last time, inclusive [default: now; the last time of --observations]."
        ),
    ] = None,
    step: Annotated[str, typer.Option(help="Counted from --from: a number and min, h, d, w, mo or y.")] = "1d",
    known_at: options.KnownAt = None,
    vintage: options.Vintage = False,
    bands: Annotated[bool, typer.Option("--bands", help="Say between what ends each likelihood may lie.")] = False,
    draws: options.Draws = 1000,
    seed: options.Seed = 0,
    format: Annotated[TrendFormat, typer.Option("--format", help="Table, full precision, or a chart.")] = "table",
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", readable=False, help="Write here instead of to stdout.")
    ] = None,
) -> None:
    """Say how the likelihoods moved, time by time, or draw it."""
    from iwscore.services import trend as answer

    held = options.open_catalog(catalog)
    known = options.knowledge(known_at)
    places = Places(observations, database, catalog, mapping, memory)
    reports = open_columns(places, held, known, in_force=vintage and catalog is None)
    if format == "png" and out is None and sys.stdout.isatty():
        raise QuestionError("IW509", "a picture for a terminal", format, "must go to a file", "Give --out FILE.")
    with options.working("Scoring"):
        answered = answer(
            reports.catalog,
            reports.observations,
            problem=problem,
            subject=subject,
            start=options.instant(start, "--from") if start is not None else _first_day(reports.observations),
            end=reports.time(end, "--to"),
            step=step,
            known_at=known,
            vintage=vintage,
            draws=draws if bands else 0,
            seed=seed,
        )
    options.name_draws(draws if bands else 0, seed)
    options.put(_shown(answered, format, held.problems[problem].title), out)


def _shown(answered: Trend, format: TrendFormat, title: str) -> str | bytes:
    """Return the trend as text or as a picture."""
    from iwscore.render import chart_png, chart_svg, trend_chart, trend_csv, trend_json, trend_table

    if format == "svg":
        return chart_svg(trend_chart(answered, title=title))
    if format == "png":
        return chart_png(trend_chart(answered, title=title))
    return {"table": trend_table, "json": trend_json, "csv": trend_csv}[format](answered)


def _first_day(observations: Columns | Shelf) -> datetime:
    """Return the midnight before the first observation."""
    from iwscore.domain.columns import Columns
    from iwscore.domain.times import from_micros

    if isinstance(observations, Columns):
        earliest = int(observations.observed_at.min()) if len(observations) else None
    else:
        earliest = observations.first
    if earliest is None:
        raise QuestionError(
            "IW508", "no --from", None, "where nothing is reported there is no first time", "Give --from and --to."
        )
    first = from_micros(earliest)
    return first - timedelta(
        hours=first.hour, minutes=first.minute, seconds=first.second, microseconds=first.microsecond
    )
