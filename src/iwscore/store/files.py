"""Opening a file of observations and choosing who reads it.

Here belong suffixes and what the disk refuses. The formats belong to their readers: ``store.comma_rows``,
``store.json_lines`` and ``store.parquet_columns``.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from iwscore.errors import QuestionError, Unreachable
from iwscore.store.comma_rows import read_comma_rows
from iwscore.store.json_lines import read_json_lines
from iwscore.store.parquet_columns import read_parquet_columns
from iwscore.store.tables import Table
from iwscore.store.wordings import WORDINGS

__all__ = ["read_content", "read_table"]

_READERS: dict[str, Callable[[str, bytes], Table]] = {
    ".csv": read_comma_rows,
    ".jsonl": read_json_lines,
    ".ndjson": read_json_lines,
    ".parquet": read_parquet_columns,
}


def read_table(path: Path) -> Table:
    """Return the file's columns, read as its suffix says, whatever its case.

    Raises
    ------
    QuestionError
        If the suffix is none that is read.
    Unreachable
        If there is no such file or it may not be read.
    """
    what, must, remedy = WORDINGS["IW300"]
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise QuestionError("IW300", what, str(path), must, remedy)
    return reader(str(path), read_content(path))


def read_content(path: Path) -> bytes:
    """Return the bytes of a file.

    Raises
    ------
    Unreachable
        If there is no such file or it may not be read.
    """
    try:
        if path.exists() and not path.is_file():
            raise OSError(0, "not a regular file")
        return path.read_bytes()
    except OSError as error:
        what, must, remedy = WORDINGS["IW301"]
        raise Unreachable("IW301", what, f"{path}: {error.strerror}", must, remedy) from error
