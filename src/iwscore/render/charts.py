"""Charts: a trend as a Vega-Lite specification, a plain dict, and the pictures made of it.

Here belong the lines and how the chart is put together. What runs along them belongs to ``strips``, what stands at
their ends to ``endings``.
"""

from __future__ import annotations

from iwscore.domain.assessments import Trend
from iwscore.domain.times import from_micros
from iwscore.render.axes import INK, PALE, SMALL, WIDTH, Spec, millis, time_axis
from iwscore.render.endings import chart_height, ending_layers, endings, ranked
from iwscore.render.figures import short, time_of
from iwscore.render.layouts import clean
from iwscore.render.strips import event_marks, event_rules, event_strip, rung_spans, rung_strip
from iwscore.render.tables import known_words

__all__ = ["chart_png", "chart_svg", "trend_chart"]

_SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"
_VERSION = "5.21"
# Okabe, M. and Ito, K. (2008). Color Universal Design. Without its yellow, which is lost on white.
_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#000000")
_DASHES = ((1, 0), (6, 3), (2, 2), (8, 3, 2, 3))  # one more for each time the colours are used up
_FONT = "Liberation Sans, Arial, Helvetica, sans-serif"


def trend_chart(trend: Trend, *, title: str | None = None) -> Spec:
    """Return a chart of the likelihoods over time, with the signs first heard above them and the rungs below.

    The data stand in it and nothing is fetched. ``title`` is the problem's; left out, its id.
    """
    heading = _heading(trend, title)
    return {
        "$schema": _SCHEMA,
        "description": f"{heading['text']}. {' '.join(heading['subtitle'])}.",
        "title": heading,
        "data": {"name": "likelihoods"},
        "datasets": {
            "likelihoods": _likelihoods(trend),
            "endings": endings(trend),
            "events": event_marks(trend),
            "rungs": rung_spans(trend),
        },
        "vconcat": [*event_strip(trend), _lines(trend), *rung_strip(trend), _caption(trend)],
        "resolve": {"scale": {"x": "shared"}},
        "spacing": 12,
        "padding": 16,
        "config": _CONFIG,
    }


def chart_svg(spec: Spec) -> str:
    """Return the chart as SVG; the ids of its clip paths may differ from one call to the next."""
    import vl_convert

    return str(vl_convert.vegalite_to_svg(spec, vl_version=_VERSION, allowed_base_urls=[]))


def chart_png(spec: Spec) -> bytes:
    """Return the chart as PNG, twice the size in pixels so that it prints well."""
    import vl_convert

    return bytes(vl_convert.vegalite_to_png(spec, vl_version=_VERSION, scale=2, allowed_base_urls=[]))


def _heading(trend: Trend, title: str | None) -> Spec:
    first, last = (time_of(from_micros(trend.times[t])) for t in (0, -1))
    asked = f"Likelihood of each scenario, {trend.subject}, {first} to {last}"
    bands = [] if trend.low is None else ["Pale: the band from 5 % to 95 % of the draws"]
    return {
        "text": clean(title or trend.problem),
        "subtitle": [clean(asked), f"Known as of: {known_words(trend)}", *bands],
        "anchor": "start",
        "frame": "group",
    }


def _likelihoods(trend: Trend) -> list[Spec]:
    ends = {"likelihood": trend.likelihood, "low": trend.low, "high": trend.high}
    return [
        {
            "at": millis(micros),
            "scenario": scenario,
            **{name: p[t, s].item() for name, p in ends.items() if p is not None},
        }
        for t, micros in enumerate(trend.times.tolist())
        for s, scenario in enumerate(trend.scenarios)
    ]


def _lines(trend: Trend) -> Spec:
    likelihood: Spec = {
        "field": "likelihood",
        "type": "quantitative",
        "title": None,
        "scale": {"domain": [0, 1], "nice": False},
        "axis": {
            "tickCount": 5,
            "labelExpr": "format(100 * datum.value, '.0f') + ' %'",
            "domain": False,
            "ticks": False,
        },
    }
    look = _look(trend)
    # An answer holds until the next: a slope would show a move ahead of the report that caused it.
    line = {"type": "line", "interpolate": "step-after", "strokeWidth": 2, "strokeJoin": "round"}
    x = time_axis(trend, "at", labelled=True)
    return {
        "width": WIDTH,
        "height": chart_height(trend),
        "layer": [
            *event_rules(trend),
            *_bands(trend, x, likelihood, look),
            {"mark": line, "encoding": {"x": x, "y": likelihood, **look}},
            *ending_layers(trend, look, likelihood),
        ],
    }


def _bands(trend: Trend, x: Spec, likelihood: Spec, look: Spec) -> list[Spec]:
    """Return a pale area behind each line from the low to the high end of its band, or nothing without bands."""
    if trend.low is None:
        return []
    area = {"type": "area", "interpolate": "step-after", "opacity": 0.15}
    ends = {"y": likelihood | {"field": "low"}, "y2": {"field": "high"}}
    return [{"mark": area, "encoding": {"x": x, **ends, "color": look["color"]}}]


def _look(trend: Trend) -> Spec:
    """Return the colours, by place in the catalog, and their order in the legend, by the last likelihood."""
    order = ranked(trend)
    domain = [trend.scenarios[s] for s in order]
    legend = {
        "title": None,
        "orient": "top",
        "columns": 3,
        "symbolType": "stroke",
        "symbolOpacity": 1,
        "labelLimit": 260,
    }
    channel = {"field": "scenario", "type": "nominal", "legend": legend}
    colours = [_COLOURS[s % len(_COLOURS)] for s in order]
    look: Spec = {"color": channel | {"scale": {"domain": domain, "range": colours}}}
    if len(order) > len(_COLOURS):
        dashes = [list(_DASHES[s // len(_COLOURS) % len(_DASHES)]) for s in order]
        look["strokeDash"] = channel | {"scale": {"domain": domain, "range": dashes}}
    return look


def _caption(trend: Trend) -> Spec:
    return {
        "data": {"values": [{"text": f"Catalog {short(trend.catalog)}"}]},
        "width": WIDTH,
        "height": SMALL,
        "mark": {"type": "text", "align": "left", "baseline": "top", "fontSize": SMALL, "color": INK},
        "encoding": {"x": {"value": 0}, "y": {"value": 0}, "text": {"field": "text"}},
    }


_CONFIG: Spec = {
    "font": _FONT,
    "background": "white",
    "view": {"stroke": None},
    "axis": {
        "gridColor": PALE,
        "domainColor": "#888888",
        "tickColor": "#888888",
        "labelColor": INK,
        "labelFontSize": 11,
        "labelPadding": 5,
    },
    "legend": {"labelColor": INK, "labelFontSize": 11},
    "title": {"fontSize": 16, "subtitleFontSize": 12, "subtitleColor": INK, "subtitlePadding": 4, "offset": 14},
}
