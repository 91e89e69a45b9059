"""Charts: one meaning for a colour, data in the chart, and pictures that are pictures."""

import json
import re
import struct
from collections.abc import Iterator
from typing import Any

import pytest

from iwscore.render.charts import chart_png, chart_svg, trend_chart
from tests.render.samples import AT, TITLES, banded, trend

SIXTEEN = {f"s{n}": f"Scenario {n}" for n in range(16)}


def found(spec: Any, key: str) -> Iterator[Any]:
    """Yield everything that stands under ``key`` anywhere in the chart."""
    if isinstance(spec, dict):
        yield from (spec[key] for _ in range(key in spec))
        for value in spec.values():
            yield from found(value, key)
    elif isinstance(spec, list):
        for value in spec:
            yield from found(value, key)


def test_a_chart_is_plain_json_and_names_nothing_to_fetch() -> None:
    spec = trend_chart(trend())
    assert json.loads(json.dumps(spec, allow_nan=False)) == spec
    assert list(found(spec, "url")) == []
    assert {name for data in found(spec, "data") for name in data} == {"name", "values"}


def test_the_data_are_those_of_the_trend() -> None:
    answer = trend()
    rows = trend_chart(answer)["datasets"]["likelihoods"]
    assert [row["likelihood"] for row in rows] == answer.likelihood.ravel().tolist()
    assert rows[0]["at"] == answer.times[0] // 1000


def looks(spec: Any, channel: str) -> list[dict[str, Any]]:
    """Return how each layer that shows scenarios encodes them."""
    return [look for look in found(spec, channel) if isinstance(look, dict) and look.get("field") == "scenario"]


def colours(spec: Any) -> dict[str, str]:
    scale = looks(spec, "color")[0]["scale"]
    return dict(zip(scale["domain"], scale["range"], strict=True))


@pytest.mark.parametrize(("answer", "count"), [(trend(), 3), (banded(), 4)], ids=["plain", "bands"])
def test_a_colour_is_the_same_in_every_layer(answer: Any, count: int) -> None:
    layers = looks(trend_chart(answer), "color")
    assert len(layers) == count
    assert all(layer == layers[0] for layer in layers)


def test_a_colour_is_the_scenarios_whatever_its_rank() -> None:
    rising, falling = (
        colours(trend_chart(answer)) for answer in (trend(), trend(likelihood=lambda x: (0.9, 0.04, 0.06)))
    )
    assert list(rising) == ["raid-across-the-river", "calm", "something-else"]
    assert list(falling) == ["calm", "something-else", "raid-across-the-river"]
    assert rising == falling


def test_bands_lie_behind_the_lines() -> None:
    spec = trend_chart(banded())
    marks = [mark["type"] for mark in found(spec, "mark") if isinstance(mark, dict)]
    assert marks.index("area") < marks.index("line")
    row = spec["datasets"]["likelihoods"][0]
    assert row["low"] < row["likelihood"] < row["high"]
    assert spec["title"]["subtitle"][-1] == "Pale: the band from 5 % to 95 % of the draws"
    assert set(trend_chart(trend())["datasets"]["likelihoods"][0]) == {"at", "scenario", "likelihood"}


def test_scenarios_beyond_the_colours_are_told_apart_by_dashes() -> None:
    many = trend_chart(trend(2, titles=SIXTEEN, likelihood=lambda x: (1 / 16,) * 16))
    color, dash = (looks(many, channel)[0]["scale"]["range"] for channel in ("color", "strokeDash"))
    assert len({(hue, tuple(stroke)) for hue, stroke in zip(color, dash, strict=True)}) == 16


@pytest.mark.parametrize(("vintage", "says"), [(False, "2022-10-12 00:00 UTC"), (True, "each time as then known")])
def test_the_heading_says_what_was_asked_and_known(vintage: bool, says: str) -> None:
    spec = trend_chart(trend(vintage=vintage, known_at=AT), title="Will they cross?")
    assert spec["title"]["text"] == "Will they cross?"
    asked, known = spec["title"]["subtitle"]
    assert asked == "Likelihood of each scenario, river, 2022-10-07 00:00 UTC to 2022-10-12 00:00 UTC"
    assert says in known
    assert spec["vconcat"][-1]["data"]["values"] == [{"text": "Catalog 0123456789ab"}]
    assert trend_chart(trend())["title"]["text"] == "river-line"


@pytest.mark.parametrize(
    "answer", [trend(), trend(1, rungs=(), events=()), trend(400, events=tuple((AT, f"S{n}", "x") for n in range(50))),
               banded()],
    ids=["whole", "one time", "long", "bands"],
)  # fmt: skip
def test_pictures(answer: Any) -> None:
    spec = trend_chart(answer)
    svg = chart_svg(spec)
    assert svg.startswith("<svg")
    assert all(title.split(",")[0] in svg for title in TITLES.values())
    wide, tall = map(float, re.findall(r'<svg[^>]*width="([\d.]+)" height="([\d.]+)"', svg)[0])
    png = chart_png(spec)
    assert png.startswith(b"\x89PNG")
    assert struct.unpack(">II", png[16:24]) == pytest.approx((2 * wide, 2 * tall), abs=2)


def test_the_same_trend_gives_the_same_picture() -> None:
    assert chart_png(trend_chart(trend())) == chart_png(trend_chart(trend()))


@pytest.mark.parametrize("answer", [trend(), banded()], ids=["plain", "bands"])
def test_vega_lite_finds_nothing_to_warn_of(answer: Any, capfd: pytest.CaptureFixture[str]) -> None:
    import vl_convert

    vl_convert.vegalite_to_vega(trend_chart(answer), vl_version="5.21", show_warnings=True)
    assert capfd.readouterr() == ("", "")
