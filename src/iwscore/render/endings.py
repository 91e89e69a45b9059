"""Endings: the labels at the ends of the lines, set apart so that none covers another.

Here belongs where a label stands. What the lines show belongs to ``charts``.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from iwscore.domain.assessments import Trend
from iwscore.render.axes import INK, WIDTH, Spec, millis, time_axis
from iwscore.render.figures import share
from iwscore.render.layouts import clean, fold

__all__ = ["chart_height", "ending_layers", "endings", "ranked", "spread"]

_HEIGHT = 300
_FONT = 11
_LINE = 13  # pixels from one line of a label to the next
_APART = 3
_LETTERS = 40


def chart_height(trend: Trend) -> int:
    """Return a height, in pixels, in which every label finds its place."""
    return max(_HEIGHT, sum(len(lines) * _LINE + _APART for lines in _labels(trend)))


def ranked(trend: Trend) -> list[int]:
    """Return the scenarios by their last likelihood, the largest first; those that have none come last."""
    order: list[int] = np.argsort(-trend.likelihood[-1], kind="stable").tolist()
    return order


def endings(trend: Trend) -> list[Spec]:
    """Return a row a scenario: where its line ends, where its label's first line stands (0 to 1), and the label."""
    height = chart_height(trend)
    last = trend.likelihood[-1].tolist()
    labels = _labels(trend)
    order = [s for s in ranked(trend) if not math.isnan(last[s])]
    wanted = [(1 - last[s]) * height for s in order]
    placed = spread(wanted, [len(labels[s]) * _LINE for s in order], height)
    return [
        {
            "at": millis(trend.times[-1]),
            "scenario": trend.scenarios[s],
            "likelihood": last[s],
            "place": round(1 - (y - (len(labels[s]) - 1) * _LINE / 2) / height, 4),
            "label": labels[s],
        }
        for s, y in zip(order, placed, strict=True)
    ]


def ending_layers(trend: Trend, look: Spec, likelihood: Spec) -> list[Spec]:
    """Return the points at the ends, the strokes that lead away from them, and the labels."""
    named: Spec = {"name": "endings"}
    place = likelihood | {"field": "place"}
    lead = {"x": {"value": WIDTH + 4}, "x2": {"value": WIDTH + 22}, "y": likelihood, "y2": {"field": "place"}}
    return [
        {
            "data": named,
            "mark": {"type": "point", "filled": True, "size": 36, "opacity": 1, "clip": False},
            "encoding": {"x": time_axis(trend, "at", labelled=True), "y": likelihood, **look},
        },
        {"data": named, "mark": {"type": "rule", "strokeWidth": 1.5}, "encoding": lead | look},
        {
            "data": named,
            "mark": {"type": "text", "align": "left", "baseline": "middle", "fontSize": _FONT, "lineHeight": _LINE},
            "encoding": {
                "x": {"value": WIDTH + 26},
                "y": place,
                "text": {"field": "label"},
                "color": {"value": INK},
            },
        },
    ]


def spread(wanted: Sequence[float], heights: Sequence[float], room: float) -> list[float]:
    """Return middles near the ``wanted`` ones, from the top, so far apart that labels of such heights do not meet.

    Examples
    --------
    >>> spread([10, 90, 95], [10, 10, 10], 100)
    [10, 82.0, 95.0]
    """
    if not wanted:
        return []
    placed = list(wanted)
    apart = [(a + b) / 2 + _APART for a, b in pairwise(heights)]
    for n, gap in enumerate(apart):
        placed[n + 1] = max(placed[n + 1], placed[n] + gap)
    placed[-1] = min(placed[-1], room - heights[-1] / 2)
    for n in range(len(apart) - 1, -1, -1):
        placed[n] = min(placed[n], placed[n + 1] - apart[n])
    return placed


def _labels(trend: Trend) -> list[list[str]]:
    last = trend.likelihood[-1].tolist()
    return [fold(f"{share(p)}\u00a0% {clean(title)}", _LETTERS) for p, title in zip(last, trend.titles, strict=True)]
