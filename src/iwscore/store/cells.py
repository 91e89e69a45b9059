"""Columns of text as codes into distinct texts, with what is wrong in them marked.

Here belongs what holds for every cell: white space, NUL, length. What a column's text means belongs to
``store.clocks`` and ``store.rows``.

White space alone is a blank cell. Around a name, a grade or another code it is a fault, as two names could look
the same; around times, numbers and free text it is dropped.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from iwscore.store.tables import Table, first_misspelt
from iwscore.store.verdicts import Verdicts

__all__ = ["MOST_CHARACTERS", "Cells", "is_plain", "read_cells", "spoilt_cells"]

MOST_CHARACTERS = 100_000
# Anything but a letter, digit or sign of ASCII at either end, and NUL anywhere.
_EDGES = r"\A[^!-~]|[^!-~]\z|\x00"
_CODES = (
    "id",
    "indicator",
    "level",
    "source",
    "grade",
    "subject",
    "origin",
    "external_id",
    "marking",
    "kind",
    "target",
)


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """N cells of text: ``codes`` (N,) point into ``texts``, whose first is "", the blank cell.

    ``bad`` (N,) marks cells that are at fault: nothing more is to be said of them.
    """

    codes: NDArray[np.int32]
    texts: Sequence[str]
    bad: NDArray[np.bool_]

    @property
    def given(self) -> NDArray[np.bool_]:
        """Which cells hold something, were it at fault. Shape (N,)."""
        given: NDArray[np.bool_] = (self.codes != 0) | self.bad
        return given

    @property
    def sound(self) -> NDArray[np.bool_]:
        """Which cells hold something that is not at fault yet. Shape (N,)."""
        sound: NDArray[np.bool_] = (self.codes != 0) & ~self.bad
        return sound

    def which(self, holds: Callable[[str], bool]) -> NDArray[np.bool_]:
        """Return which sound cells hold a text of which that holds. Shape (N,)."""
        held = np.array([text != "" and holds(text) for text in self.texts], dtype=bool)
        which: NDArray[np.bool_] = held[self.codes] & ~self.bad
        return which

    def text(self, row: int) -> str:
        """Return the text in one row."""
        return self.texts[int(self.codes[row])]

    def blanked(self, where: NDArray[np.bool_]) -> Cells:
        """Return the cells with those at ``where`` blank."""
        return Cells(np.where(where, np.int32(0), self.codes), self.texts, self.bad & ~where)

    def filled(self, where: NDArray[np.bool_], text: str) -> Cells:
        """Return the cells with that text in those at ``where``."""
        return Cells(np.where(where, np.int32(len(self.texts)), self.codes), [*self.texts, text], self.bad)

    def objects(self, rows: NDArray[np.int64]) -> NDArray[Any]:
        """Return the texts of these rows as an object array."""
        return np.array(self.texts, dtype=object)[self.codes[rows]]


def read_cells(table: Table, name: str, verdicts: Verdicts, *, coded: bool | None = None) -> Cells:
    """Return a column's cells, all blank where the table has no such column.

    ``coded`` says whether white space around its texts is a fault; left out, its name does.
    """
    coded = name in _CODES if coded is None else coded
    bad = spoilt_cells(table, name)
    if name not in table.columns:
        return Cells(np.zeros(len(table.rows), dtype=np.int32), [""], bad)
    column = table.columns[name]
    codes = column.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int32) + np.int32(1)
    texts, misspelt = _decode(column.dictionary)
    if "" in texts:
        codes[codes == texts.index("") + 1] = 0
    raw = Cells(codes, ["", *texts], bad)
    if not any(misspelt) and is_plain(column.dictionary):
        return raw
    return _trimmed(_condemned(raw, [False, *misspelt], "IW303", name, verdicts), name, verdicts, coded=coded)


def spoilt_cells(table: Table, name: str) -> NDArray[np.bool_]:
    """Return which cells of a column its reader has found at fault already. Shape (N,)."""
    rows = [row for row, field in table.spoilt if row and field == name]
    return np.isin(table.rows, np.array(rows, dtype=np.int64))


def _decode(words: Any) -> tuple[list[str], list[bool]]:
    """Return the distinct texts of an Arrow dictionary, and which of them are not UTF-8."""
    try:
        texts: list[str] = words.cast(pa.large_string()).to_pylist()
    except pa.ArrowInvalid:
        spelt = [(word.decode(errors="replace"), first_misspelt(word) != "") for word in words.to_pylist()]
        return [text for text, _ in spelt], [wrong for _, wrong in spelt]
    return texts, [False] * len(texts)


def is_plain(words: Any) -> bool:
    """Return whether Arrow, which is faster, sees at once that nothing is to be trimmed or noted."""
    try:
        words = words.cast(pa.large_binary()).cast(pa.large_string())
    except pa.ArrowInvalid:
        return False
    noted = pc.or_(pc.match_substring_regex(words, _EDGES), pc.greater(pc.binary_length(words), MOST_CHARACTERS))
    return not pc.any(noted).as_py()


def _trimmed(raw: Cells, name: str, verdicts: Verdicts, *, coded: bool) -> Cells:
    """Return the cells without white space around them, after noting what no cell may hold."""
    raw = _condemned(raw, ["\0" in text for text in raw.texts], "IW312", name, verdicts)
    raw = _condemned(raw, [len(text) > MOST_CHARACTERS for text in raw.texts], "IW313", name, verdicts)
    texts = [text.strip() for text in raw.texts]
    blank = np.array([not text for text in texts])
    cells = Cells(np.where(blank[raw.codes], np.int32(0), raw.codes), raw.texts, raw.bad)
    if coded:
        padded = [text != before for text, before in zip(texts, raw.texts, strict=True)]
        cells = _condemned(cells, padded, "IW314", name, verdicts)
    return Cells(cells.codes, texts, cells.bad)


def _condemned(cells: Cells, wrong: Sequence[bool], code: str, name: str, verdicts: Verdicts) -> Cells:
    """Return the cells with those marked bad whose text is wrong, once the fault is noted."""
    if not any(wrong):
        return cells
    where = np.array(wrong, dtype=bool)[cells.codes] & ~cells.bad
    long = {"length": lambda row: len(cells.text(row)), "most": MOST_CHARACTERS} if code == "IW313" else {}
    verdicts.against(where, code, name, cells.text, **long)
    return Cells(cells.codes, cells.texts, cells.bad | where)
