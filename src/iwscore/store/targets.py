"""What rows say of one another: targets of corrections and retractions, and repeated external_ids.

Here belongs what needs the whole file. What a row says of itself belongs to ``store.rows``.

A target is the digest, the external_id or, in an export, the ``id`` of another row.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Set

import numpy as np
from numpy.typing import NDArray

from iwscore.store.identities import Identities
from iwscore.store.rows import Rows
from iwscore.store.verdicts import Verdicts

__all__ = ["judge_external_ids", "resolve_targets"]

_RETRACTION = 2
_MOST_NAMED = 8


def judge_external_ids(rows: Rows, identities: Identities, verdicts: Verdicts) -> None:
    """Note every row whose external_id an earlier row of the file, by the same author, has with other content."""
    names, authors = rows.cells["external_id"], rows.cells["author"]
    those = np.flatnonzero(names.sound & ~verdicts.bad)
    keys = authors.codes[those].astype(np.int64) * len(names.texts) + names.codes[those]
    _, first, group = np.unique(keys, return_index=True, return_inverse=True)
    earlier = those[first][group]
    differs = identities.place[those] != identities.place[earlier]
    owner = dict(zip(those[differs].tolist(), earlier[differs].tolist(), strict=True))
    where = np.zeros(len(rows.number), dtype=bool)
    where[those[differs]] = True
    verdicts.against(where, "IW337", "external_id", names.text, earlier=lambda row: rows.number[owner[row]])


def resolve_targets(rows: Rows, identities: Identities, verdicts: Verdicts, *, lost: bool) -> NDArray[np.int64]:
    """Return for each of the M distinct rows the place of its target, -1 where it has none. Shape (M,).

    Where rows are ``lost``, one that is not found may be among them: nothing is said of it.
    """
    cells = rows.cells["target"]
    asking = np.flatnonzero(cells.sound & (rows.kind > 0))
    holders = _holders(rows, identities, {cells.text(row) for row in asking.tolist()})
    targets = np.full(len(identities.row), -1, dtype=np.int64)
    found: dict[int, Set[int]] = {}
    for row in asking.tolist():
        own = identities.place[row]
        named = holders[cells.text(row)]
        found[row] = named - {own} or named
        if len(found[row]) == 1:
            (targets[own],) = found[row]
    _judge_found(found, rows, identities, verdicts, lost=lost)
    _judge_circles(targets, rows, identities, verdicts)
    return targets


def _holders(rows: Rows, identities: Identities, wanted: Set[str]) -> Mapping[str, set[int]]:
    """Return for each wanted name the places of the rows that go by it."""
    holders: dict[str, set[int]] = defaultdict(set)
    if not wanted:
        return holders
    for cells in (rows.cells["external_id"], rows.cells["id"]):
        for row in np.flatnonzero(cells.which(wanted.__contains__)).tolist():
            holders[cells.text(row)].add(int(identities.place[row]))
    digests = {name.encode() for name in wanted}
    for place, digest in enumerate(identities.id.tolist()):
        if digest in digests:
            holders[digest.decode()].add(place)
    return holders


def _judge_found(
    found: Mapping[int, Set[int]], rows: Rows, identities: Identities, verdicts: Verdicts, *, lost: bool
) -> None:
    cells = rows.cells["target"]

    def those(code: str) -> NDArray[np.bool_]:
        where = np.zeros(len(rows.number), dtype=bool)
        where[[row for row, places in found.items() if _complaint(places, rows, identities) == code]] = True
        return where

    def numbers(row: int) -> str:
        return _named(sorted(int(rows.number[identities.row[place]]) for place in found[row]))

    if not lost:
        verdicts.against(those("IW333"), "IW333", "target", cells.text)
    verdicts.against(those("IW334"), "IW334", "target", cells.text, rows=numbers)
    verdicts.against(those("IW335"), "IW335", "target", cells.text)


def _complaint(places: Set[int], rows: Rows, identities: Identities) -> str:
    if len(places) != 1:
        return "IW334" if places else "IW333"
    (place,) = places
    return "IW335" if rows.kind[identities.row[place]] == _RETRACTION else ""


def _judge_circles(targets: NDArray[np.int64], rows: Rows, identities: Identities, verdicts: Verdicts) -> None:
    """Note each circle of targets once, at its first row."""
    settled = targets < 0
    for start in np.flatnonzero(~settled).tolist():
        path: dict[int, int] = {}
        place = start
        while not settled[place] and place not in path:
            path[place] = len(path)
            place = int(targets[place])
        circle = list(path)[path[place] :] if place in path else []
        settled[list(path)] = True
        if circle:
            members = sorted(int(identities.row[member]) for member in circle)
            where = np.arange(len(rows.number)) == members[0]
            numbers = _named(rows.number[members].tolist())
            verdicts.against(where, "IW336", "target", rows.cells["target"].text, rows=numbers)


def _named(rows: list[int]) -> str:
    """Return the rows as people name them, the first few of many."""
    shown = ", ".join(map(str, rows[:_MOST_NAMED])) + (", …" if len(rows) > _MOST_NAMED else "")
    return f"rows {shown}" if len(rows) > 1 else f"row {shown}"
