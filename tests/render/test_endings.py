"""Endings: no label covers another, and each stands near the end of its line."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iwscore.render.endings import chart_height, endings, spread
from tests.render.samples import trend

APART = 3


@given(st.lists(st.tuples(st.floats(0, 300), st.sampled_from([13, 26, 39])), min_size=1, max_size=7))
def test_labels_never_meet_and_stay_on_the_chart(labels: list[tuple[float, int]]) -> None:
    labels.sort()
    wanted, heights = [w for w, _ in labels], [h for _, h in labels]
    placed = spread(wanted, heights, 300)
    edges = list(zip(placed, heights, strict=True))
    for (above, tall), (below, high) in pairwise(edges):
        assert below - above >= (tall + high) / 2 + APART - 1e-9
    assert placed[-1] <= 300 - heights[-1] / 2


def test_labels_far_apart_stay_where_their_lines_end() -> None:
    assert spread([20, 100, 200], [13, 13, 13], 300) == [20, 100, 200]


def test_the_labels_name_the_last_likelihoods_from_the_top() -> None:
    rows = endings(trend())
    assert [row["scenario"] for row in rows] == ["raid-across-the-river", "calm", "something-else"]
    assert rows[0]["label"] == ["85.0 % A raid across the river, by night", "or in fog, by irregulars"]
    assert [row["likelihood"] for row in rows] == pytest.approx([0.85, 0.1, 0.05])
    assert rows[0]["place"] > rows[1]["place"] > rows[2]["place"]


def test_many_labels_make_a_taller_chart() -> None:
    titles = {f"s{n}": f"Scenario {n}" for n in range(40)}
    assert chart_height(trend(2, titles=titles, likelihood=lambda x: (1 / 40,) * 40)) == 40 * (13 + APART)
