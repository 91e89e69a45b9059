"""Batches judged row by row, and rows of several batches taken together.

Here belongs what the readers that stream share. The judgement itself belongs to ``store.rows``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from iwscore.domain.catalogs import Catalog
from iwscore.store.cells import Cells
from iwscore.store.parquet_batches import Batch
from iwscore.store.parquet_columns import settle_columns
from iwscore.store.rows import Clocks, Rows, judge
from iwscore.store.verdicts import Verdicts

__all__ = ["joined", "judged"]


def judged(batch: Batch, catalog: Catalog, places: NDArray[np.int64] | None = None) -> tuple[Rows, Verdicts]:
    """Return a batch's rows, or those at these places, with all that is wrong with them and with the header."""
    cells = batch.cells if places is None else batch.cells.take(pa.array(places))
    table = settle_columns(batch.file, pa.Table.from_batches([cells]), batch.before)
    if places is not None:
        table = replace(table, rows=batch.before + 1 + places)
    verdicts = Verdicts(table.file, table.rows, list(table.faults), np.zeros(len(table.rows), dtype=np.bool_))
    return judge(table, catalog, verdicts), verdicts


def joined(parts: Sequence[Rows]) -> Rows:
    """Return the rows of all parts, of which there is one at least, one after another."""

    def column(name: str) -> Any:
        return np.concatenate([getattr(part, name) for part in parts])

    def clock(name: str) -> Any:
        return np.concatenate([getattr(part.clocks, name) for part in parts])

    return Rows(
        number=column("number"),
        kind=column("kind"),
        clocks=Clocks(clock("observed_at"), clock("known_from"), clock("reported_at")),
        value=column("value"),
        reliability=column("reliability"),
        credibility=column("credibility"),
        cells={name: _cells([part.cells[name] for part in parts]) for name in parts[0].cells},
    )


def _cells(parts: Sequence[Cells]) -> Cells:
    numbers: dict[str, int] = {"": 0}
    codes = [
        np.array([numbers.setdefault(text, len(numbers)) for text in part.texts], dtype=np.int32)[part.codes]
        for part in parts
    ]
    return Cells(np.concatenate(codes), list(numbers), np.concatenate([part.bad for part in parts]))
