"""Rows of several batches taken together keep their places and share their texts."""

from pathlib import Path

import numpy as np

from iwscore.domain.catalogs import Catalog
from iwscore.store.judging import joined, judged
from iwscore.store.parquet_batches import ParquetInput
from tests.store.sheets import FULL, as_parquet, sound


def test_rows_are_numbered_as_in_their_file_and_joined_with_one_set_of_texts(tmp_path: Path, catalog: Catalog) -> None:
    path = tmp_path / "rows.parquet"
    path.write_bytes(as_parquet([sound(), FULL, sound(grade="Z"), FULL]))
    batches = list(ParquetInput(path, (path,), rows=2).batches())
    parts = [judged(batches[0], catalog), judged(batches[1], catalog, np.array([1])), judged(batches[1], catalog)]
    whole = joined([rows for rows, _ in parts])
    assert whole.number.tolist() == [1, 2, 4, 3, 4]
    ids = whole.cells["external_id"]
    assert (ids.codes.tolist(), ids.texts) == ([0, 1, 1, 0, 1], ["", "r-1"])
    assert [[fault.line for fault in verdicts.faults] for _, verdicts in parts] == [[], [], [3]]
    assert whole.clocks.known_from[1] == whole.clocks.known_from[2] == whole.clocks.known_from[4]
