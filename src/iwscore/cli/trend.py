"""``iwscore trend``: how the likelihoods moved."""

from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from iwscore.cli import options
from iwscore.errors import QuestionError

if TYPE_CHECKING:
    from datetime import datetime

    from iwscore.domain.assessments import Trend
    from iwscore.domain.observations import Observations

__all__ = ["trend"]

TrendFormat = Literal["table", "json", "csv", "svg", "png"]


def trend(
    problem: options.ProblemName,
    catalog: options.CatalogFolder = None,
    observations: options.ObservationFile = None,
    subject: options.Subject = None,
    start: Annotated[
        str | None, typer.Option("--from", metavar="TIME", help="First time [default: the first day of the file].")
    ] = None,
    end: Annotated[
        str | None, typer.Option("--to", metavar="TIME", help="Last time, inclusive [default: the file's last time].")
    ] = None,
    step: Annotated[str, typer.Option(help="Counted from --from: a number and min, h, d, w, mo or y.")] = "1d",
    known_at: options.KnownAt = None,
    vintage: Annotated[bool, typer.Option("--vintage", help="Answer each time as it was known then.")] = False,
    format: Annotated[TrendFormat, typer.Option("--format", help="Table, full precision, or a chart.")] = "table",
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", readable=False, help="Write here instead of to stdout.")
    ] = None,
) -> None:
    """Say how the likelihoods moved, time by time, or draw it."""
    from iwscore.services import trend as answer

    held = options.open_catalog(catalog)
    seen = options.open_observations(observations, held)
    if format == "png" and out is None and sys.stdout.isatty():
        raise QuestionError("IW509", "a picture for a terminal", format, "must go to a file", "Give --out FILE.")
    with options.working("Scoring"):
        answered = answer(
            held,
            seen,
            problem=problem,
            subject=subject,
            start=options.instant(start, "--from") if start is not None else _first_day(seen),
            end=options.instant(end, "--to") if end is not None else options.last_time(seen, "--to"),
            step=step,
            known_at=options.knowledge(known_at),
            vintage=vintage,
        )
    options.put(_shown(answered, format, held.problems[problem].title), out)


def _shown(answered: Trend, format: TrendFormat, title: str) -> str | bytes:
    """Return the trend as text or as a picture."""
    from iwscore.render import chart_png, chart_svg, trend_chart, trend_csv, trend_json, trend_table

    if format == "svg":
        return chart_svg(trend_chart(answered, title=title))
    if format == "png":
        return chart_png(trend_chart(answered, title=title))
    return {"table": trend_table, "json": trend_json, "csv": trend_csv}[format](answered)


def _first_day(observations: Observations) -> datetime:
    """Return the midnight before the first observation in the file."""
    from iwscore.domain.times import from_micros

    if not len(observations):
        raise QuestionError("IW508", "no --from", None, "an empty file has no first time", "Give --from and --to.")
    first = from_micros(observations.observed_at.min())
    return first - timedelta(
        hours=first.hour, minutes=first.minute, seconds=first.second, microseconds=first.microsecond
    )
