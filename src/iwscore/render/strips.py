"""Strips: what runs along the lines of a trend: the signs first heard above them, the rungs below.

Here belong events and rungs. The lines themselves belong to ``charts``.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from iwscore.domain.assessments import Trend
from iwscore.domain.times import to_micros
from iwscore.render.axes import FAINT, INK, SMALL, WIDTH, Spec, fraction, millis, strip_title, time_axis
from iwscore.render.layouts import clean, cut

__all__ = ["event_marks", "event_rules", "event_strip", "rung_spans", "rung_strip"]

_ROW = 13  # pixels
_MOST_ROWS = 20
_BUCKETS = 160
_LETTERS = 56


def event_marks(trend: Trend) -> list[Spec]:
    """Return the marks: one an event, in a row a sign where these are few, else one a stretch of time."""
    signs: dict[tuple[str, str], list[datetime]] = defaultdict(list)
    for at, indicator, level in trend.events:
        signs[indicator, level].append(at)
    return _labelled(trend, signs) if len(signs) <= _MOST_ROWS else _thinned(trend)


def _labelled(trend: Trend, signs: dict[tuple[str, str], list[datetime]]) -> list[Spec]:
    marks: list[Spec] = []
    for row, ((indicator, level), times) in enumerate(signs.items()):
        text = f"{cut(clean(indicator), _LETTERS)}: {level}"
        left = fraction(trend, to_micros(times[0])) > 0.5
        for at in times:
            last = at == (times[0] if left else times[-1])
            side = ("left" if left else "right") if last else ""
            marks.append({"at": millis(to_micros(at)), "row": row, "sign": text, "side": side})
    return marks


def _thinned(trend: Trend) -> list[Spec]:
    counts: dict[int, list[int]] = defaultdict(list)
    for at, _, _ in trend.events:
        micros = to_micros(at)
        counts[int(fraction(trend, micros) * _BUCKETS)].append(micros)
    return [
        {"at": millis(times[0]), "row": 0, "sign": f"{len(times)} first heard", "side": ""}
        for _, times in sorted(counts.items())
    ]


def event_strip(trend: Trend) -> list[Spec]:
    """Return the strip above the lines, or nothing where nothing was first heard."""
    marks = event_marks(trend)
    if not marks:
        return []
    rows = max(mark["row"] for mark in marks) + 1
    y: Spec = {"field": "row", "type": "ordinal", "axis": None, "scale": {"domain": list(range(rows))}}
    where = {"x": time_axis(trend, "at"), "y": y}
    tick = {"type": "tick", "orient": "vertical", "size": _ROW - 4, "thickness": 2, "color": INK, "tooltip": True}
    text = {"type": "text", "baseline": "middle", "fontSize": SMALL, "color": INK}
    layers: list[Spec] = [{"mark": tick, "encoding": where | {"tooltip": {"field": "sign"}}}]
    for side, mark in (("left", {"align": "right", "dx": -6}), ("right", {"align": "left", "dx": 6})):
        keep = [{"filter": f"datum.side == '{side}'"}]
        layers.append({"transform": keep, "mark": text | mark, "encoding": where | {"text": {"field": "sign"}}})
    few = any(mark["side"] for mark in marks)
    title = "Reports first heard, by sign and level" if few else "Reports first heard; near ones share a mark"
    return [
        {
            "title": strip_title(title),
            "data": {"name": "events"},
            "width": WIDTH,
            "height": rows * _ROW,
            "layer": layers,
        }
    ]


def event_rules(trend: Trend) -> list[Spec]:
    """Return faint rules through the lines at the times of few events, else nothing."""
    if not any(mark["side"] for mark in event_marks(trend)):
        return []
    mark = {"type": "rule", "color": FAINT, "strokeWidth": 1, "strokeDash": [2, 2]}
    once = [{"aggregate": [{"op": "count", "as": "marks"}], "groupby": ["at"]}]
    x = time_axis(trend, "at", labelled=True)
    return [{"data": {"name": "events"}, "transform": once, "mark": mark, "encoding": {"x": x}}]


def rung_spans(trend: Trend) -> list[Spec]:
    """Return from when to when the trend stood on which rung; nothing without a ladder."""
    labels = _rung_labels(trend)
    spans: list[Spec] = []
    if not labels:
        return spans
    for micros, place in zip(trend.times.tolist(), trend.rung.tolist(), strict=True):
        if spans:
            spans[-1]["until"] = millis(micros)
        if place >= 0 and (not spans or spans[-1]["rung"] != labels[place]):
            span = {"at": millis(micros), "until": millis(micros), "rung": labels[place], "shade": _shade(trend, place)}
            spans.append(span)
    return spans


def rung_strip(trend: Trend) -> list[Spec]:
    """Return the strip below the lines, a row a rung, or nothing without a ladder."""
    if not trend.rungs:
        return []
    domain = _rung_labels(trend)[::-1]
    axis = {"title": None, "ticks": False, "domain": False, "labelPadding": 6, "labelLimit": 140, "grid": False}
    shade: Spec = {"field": "shade", "type": "nominal", "scale": None, "legend": None}
    # A rung entered at the last time has no length; its stroke shows it all the same.
    mark = {"type": "rect", "strokeWidth": 1.5}
    return [
        {
            "title": strip_title("Rung, each with the sum of adverse likelihoods that raises it"),
            "data": {"name": "rungs"},
            "width": WIDTH,
            "height": len(domain) * (_ROW + 2),
            "mark": mark,
            "encoding": {
                "x": time_axis(trend, "at"),
                "x2": {"field": "until"},
                "y": {"field": "rung", "type": "ordinal", "scale": {"domain": domain, "padding": 0.25}, "axis": axis},
                "fill": shade,
                "stroke": shade,
            },
        }
    ]


def _rung_labels(trend: Trend) -> list[str]:
    return [f"{name}, {100 * raise_at:g} %" if raise_at else name for name, raise_at in trend.rungs]


def _shade(trend: Trend, place: int) -> str:
    """Return a grey, the darker the higher the rung."""
    steps = max(len(trend.rungs) - 1, 1)
    grey = round(0xC8 - (0xC8 - 0x30) * place / steps)
    return f"#{grey:02x}{grey:02x}{grey:02x}"
