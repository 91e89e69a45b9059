"""Rows as lots, and which of them a catalog has a place for."""

from pathlib import Path

import pytest

from iwscore.domain.catalogs import Catalog
from iwscore.store.judging import judged
from iwscore.store.numbering import numberings
from iwscore.store.parquet_batches import ParquetInput
from iwscore.store.row_lots import Places, lot_of_rows
from tests.store.sheets import MEASURED, Row, as_parquet, sound
from tests.store.test_column_reading import SIGNS


@pytest.mark.parametrize(
    ("row", "stray"),
    [
        (sound(), False),
        (sound(level="unknown"), False),
        (sound(level="brigade"), True),
        (sound(indicator="rumours"), True),
        (sound(source="nobody"), True),
        (sound(origin="nobody"), True),
        (sound(origin="minister"), False),
        ({**MEASURED, "indicator": "flights"}, False),
        (MEASURED, True),
        (sound(indicator="flights"), False),
    ],
)
def test_a_report_without_a_place_is_a_stray(tmp_path: Path, catalog: Catalog, row: Row, stray: bool) -> None:
    signs = catalog.model_copy(update={"indicators": SIGNS})
    path = tmp_path / "rows.parquet"
    path.write_bytes(as_parquet([row]))
    (batch,) = ParquetInput(path, (path,)).batches()
    numbers = numberings(signs)
    lot = lot_of_rows(judged(batch, signs)[0], numbers)
    assert Places(signs, numbers).strays(lot).tolist() == [stray]
    assert numbers["subject"].names[lot["subject"][0]] == "belarus"
