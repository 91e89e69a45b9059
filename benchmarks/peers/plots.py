"""Curves of cost as one SVG."""

from __future__ import annotations

import math
from typing import Any

import vl_convert

from benchmarks.peers.costs import Curve

WIDTH, HEIGHT = 220, 150
ACROSS = 3
INK = "#4c78a8"


def svg(curves: list[Curve]) -> str:
    """Both axes are logarithms, and a step of ten is as long on one as on the other would be at a slope of 1."""
    drawn: str = vl_convert.vegalite_to_svg(
        {
            "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
            "background": "white",
            "concat": [panel(curve) for curve in curves],
            "columns": ACROSS,
            "config": {"font": "sans-serif", "view": {"stroke": "#ccc"}},
        },
        allowed_base_urls=[],
    )
    return drawn


def panel(curve: Curve) -> dict[str, Any]:
    points = [{"size": size, "seconds": seconds} for size, seconds in zip(curve.sizes, curve.seconds, strict=True)]
    return {
        "title": {"text": f"{curve.what} against {curve.axis}", "subtitle": curve.rest, "anchor": "start"},
        "width": WIDTH,
        "height": HEIGHT,
        "data": {"values": points},
        "mark": {"type": "line", "point": {"color": INK}, "color": INK},
        "encoding": {
            "x": axis("size", curve.axis, curve.sizes),
            "y": axis("seconds", "seconds", curve.seconds),
        },
    }


def axis(field: str, title: str, values: tuple[float, ...]) -> dict[str, Any]:
    """From one power of ten to another."""
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    return {
        "field": field,
        "type": "quantitative",
        "title": title,
        "scale": {"type": "log", "domain": [10**low, 10 ** max(high, low + 1)]},
        "axis": {"values": [10**power for power in range(low, high + 1)], "format": "~g"},
    }
