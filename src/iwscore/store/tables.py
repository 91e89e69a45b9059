"""A file as columns, before anything in it is judged, and the judgement of its header.

Here belong the names a header may have and the bundle that each format's reader delivers. What the cells mean
belongs to ``store.rows``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from iwscore.domain.observations import COLUMNS
from iwscore.errors import Fault, nearest
from iwscore.store.wordings import row_fault

__all__ = ["ACCEPTED", "REASONS", "Table", "faulty_table", "first_misspelt", "is_utf8", "settle_header"]

REASONS = ("file", "row", "codes", "columns", "reasons")  # what a file of rejects says ahead of its cells
_EXPORTED = ("id", "recorded_at", "known_from", "author")
ACCEPTED = (*COLUMNS, *_EXPORTED)
_REQUIRED = ("observed_at", "indicator", "source", "grade")
_NOT_GIVEN = "every row needs it"
_NEITHER = "a file needs level or value"


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Columns of N rows as read.

    Attributes
    ----------
    rows
        Place of each row in the file, as a reader counts. Shape (N,).
    columns
        Arrow arrays of N cells by name: dictionary-encoded text, or times and numbers where the format has types.
    spoilt
        Row and column of cells that are at fault already and were left null; row 0 for a whole column.
    optional_cells
        Whether the format leaves cells out, so that an absent column means blank cells.
    lost
        Whether some rows could not be split into cells and are not here.
    """

    file: str
    rows: NDArray[np.int64]
    columns: Mapping[str, Any]
    faults: Sequence[Fault] = ()
    spoilt: Set[tuple[int, str]] = frozenset()
    optional_cells: bool = False
    lost: bool = False

    def has(self, name: str) -> bool:
        """Return whether a blank cell in this column is a fault of its row rather than of the header."""
        return self.optional_cells or name in self.columns

    def dropped(self, name: str) -> bool:
        """Return whether the column was left out because of its type."""
        return (0, name) in self.spoilt


def faulty_table(file: str, faults: Sequence[Fault]) -> Table:
    """Return a table without rows for a file that cannot be split into rows."""
    return Table(file, np.zeros(0, dtype=np.int64), {}, faults, lost=True)


def settle_header(file: str, row: int, names: Sequence[str]) -> tuple[dict[str, int], list[Fault]]:
    """Return where each accepted column stands, and what is wrong with the header in ``row``.

    The reasons ahead of the cells in a file of rejects are passed over, so that it can be mended and read again.
    """
    if len(names) == 1 and (";" in names[0] or "\t" in names[0]):
        return {}, [row_fault(file, row, "IW305", "", names[0], nearest="Separate the columns by commas.")]
    places: dict[str, int] = {}
    faults = []
    first = len(REASONS) if tuple(names[: len(REASONS)]) == REASONS else 0
    for place, name in enumerate(names[first:], first):
        if name not in ACCEPTED:
            label = name or f"column {place + 1}, which has no name"
            faults.append(row_fault(file, row, "IW305", "", label, nearest=nearest(name, ACCEPTED)))
        elif name in places:
            faults.append(row_fault(file, row, "IW307", name, name))
        else:
            places[name] = place
    faults += [row_fault(file, row, "IW306", c, c, must=_NOT_GIVEN) for c in _REQUIRED if c not in places]
    if not {"level", "value"} & places.keys():
        faults.append(row_fault(file, row, "IW306", "level", "level or value", must=_NEITHER))
    return places, faults


def is_utf8(text: bytes) -> bool:
    """Return whether the bytes are UTF-8, without making a copy of them."""
    ends = pa.py_buffer(np.array([0, len(text)], dtype=np.int64))
    try:
        pa.Array.from_buffers(pa.large_string(), 1, [None, ends, pa.py_buffer(text)]).validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def first_misspelt(text: bytes) -> str:
    """Return the first byte that is not UTF-8, as people write bytes; "" where all is well."""
    try:
        text.decode()
    except UnicodeDecodeError as error:
        return f"byte {text[error.start]:#04x}"
    return ""
