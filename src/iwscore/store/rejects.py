"""Rows that were not taken, with why: a CSV to mend and import again.

Here belongs its form. Which rows are rejected belongs to ``services.intakes``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pyarrow as pa

from iwscore.errors import Fault, Unreachable
from iwscore.store.parts import refusing_disk
from iwscore.store.spreadsheets import comma_lines
from iwscore.store.tables import ACCEPTED, REASONS

__all__ = ["RejectFile", "rejects_at"]

_SCHEMA = pa.schema([(name, pa.int64() if name == "row" else pa.string()) for name in (*REASONS, *ACCEPTED)])
_HEADER = comma_lines(_SCHEMA.empty_table(), header=True)


class RejectFile:
    """An open file of rejects."""

    def __init__(self, file: IO[bytes], path: Path) -> None:
        self._file, self._path = file, path

    def put(self, rows: Iterable[tuple[str, int, Sequence[Fault], Mapping[str, str]]]) -> None:
        """Write rows: file, place in it, faults, and cells as far as they could be told apart."""
        made = [_row(*row) for row in rows]
        with refusing_disk(self._path):
            self._file.write(comma_lines(pa.Table.from_pylist(made, _SCHEMA), header=False))


@contextmanager
def rejects_at(path: Path) -> Iterator[RejectFile]:
    """Lend a file of rejects at ``path``, which holds the header alone where nothing is rejected.

    Raises
    ------
    Unreachable
        IW403 where another kind of file is there: it could be what is imported, or the log. IW402 where none can be.
    """
    with refusing_disk(path):
        if not _free(path):
            raise Unreachable(
                "IW403", "file is there already", str(path), "must be a new file, or one of rejects",
                "Name another file.",
            )  # fmt: skip
        file = path.open("wb")
    with file:
        rejects = RejectFile(file, path)
        with refusing_disk(path):
            file.write(_HEADER)
        yield rejects


def _free(path: Path) -> bool:
    """Return whether nothing but earlier rejects is lost at ``path``."""
    if not path.is_file():
        return True
    with path.open("rb") as file:
        return file.read(len(_HEADER)) in (b"", _HEADER)


def _row(file: str, row: int, faults: Sequence[Fault], cells: Mapping[str, str]) -> dict[str, str | int]:
    why: dict[str, str | int] = {
        "file": file,
        "row": row,
        "codes": " ".join(fault.code for fault in faults),
        "columns": " ".join(dict.fromkeys(fault.field for fault in faults if fault.field)),
        "reasons": " | ".join(str(fault).removeprefix(f"{fault.where}: ") for fault in faults),
    }
    return why | dict(cells)
