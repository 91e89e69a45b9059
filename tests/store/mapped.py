"""Foreign files written, read by a mapping, and shown as their rows."""

import textwrap
from pathlib import Path

import numpy as np
import pyarrow as pa

from iwscore.catalog import load_mapping
from iwscore.domain.mappings import Mapping
from iwscore.store.cells import Cells, read_cells
from iwscore.store.foreign import read_mapped
from iwscore.store.tables import Table
from iwscore.store.terms import Term
from iwscore.store.verdicts import Verdicts

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "examples" / "mappings"


def mapping_of(folder: Path, text: str) -> Mapping:
    """Return the mapping that a text holds."""
    path = folder / "mapping.yaml"
    path.write_text(textwrap.dedent(text), encoding="utf-8")
    return load_mapping(path)


def read(folder: Path, mapping: Mapping | str, content: str | bytes, name: str = "feed.csv") -> Table:
    """Return the table of a foreign file with that content."""
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else textwrap.dedent(content).encode())
    return read_mapped(path, mapping if isinstance(mapping, Mapping) else mapping_of(folder, mapping))


def shown(table: Table, *names: str) -> list[tuple[object, ...]]:
    """Return the row number and these columns of each row; times without what they have in common."""
    columns = [table.columns[name] for name in names]
    cells = [
        [time and time.isoformat().removesuffix("+00:00").removesuffix("T00:00:00") for time in column.to_pylist()]
        if pa.types.is_timestamp(column.type)
        else column.to_pylist()
        for column in columns
    ]
    return list(zip(table.rows.tolist(), *cells, strict=True))


def told(table: Table) -> list[str]:
    """Return the faults without the folder."""
    return [str(fault).rpartition("/")[2] for fault in table.faults]


def column(*texts: str) -> Cells:
    """Return the texts as a column of cells."""
    words = pa.array(texts, pa.string()).dictionary_encode()
    table = Table("feed.csv", np.arange(2, len(texts) + 2), {"c": words})
    return read_cells(table, "c", verdicts(len(texts)), coded=False)


def term(*texts: str, field: str = "c") -> Term:
    """Return the texts as a column of the file."""
    return Term.of(column(*texts), field)


def verdicts(rows: int) -> Verdicts:
    """Return verdicts on that many rows, none at fault so far."""
    return Verdicts("feed.csv", np.arange(2, rows + 2), [], np.zeros(rows, dtype=bool))


def everything(rows: int) -> np.ndarray:
    """Return that all rows are meant."""
    return np.ones(rows, dtype=bool)
