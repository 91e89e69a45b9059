"""The folder of a catalog: which files are read, and which only lie there.

Here belongs the walk over the three folders. What a file says belongs to ``yamls`` and ``shapes``.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel

from iwscore.catalog.codes import CODES
from iwscore.catalog.documents import IndicatorsFile, ProblemFile, SourcesFile
from iwscore.catalog.shapes import check_shape
from iwscore.catalog.sheets import Sheet
from iwscore.catalog.yamls import MOST_BYTES, read_text
from iwscore.errors import Unreachable

__all__ = ["DOCUMENTS", "Folder", "read_file", "read_folder"]

DOCUMENTS: dict[str, type[BaseModel]] = {
    "indicators": IndicatorsFile,
    "scenarios": ProblemFile,
    "sources": SourcesFile,
}


@dataclass(frozen=True, slots=True)
class Folder:
    """The sheets of each of the three folders, and the names of what was not read there."""

    indicators: tuple[Sheet, ...]
    scenarios: tuple[Sheet, ...]
    sources: tuple[Sheet, ...]
    strays: tuple[str, ...] = ()

    @property
    def sheets(self) -> tuple[Sheet, ...]:
        """All of them."""
        return self.indicators + self.scenarios + self.sources


def read_folder(folder: Path) -> Folder:
    """Return every ``*.yaml`` of the three folders as a sheet with the faults of its shape.

    Raises
    ------
    Unreachable
        If there is no such folder, or it holds none of the three.
    """
    try:
        entries = _entries(folder)
    except OSError as error:
        raise _unreachable("IW200", folder) from error
    if not entries:
        raise _unreachable("IW201", folder)
    sheets: dict[str, tuple[Sheet, ...]] = {}
    strays: list[str] = []
    for name, document in DOCUMENTS.items():
        lying = entries.get(name, [])
        read = [entry for entry in lying if entry.suffix == ".yaml" and entry.is_file()]
        strays += [entry.as_posix() for entry in lying if entry not in read]
        sheets[name] = tuple(read_file(path, document) for path in read)
    return Folder(**sheets, strays=tuple(strays))


def _entries(folder: Path) -> dict[str, list[Path]]:
    return {path.name: _shown(path) for path in folder.iterdir() if path.name in DOCUMENTS and path.is_dir()}


def _shown(folder: Path) -> list[Path]:
    """Return what lies in a folder, without what a shell's ``*`` leaves out too."""
    return sorted(path for path in folder.iterdir() if not path.name.startswith("."))


def _unreachable(code: str, folder: Path) -> Unreachable:
    what, must, remedy = CODES[code]
    return Unreachable(code, what, folder.as_posix(), must, remedy)


def read_file(path: Path, document: type[BaseModel]) -> Sheet:
    """Return one file as a sheet with the faults of its shape."""
    try:
        with path.open("rb") as stream:
            content = stream.read(MOST_BYTES + 1)
    except OSError as error:
        sheet = Sheet(path.as_posix())
        sheet.fault("IW101", (), value=error.strerror)
        return sheet
    sheet = read_text(content, path.as_posix())
    if sheet.tree is not None:
        check_shape(sheet, document)
    return sheet
