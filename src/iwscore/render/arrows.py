"""Arrow: a trend as a stream of columns, for whoever goes on computing with it.

Here belong the columns and their types, which are those of what ``rescore`` writes. Text belongs to ``machines``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from iwscore.domain.assessments import Trend
from iwscore.store.outputs import SCHEMA

__all__ = ["trend_arrow"]

_BAND = [pa.field(end, pa.float64()) for end in ("low", "high")]


def trend_arrow(trend: Trend, said: Mapping[str, str]) -> bytes:
    """Return the rows of the trend's CSV as an Arrow stream; ``said`` goes into the metadata of its schema."""
    answered = ~np.isnan(trend.likelihood)
    place, scenario = np.nonzero(answered)
    rung = trend.rung[place]
    columns = [
        pa.array(trend.times[place], pa.int64()).cast(SCHEMA.field("at").type),
        pa.repeat(trend.subject, len(place)),
        pa.array(trend.scenarios, pa.string()).take(pa.array(scenario)),
        *(_measure(column[answered]) for column in (trend.likelihood, trend.score, trend.against)),
        _measure(trend.coverage[place]),
        pa.array([name for name, _ in trend.rungs], pa.string()).take(pa.array(rung, mask=rung < 0)),
        *(_measure(end[answered]) for end in (trend.low, trend.high) if end is not None),
    ]
    schema = pa.schema([*SCHEMA, *(_BAND if trend.low is not None else ())], metadata=dict(said))
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, schema) as stream:
        stream.write_table(pa.table(columns, schema=schema))
    return bytes(sink.getvalue())


def _measure(values: NDArray[Any]) -> pa.Array:
    """Return numbers in which what the list cannot tell is null."""
    return pa.array(values, mask=np.isnan(values))
