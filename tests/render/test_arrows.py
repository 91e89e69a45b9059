"""A trend as columns: the rows of its CSV, with what the list cannot tell as null."""

import pyarrow as pa
import pytest

from iwscore.domain.assessments import Trend
from iwscore.render.arrows import trend_arrow
from tests.render.samples import banded, trend


@pytest.mark.parametrize("one", [trend(), banded()])
def test_the_columns_are_the_rows(one: Trend) -> None:
    table = pa.ipc.open_stream(trend_arrow(one, {"iwscore": "{}"})).read_all()
    assert table.to_pylist() == list(one.rows())
    assert table.schema.metadata == {b"iwscore": b"{}"}
    assert str(table.schema.field("at").type) == "timestamp[us, tz=UTC]"


def test_without_a_ladder_there_is_no_rung() -> None:
    bare = trend(rung=trend().rung * 0 - 1, rungs=())
    assert set(pa.ipc.open_stream(trend_arrow(bare, {})).read_all()["rung"].to_pylist()) == {None}
