"""What rows say of one another in a large input: the few that matter are found, and by their content."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from iwscore.domain.catalogs import Catalog
from iwscore.store import links
from iwscore.store.links import Links, find_links
from iwscore.store.parquet_batches import ParquetInput
from tests.store.sheets import CORRECTION, FULL, RETRACTION, Row, as_parquet, sound


def found(folder: Path, catalog: Catalog, rows: Sequence[Row], room: int = 100) -> Links:
    path = folder / "rows.parquet"
    path.write_bytes(as_parquet(rows))
    return find_links(ParquetInput(path, (path,), rows=2), catalog, room)


def test_rows_that_say_nothing_of_others_have_no_links(tmp_path: Path, catalog: Catalog) -> None:
    linked = found(tmp_path, catalog, [sound(), FULL, sound(external_id="r-2")])
    assert (linked.until, linked.faults) == ({}, ())
    assert linked.candidates(np.array([1, 2])).tolist() == []


def test_a_row_stands_until_it_is_corrected(tmp_path: Path, catalog: Catalog) -> None:
    linked = found(tmp_path, catalog, [FULL, sound(), FULL, CORRECTION, {**RETRACTION, "known_from": "2022-11-01"}])
    assert len(linked.until) == 2
    assert linked.candidates(np.array([0, int(linked.observed[0])])).tolist() == [1]


@pytest.mark.parametrize("room", [1, 100])
def test_one_id_for_two_contents_is_a_fault_of_each_row_but_the_first(
    tmp_path: Path, catalog: Catalog, room: int
) -> None:
    rows = [sound(external_id=f"x-{number % 2}", note=str(number // 4)) for number in range(8)]
    assert [fault.line for fault in found(tmp_path, catalog, rows, room).faults] == [5, 6, 7, 8]


def test_of_very_many_faults_the_first_are_enough(
    tmp_path: Path, catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(links, "MOST_DIFFERING", 3)
    rows = [sound(external_id="x", note=str(number)) for number in range(9)]
    assert [fault.line for fault in found(tmp_path, catalog, rows).faults] == [2, 3]
