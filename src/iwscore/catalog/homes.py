"""Where each id of a catalog stands: who took it first, and which names there are.

Here belong the lists of names across files. What the names stand for belongs to the modules of their nouns.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from iwscore.catalog.sheets import Path, Sheet
from iwscore.errors import nearest

__all__ = ["Homes"]


@dataclass(slots=True, eq=False)
class Homes:
    """The ids of one kind, each with the sheet and path of what it names.

    ``complete`` is False where a file or an id could not be read: a name that is not here may then be that one.
    """

    kind: str
    complete: bool = True
    places: dict[str, tuple[Sheet, Path]] = field(default_factory=dict)

    @classmethod
    def of(cls, kind: str, sheets: Iterable[Sheet]) -> Homes:
        """Return an empty list of names for what these sheets hold under the key ``kind``."""
        trees = [sheet.tree for sheet in sheets]
        return cls(kind, all(isinstance(tree, dict) and isinstance(tree.get(kind, []), list) for tree in trees))

    def enter(self, sheet: Sheet, path: Path) -> str:
        """Return the id of what stands at ``path`` and note it; "" where it has none or a taken one."""
        name = sheet.at(*path, "id")
        if not isinstance(name, str):
            self.complete = False
            return ""
        if name in self.places:
            home, inside = self.places[name]
            first = ":".join(map(str, (home.file, *home.spot((*inside, "id")))))
            sheet.fault("IW202", (*path, "id"), value=name, kind=self.kind, first=first)
            return ""
        self.places[name] = (sheet, path)
        return name

    def look_up(self, code: str, sheet: Sheet, path: Path, name: str, *, key: bool = False) -> bool:
        """Return whether there is such a name, and add a fault with the nearest one where there is none."""
        if name in self.places:
            return True
        if self.complete:
            sheet.fault(code, path, value=name, key=key, nearest=nearest(name[:80], self.places))
        return False
