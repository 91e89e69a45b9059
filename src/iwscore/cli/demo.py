"""``iwscore demo``: the built-in example, from its catalog and reports to a picture."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from iwscore.cli.options import put

__all__ = ["demo"]

_AT = datetime(2022, 10, 12, tzinfo=UTC)  # when the built-in reports end
_FIRST = datetime(2022, 9, 20, tzinfo=UTC)


def demo(
    out: Annotated[Path, typer.Option(metavar="FILE", readable=False, help="Where the chart goes.")] = Path(
        "iwscore-demo.svg"
    ),
) -> None:
    """Score, chart and explain the built-in example: the question of a northern front from Belarus, in October 2022."""
    from iwscore.catalog import load
    from iwscore.render import assessment_table, chart_svg, explanation_tables, trend_chart, trend_sparklines
    from iwscore.services import explain, score, trend
    from iwscore.services.example import example_folder
    from iwscore.store import read_observations

    folder = example_folder()
    catalog = load(folder)
    seen = read_observations(folder / "examples" / "northern-front-2022.csv", catalog)
    problem = "northern-front"
    moved = trend(catalog, seen, problem=problem, start=_FIRST, end=_AT, step="1d", vintage=True)
    explained = explain(catalog, seen, problem=problem, at=_AT, since=_AT - timedelta(days=7))
    parts = [
        catalog.problems[problem].question,
        assessment_table(score(catalog, seen, problem=problem, at=_AT, draws=1000)),
        trend_sparklines(moved),
        explanation_tables(explained, top=8),
    ]
    put("\n\n".join(part.strip("\n") for part in parts) + "\n", None)
    put(chart_svg(trend_chart(moved, title=catalog.problems[problem].title)), out)
