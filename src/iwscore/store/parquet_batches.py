"""Parquet files, and folders of them, batch by batch: memory does not grow with the file.

Here belong which files make up what was asked for, and the columns that folders named ``column=value`` stand for.
Types of columns belong to ``store.parquet_columns``.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pyarrow as pa
from pyarrow import parquet, types

from iwscore.errors import Fault, QuestionError, Unreachable
from iwscore.store.parquet_columns import said_of
from iwscore.store.parts import digest_of_file
from iwscore.store.wordings import WORDINGS

__all__ = ["Batch", "DamagedFile", "ParquetInput", "parquet_input", "unreachable"]

_ROWS = 1 << 16  # at once: the columns stay in the processor's cache
_FRUGAL = {"buffer_size": 1 << 20, "pre_buffer": False}  # no column of a row group is held whole
_PARQUET = ".parquet"
_NOBODY = "__HIVE_DEFAULT_PARTITION__"  # how others name a folder of blank cells


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """Some rows of a file as Arrow columns.

    ``before`` rows of the file come before them, and ``ahead`` rows of other files before that file's.
    """

    file: str
    ahead: int
    before: int
    cells: Any


@dataclass(frozen=True, slots=True)
class ParquetInput:
    """The files that make up what was asked for, in the order of their names; a file alone is one."""

    root: Path
    files: tuple[Path, ...]
    rows: int = _ROWS  # in a batch

    def digest(self) -> str:
        """Return the SHA-256 of a file alone; of a folder, one over the names of its files and their digests."""
        if self.files == (self.root,):
            return digest_of_file(self.root)
        lines = (f"{file.relative_to(self.root).as_posix()}\0{digest_of_file(file)}\n" for file in self.files)
        return hashlib.sha256("".join(lines).encode()).hexdigest()

    def batches(self, columns: Sequence[str] | None = None) -> Iterator[Batch]:
        """Yield the rows, of each file at least one batch, were it empty; of some columns only where they are named.

        Raises
        ------
        DamagedFile
            If one of them is no whole Parquet file.
        Unreachable
            If one of them cannot be opened.
        """
        ahead = 0
        for path in self.files:
            before = 0
            for cells in _batches(path, columns, self.rows):
                yield Batch(str(path), ahead, before, _with(cells, _folders_say(path, self.root), columns))
                before += cells.num_rows
            ahead += before


class DamagedFile(Exception):
    """A file that is no whole Parquet file; ``fault`` says why."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        super().__init__(str(fault))


def parquet_input(path: Path) -> ParquetInput | None:
    """Return the Parquet files at a path, None where a file of another format is.

    Files and folders whose names begin with a dot or an underscore are passed over: tools leave their own there.

    Raises
    ------
    QuestionError
        IW540 where a folder holds files of other kinds, or none.
    Unreachable
        If the folder cannot be read.
    """
    if not path.is_dir():
        return ParquetInput(path, (path,)) if path.suffix.lower() == _PARQUET else None
    files = sorted(_under(path), key=lambda file: file.relative_to(path).parts)
    strange = [file for file in files if file.suffix.lower() != _PARQUET or not file.is_file()]
    if strange or not files:
        found = f"{path}: {strange[0].relative_to(path)}" if strange else str(path)
        raise QuestionError(
            "IW540", "not a folder of Parquet files", found, "must hold .parquet files, and no others",
            "Move the other files elsewhere." if strange else "Name another folder.",
        )  # fmt: skip
    return ParquetInput(path, tuple(files))


def _under(folder: Path) -> Iterator[Path]:
    def refuse(error: OSError) -> None:
        raise unreachable(Path(error.filename or folder), error)

    for place, folders, files in os.walk(folder, onerror=refuse):
        folders[:] = [name for name in folders if name[0] not in "._"]
        # A link to a folder is not gone into: it is named with the strange files, so that nothing is left out unsaid.
        linked = [name for name in folders if (Path(place) / name).is_symlink()]
        yield from (Path(place) / name for name in (*files, *linked) if name[0] not in "._")


def unreachable(path: Path, error: OSError) -> Unreachable:
    """Return the refusal of what the system refuses to open, IW301."""
    what, must, remedy = WORDINGS["IW301"]
    return Unreachable("IW301", what, f"{path}: {error.strerror or error}", must, remedy)


def _folders_say(path: Path, root: Path) -> dict[str, str | None]:
    """Return the columns that the folders between the root and a file stand for."""
    parts = path.relative_to(root).parts[:-1] if path != root else ()
    pairs = (part.partition("=") for part in parts if "=" in part)
    return {name: None if value == _NOBODY else unquote(value) for name, _, value in pairs}


def _batches(path: Path, columns: Sequence[str] | None, rows: int) -> Iterator[Any]:
    """Yield the rows of a file; text comes as places among its distinct texts, which may be many rows in few bytes."""
    try:
        if path.exists() and not path.is_file():
            raise unreachable(path, OSError(0, "not a regular file"))
        with path.open("rb") as file:
            schema = parquet.read_schema(file)
            named = [name for name in schema.names if columns is None or name in columns]
            texts = [name for name in named if _is_text(schema, name)]
        with path.open("rb") as file, parquet.ParquetFile(file, read_dictionary=texts, **_FRUGAL) as opened:
            some = opened.iter_batches(rows, columns=None if columns is None else named, use_threads=False)
            any_yet = False
            for batch in some if named or columns is None else ():
                any_yet = True
                yield batch
            if not any_yet:
                fields = [opened.schema_arrow.field(place) for place in range(len(opened.schema_arrow.names))]
                kept = [field for field in fields if field.name in named]
                yield pa.record_batch([pa.array([], field.type) for field in kept], schema=pa.schema(kept))
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        if isinstance(error, OSError) and error.errno:
            raise unreachable(path, error) from error
        raise DamagedFile(said_of(str(path), error)) from error


def _is_text(schema: Any, name: str) -> bool:
    places = schema.get_all_field_indices(name)
    kind = schema.field(places[0]).type
    return len(places) == 1 and (types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind))


def _with(cells: Any, said: dict[str, str | None], columns: Sequence[str] | None) -> Any:
    """Return the table with what the folders say; where it says so itself too, the column is there twice."""
    for name, text in said.items():
        if columns is None or name in columns:
            words = pa.array([] if text is None else [text], pa.string())
            places = pa.array([None if text is None else 0], pa.int32()).take(
                pa.array([0] * cells.num_rows, pa.int32())
            )
            cells = cells.append_column(name, pa.DictionaryArray.from_arrays(places, words))
    return cells
