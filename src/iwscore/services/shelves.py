"""Shelves: the reports of a log as columns that grow, a shelf a subject.

Here belongs taking in what is new without copying what is there, and until when each report stands. What a question
makes of a shelf belongs to ``services.inquiries``.

What is marked above the ceiling withdraws what it is about and lies on no shelf: no name of it is known here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from iwscore.core.bundles import NEVER, Ints
from iwscore.domain.columns import Columns
from iwscore.domain.markings import reach_of
from iwscore.domain.observations import Names
from iwscore.services.growing import Growing, Vocabulary
from iwscore.services.links import Links
from iwscore.store.rolls import NO_TARGET
from iwscore.store.tails import NAMED, Piece

__all__ = ["Shelf", "Shelves"]

_RETRACTION, _HIDDEN = 2, -1
_NAMED = tuple(name for name in NAMED if name != "subject")
_NUMBERS: dict[str, str] = {
    "value": "f8",
    "observed_at": "i8",
    "known_from": "i8",
    "reliability": "i1",
    "credibility": "i1",
    "kind": "i1",
}


class Shelf:
    """The observations and corrections about one subject, in the order of recording.

    ``withdrawn`` names the rows that a later entry has withdrawn or replaced, in the order of its coming.
    """

    def __init__(self, subject: str, words: Mapping[str, Vocabulary]) -> None:
        self.subject = subject
        self.withdrawn: list[int] = []
        self._words = words
        kinds = dict.fromkeys(_NAMED, "i4") | _NUMBERS | {"stands_until": "i8"}
        self._rows = Growing(**{name: np.empty(0, dtype=kind) for name, kind in kinds.items()})

    def __len__(self) -> int:
        return len(self._rows)

    def extend(self, piece: Piece) -> None:
        """Add the rows of a piece, all about this subject."""
        self._rows.extend(
            **{name: self._words[name].codes(getattr(piece, name)) for name in _NAMED},
            **{name: getattr(piece, name) for name in _NUMBERS},
            stands_until=np.full(len(piece), NEVER),
        )

    def withdraw(self, row: int, known_from: int) -> bool:
        """Let a row stand until then; return whether that is another time than it was."""
        until = self._rows["stands_until"]
        if until[row] == known_from:
            return False
        until[row] = known_from
        self.withdrawn.append(row)
        return True

    def stands_until(self, rows: Ints) -> Ints:
        """Return until when these rows stand."""
        found: Ints = self._rows["stands_until"][rows]
        return found

    def known_from(self, row: int) -> int:
        """Return from when a row counts as known."""
        return int(self._rows["known_from"][row])

    @property
    def first(self) -> int:
        """The first time at which anything was so, microseconds; there is a row at least."""
        return int(self._rows["observed_at"].min())

    def newest(self, at: int) -> dict[str, int]:
        """Return by indicator the latest ``observed_at`` up to a time, of the reports that stand.

        Those that looked and could not tell are among them.
        """
        names, observed_at = self._words["indicator"].names, self._rows["observed_at"]
        counted = (observed_at <= at) & (self._rows["stands_until"] == NEVER)
        latest = np.full(len(names), -NEVER)
        np.maximum.at(latest, self._rows["indicator"][counted], observed_at[counted])
        return {name: when for name, when in zip(names, latest.tolist(), strict=True) if when > -NEVER}

    def columns(self, first: int = 0) -> Columns:
        """Return the rows from that one on, as a question reads them; names that none of them uses are left out."""
        rows: dict[str, Any] = {name: self._rows[name][first:] for name in (*_NUMBERS, "stands_until")}
        named: dict[str, Any] = {name: self._named(name, first) for name in _NAMED}
        subject = Names(np.zeros(len(self) - first, dtype=np.int32), (self.subject,))
        return Columns(subject=subject, **named, **rows)

    def _named(self, name: str, first: int) -> Names:
        used, codes = np.unique(self._rows[name][first:], return_inverse=True)
        words = self._words[name].names
        return Names(codes.astype(np.int32), tuple(words[code] for code in used.tolist()))


class Shelves:
    """Every report of a log up to a ceiling, by subject; corrections and retractions withdraw what they are about.

    Chains are settled over the whole log: what is hidden withdraws, too.
    """

    def __init__(self, ceiling: str = "red") -> None:
        self._most = reach_of(ceiling)
        self._words = {name: Vocabulary() for name in _NAMED}
        self._subjects = Vocabulary()
        self._shelves: list[Shelf] = []
        self._where = Growing(**{name: np.empty(0, dtype=np.int64) for name in ("seq", "shelf", "row")})
        self._hidden = Growing(known_from=np.empty(0, dtype=np.int64))
        self._links = Links()

    @property
    def names(self) -> tuple[str, ...]:
        """The subjects that are reported on, sorted."""
        return tuple(sorted(name for name in self._subjects.names if name))

    @property
    def first(self) -> int | None:
        """The first time at which anything was so, microseconds; None where nothing is told."""
        return min((shelf.first for shelf in self._shelves if len(shelf)), default=None)

    def of(self, subject: str) -> Shelf:
        """Return the shelf of a subject; where nothing is told of it, an empty one that nobody keeps."""
        place = self._subjects.find(subject)
        return Shelf(subject, self._words) if place is None else self._shelves[place]

    def take_in(self, pieces: Sequence[Piece]) -> list[tuple[int, int]]:
        """Take in what was recorded, in the order of recording; return what stands on a shelf until another time now.

        That is the place in the log, and until when.
        """
        for piece in pieces:
            self._put_away(piece.take(piece.kind != _RETRACTION))
        for piece in pieces:
            self._links.add(piece.take(piece.target != NO_TARGET))
        changed = []
        for seq, until in self._links.settled(self._known_from):
            shelf, row = self._at(seq)
            if shelf != _HIDDEN and self._shelves[shelf].withdraw(row, until):
                changed.append((seq, until))
        return changed

    def _put_away(self, piece: Piece) -> None:
        place, row = np.full(len(piece), _HIDDEN, dtype=np.int64), np.zeros(len(piece), dtype=np.int64)
        shown = piece.marking <= self._most
        place[shown], row[shown] = self._put_on_shelves(piece if shown.all() else piece.take(shown))
        row[~shown] = np.arange(len(self._hidden), len(self._hidden) + int((~shown).sum()))
        self._hidden.extend(known_from=piece.known_from[~shown])
        self._where.extend(seq=piece.seq, shelf=place, row=row)

    def _put_on_shelves(self, piece: Piece) -> tuple[Ints, Ints]:
        """Return on which shelf, and in which row of it, each row now lies."""
        names = [self._shelf(name) if used else 0 for name, used in _used(piece.subject)]
        place = np.array(names, dtype=np.int64)[piece.subject.codes]
        row = np.zeros(len(piece), dtype=np.int64)
        for number in np.unique(place).tolist():
            mine, shelf = np.flatnonzero(place == number), self._shelves[number]
            row[mine] = np.arange(len(shelf), len(shelf) + len(mine))
            shelf.extend(piece.take(mine))
        return place, row

    def _shelf(self, subject: str) -> int:
        """Return the place of a subject's shelf, which is made where there is none."""
        place = self._subjects.place(subject)
        if place == len(self._shelves):
            self._shelves.append(Shelf(subject, self._words))
        return place

    def _at(self, seq: int) -> tuple[int, int]:
        """Return the shelf and the row of what stands at a place of the log; of what is hidden, its row there."""
        place = int(np.searchsorted(self._where["seq"], seq))
        return int(self._where["shelf"][place]), int(self._where["row"][place])

    def _known_from(self, seq: int) -> int:
        shelf, row = self._at(seq)
        return int(self._hidden["known_from"][row]) if shelf == _HIDDEN else self._shelves[shelf].known_from(row)


def _used(names: Names) -> Iterator[tuple[str, bool]]:
    """Yield each name, and whether a row has it."""
    used = np.zeros(len(names.names), dtype=np.bool_)
    used[names.codes] = True
    yield from zip(names.names, used.tolist(), strict=True)
