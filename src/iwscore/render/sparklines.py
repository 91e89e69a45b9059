"""Sparklines: a trend in one line a scenario, all on one scale.

Here belongs the shape of a trend at a glance. Its numbers belong to ``tables``, its picture to ``charts``.
"""

from __future__ import annotations

import math
import string
from collections.abc import Sequence

from iwscore.domain.assessments import Trend
from iwscore.render.figures import UNKNOWN, share
from iwscore.render.layouts import WIDTH, Column, fold, table
from iwscore.render.tables import trend_lines

__all__ = ["trend_sparklines"]

_BARS = "▁▂▃▄▅▆▇█"
_LONGEST = 50


def trend_sparklines(trend: Trend) -> str:
    """Return a line a scenario: title, first and last likelihood, and its course on a scale of 0 to 100 %."""
    size = -(-len(trend.times) // _LONGEST)
    columns = [
        Column("scenario"),
        Column("first\u00a0%", number=True),
        Column("last\u00a0%", number=True),
        Column("likelihood, 0–100\u00a0%", whole=True),
    ]
    rows = [
        [
            title,
            share(float(trend.likelihood[0, s])),
            share(float(trend.likelihood[-1, s])),
            "".join(_bar(p) for p in _last_of_each(trend.likelihood[:, s].tolist(), size)),
        ]
        for s, title in enumerate(trend.titles)
    ]
    rung, legend = _rung_line(trend, size)
    lines = table(columns, [*rows, *rung])
    scale = "Every line has the same scale: ▁ is under 12.5 %, █ is 87.5 % or more."
    return "\n".join([*trend_lines(trend), "", *lines, "", scale, _drawn(size), *legend, ""])


def _bar(probability: float) -> str:
    if math.isnan(probability):
        return " "
    return _BARS[min(int(probability * len(_BARS)), len(_BARS) - 1)]


def _last_of_each(values: Sequence[float], size: int) -> Sequence[float]:
    """Return the last value of each bucket; the last bucket may be smaller, so that the end is the end."""
    return [values[min(start + size, len(values)) - 1] for start in range(0, len(values), size)]


def _drawn(size: int) -> str:
    return "Each mark is one time." if size == 1 else f"Each mark is the last of {size} times."


def _rung_line(trend: Trend, size: int) -> tuple[list[list[str]], list[str]]:
    if not trend.rungs:
        return [], []
    marks = string.ascii_lowercase + string.ascii_uppercase
    places = [int(place) for place in _last_of_each(trend.rung.tolist(), size)]
    line = "".join(UNKNOWN if place < 0 else marks[place % len(marks)] for place in places)
    named = ", ".join(f"{marks[n % len(marks)]} {name}" for n, (name, _) in enumerate(trend.rungs))
    return [["rung (a is the lowest)", "", "", line]], fold(f"Rungs: {named}.", WIDTH)
