"""One file of a catalog: its tree, where each part of it stands, and what is wrong with it.

Here belong places and the collecting of faults. How text becomes a tree belongs to ``yamls``, what a tree must look
like to ``shapes``.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeVar

from pydantic import BaseModel

from iwscore.catalog.codes import CODES
from iwscore.catalog.scalars import show
from iwscore.errors import Fault

__all__ = ["Path", "Sheet", "Spot"]

Path = tuple[str | int, ...]
Spot = tuple[int, int]
Part = TypeVar("Part", bound=BaseModel)


@dataclass(slots=True, eq=False)
class Sheet:
    """A file as a tree of dicts, lists and scalars.

    Attributes
    ----------
    file
        Its name as messages show it.
    tree
        What it holds; None where it could not be read.
    values, keys
        Line and column, from 1, of each value and each key, by the path that leads to it.
    faults
        What is wrong, as found.
    broken
        Paths whose value could not be read; nothing more is said of them.
    marred
        Paths that have a fault at or below them.
    """

    file: str
    tree: object = None
    values: dict[Path, Spot] = field(default_factory=dict)
    keys: dict[Path, Spot] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    broken: set[Path] = field(default_factory=set)
    marred: set[Path] = field(default_factory=set)

    def fault(
        self, code: str, path: Path, *, value: object = "", key: bool = False, spot: Spot | None = None, **words: object
    ) -> None:
        """Add an error at the value (or the key) that ``path`` leads to; ``words`` fill the places of its text."""
        what, must, remedy = (part.format(**words) for part in CODES[code])
        line, column = spot or self.spot(path, key=key)
        shown = None if value == "" else show(value)
        self.faults.append(Fault(self.file, line, column, code, what, shown, must, remedy))
        self.marred.update(path[:length] for length in range(len(path) + 1))

    def spot(self, path: Path, *, key: bool = False) -> Spot:
        """Return where the value (or the key) stands; of what is not there, where the nearest part around it does."""
        first, second = (self.keys, self.values) if key else (self.values, self.keys)
        for length in range(len(path), -1, -1):
            spot = first.get(path[:length]) or second.get(path[:length])
            if spot:
                return spot
        return (1, 1)

    def at(self, *path: str | int) -> object:
        """Return the value at a path, None where there is none."""
        node = self.tree
        for part in path:
            if isinstance(node, dict):
                node = node.get(part)
            elif isinstance(node, list) and isinstance(part, int) and part < len(node):
                node = node[part]
            else:
                return None
        return node

    def entries(self, *path: str | int) -> Iterator[tuple[str, Path]]:
        """Yield key and path of each entry of the mapping at a path; nothing where there is none."""
        node = self.at(*path)
        if isinstance(node, dict):
            yield from ((key, (*path, key)) for key in node)

    def items(self, *path: str | int) -> Iterator[tuple[object, Path]]:
        """Yield value and path of each item of the list at a path; nothing where there is none."""
        node = self.at(*path)
        if isinstance(node, list):
            yield from ((item, (*path, place)) for place, item in enumerate(node))

    def number(self, *path: str | int) -> float:
        """Return the number at a path, NaN where there is none."""
        value = self.at(*path)
        return float(value) if isinstance(value, int | float) else math.nan

    def sound(self, *path: str | int) -> bool:
        """Return whether something stands at a path and nothing at or below it has a fault so far."""
        return path not in self.marred and self.at(*path) is not None

    def read(self, model: type[Part], *path: str | int) -> Part | None:
        """Return the part at a path as its document, None where it is not sound."""
        return model.model_validate(self.at(*path)) if self.sound(*path) else None
