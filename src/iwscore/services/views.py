"""Views: a log as it may be shown up to a ceiling, read anew for each question and kept by nobody.

Here belong entries, pages of them and the names they go by. Reports as columns, without what is hidden, are made in
``services.withholding``; who follows a log keeps them in ``services.following``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import partial

import numpy as np

from iwscore.core.bundles import NEVER
from iwscore.core.withdrawals import stands_until
from iwscore.domain.columns import Columns
from iwscore.domain.markings import reach_of, shown_under
from iwscore.domain.observations import MARKINGS, Observations
from iwscore.services.chains import find_entry, unknown_entry
from iwscore.services.frames import columns_of
from iwscore.services.withholding import withhold
from iwscore.store.entries import Entry
from iwscore.store.logs import Log, read
from iwscore.store.showing import Markings, chains_of, is_shown, list_shown

__all__ = ["Shown", "View", "Withdrawal"]


@dataclass(frozen=True, slots=True)
class Shown:
    """An entry as it may be shown: all of it but where it stands in the log; ``target`` is "" where that is hidden."""

    id: str
    kind: str
    external_id: str
    target: str
    marking: str
    author: str
    reason: str
    recorded_at: int
    known_from: int
    historical: bool
    reported_at: int | None
    observed_at: int | None
    subject: str
    indicator: str
    value: float | None
    level: str
    grade: str
    source: str
    origin: str
    note: str
    url: str
    content: str

    @property
    def cursor(self) -> str:
        """What asks for the entries after this one."""
        return self.id


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """That an entry which is shown stands no more from then on, by one that is hidden."""

    target: str
    known_from: int
    kind: str = "withdrawal"

    @property
    def cursor(self) -> str:
        """What asks for the changes after this one."""
        return f"{self.target}-{self.known_from}"


_SAID = tuple(field.name for field in fields(Shown))


class View:
    """A log up to a ceiling. What is hidden and what is not there are the same to whoever asks."""

    def __init__(self, log: Log, ceiling: str) -> None:
        self.log, self.ceiling = log, ceiling
        self._markings = None if reach_of(ceiling) == len(MARKINGS) - 1 else shown_under(ceiling)

    def observations(self, *, head: str | None = None) -> Observations:
        """Return the reports that are shown, or were at that head; what is hidden has withdrawn its targets."""
        seen = self.log.observations(head=head)
        return seen if self._markings is None else withhold(seen, self.ceiling)

    def columns(self) -> Columns:
        """Return their columns: of the cache, which knows no markings, where all is shown; else of the reports."""
        return self.log.columns() if self._markings is None else columns_of(self.observations())

    def outcomes(self) -> list[Entry]:
        """Return the outcomes in force that are shown, whoever has withdrawn others."""
        return [entry for entry in self.log.outcomes() if is_shown(entry, self._markings)]

    def find(self, name: str, author: str) -> Entry:
        """Return the entry of that id, else of that external_id, the author's own before others', as the log has it.

        Raises
        ------
        QuestionError
            IW530 where there is none that is shown, IW537 where several authors use the external_id.
        """
        return find_entry(self.log, name, author, shown=lambda entry: is_shown(entry, self._markings))

    def entry(self, name: str, author: str) -> Shown:
        """Return the same as it may be shown."""
        found = self.find(name, author)
        about = self.log.entries(ids=[found.target]) if found.target else []
        return _shown(found, target=all(is_shown(entry, self._markings) for entry in about))

    def entries(self, after: str | None = None, limit: int = 1000) -> list[Shown]:
        """Return the entries recorded after the one with that id, at most so many.

        Raises
        ------
        QuestionError
            IW530 where no entry of that id is shown.
        """
        place = 0 if after is None else self._place(after, after)
        page = read(self.log, partial(list_shown, markings=self._markings, after=place, limit=limit))
        return [_shown(entry, target=target) for entry, target in page]

    def changes(self, after: str | None = None, limit: int = 1000) -> list[Shown | Withdrawal]:
        """Return entries and withdrawals by what is hidden, in the order of recording, after that cursor.

        Raises
        ------
        QuestionError
            IW530 where nothing that is shown has that cursor.
        """
        place, passed = self._passed(after)
        found: list[Shown | Withdrawal] = []
        more = True
        while more and len(found) < limit + passed:
            told, place, more = self._page(place, limit)
            found += told
        return found[passed : limit + passed]

    def _passed(self, after: str | None) -> tuple[int, int]:
        """Return the place in the log behind which a cursor's changes begin, and how many there are passed over."""
        if after is None:
            return 0, 0
        target, _, known_from = after.partition("-")
        place = self._place(target, after)
        if not known_from:
            return place - 1, 1
        members = read(self.log, partial(chains_of, members=self.log.entries(ids=[target])))
        for entry in members:
            cursors = [one.cursor for one in _withdrawn(entry, members, self._markings)]
            if after in cursors:
                return entry.seq - 1, cursors.index(after) + 1 + int(is_shown(entry, self._markings))
        raise unknown_entry(after)

    def _place(self, name: str, asked: str) -> int:
        """Return where the entry of that id stands in the log; ``asked`` is what is refused where none is shown."""
        found = [entry for entry in self.log.entries(ids=[name]) if is_shown(entry, self._markings)]
        if not found:
            raise unknown_entry(asked)
        return found[0].seq

    def _page(self, after: int, limit: int) -> tuple[list[Shown | Withdrawal], int, bool]:
        """Return what so many entries tell, the place of the last of them, and whether there may be more."""
        asked = partial(list_shown, markings=self._markings, after=after, limit=limit, linked=True)
        page = read(self.log, asked)
        linked = [entry for entry, _ in page if entry.target and self._markings is not None]
        members = read(self.log, partial(chains_of, members=linked)) if linked else []
        told: list[Shown | Withdrawal] = []
        for entry, target in page:
            told += [_shown(entry, target=target)] if is_shown(entry, self._markings) else []
            told += _withdrawn(entry, members, self._markings) if linked and entry.target else []
        return told, page[-1][0].seq if page else after, len(page) == limit


def _shown(entry: Entry, *, target: bool) -> Shown:
    told = {name: getattr(entry, name) for name in _SAID}
    return Shown(**told | ({} if target else {"target": ""}))


def _withdrawn(entry: Entry, members: Sequence[Entry], markings: Markings) -> list[Withdrawal]:
    """Return which of the members that are shown stand for less long than before, once an entry is recorded.

    Those are left out of which the links that are shown say the same.
    """
    known = [one for one in members if one.seq <= entry.seq]
    shown = np.array([is_shown(one, markings) for one in known])
    place = {one.id: n for n, one in enumerate(known)}
    target = np.array([place.get(one.target, -1) for one in known], dtype=np.int64)
    retraction = np.array([one.kind == "retraction" for one in known])
    known_from = np.array([one.known_from for one in known], dtype=np.int64)
    before = np.append(stands_until(target[:-1], retraction[:-1], known_from[:-1]), NEVER)
    after = stands_until(target, retraction, known_from)
    linked = np.where(shown & (target >= 0) & shown[target], target, -1)
    told = (before != after) & (after < stands_until(linked, retraction, known_from)) & shown & ~retraction
    return [Withdrawal(known[n].id, int(after[n])) for n in np.flatnonzero(told).tolist()]
