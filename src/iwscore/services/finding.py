"""Finding: reports by what they say, and one with its chain, as a ceiling may see them.

Here belongs what is asked of single reports beside the answers that follow the log. Entries and the names they go by
belong to ``services.views``, until when a report stands to ``services.following``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from iwscore.domain.markings import reach_of, shown_under
from iwscore.domain.observations import KINDS, MARKINGS
from iwscore.services.chains import unknown_entry
from iwscore.services.following import Live, ended
from iwscore.store.entries import Entry
from iwscore.store.logs import Log, read
from iwscore.store.searching import Search, search
from iwscore.store.showing import Markings, chains_of, is_shown

__all__ = ["Found", "find_report", "find_reports"]


@dataclass(frozen=True, slots=True)
class Found:
    """A report, the id of what it is about where that is shown, and until when it stands; None where it does."""

    entry: Entry
    target: str
    until: int | None


def find_reports(log: Log, live: Live, asked: Search, *, after: str | None, limit: int, head: int) -> list[Found]:
    """Return reports among so many entries of the log, newest first, recorded before that of the id ``after``.

    Raises
    ------
    QuestionError
        IW530 where none of that id is shown.
    """
    markings = _markings(live.ceiling)
    before = head + 1 if after is None else _report(log, after, markings).seq
    page = read(log, partial(search, asked=asked, markings=markings, before=before, limit=limit))
    return _told(log, live, page, markings)


def find_report(log: Log, live: Live, name: str) -> list[Found]:
    """Return the report of that id, and behind it its chain as far as it is shown, in the order of recording.

    Raises
    ------
    QuestionError
        IW530 where none of that id is shown.
    """
    markings = _markings(live.ceiling)
    entry = _report(log, name, markings)
    chain = [entry]
    if entry.target or ended(live, entry.seq) is not None:  # else nothing is about it
        chain = read(log, partial(chains_of, members=[entry]))
    return _told(log, live, [entry, *(one for one in chain if is_shown(one, markings))], markings)


def _report(log: Log, name: str, markings: Markings) -> Entry:
    found = [one for one in log.entries(ids=[name]) if is_shown(one, markings) and one.kind in KINDS]
    if not found:
        raise unknown_entry(name)
    return found[0]


def _told(log: Log, live: Live, page: Sequence[Entry], markings: Markings) -> list[Found]:
    targets = sorted({one.target for one in page} - {""})
    about = log.entries(ids=targets, limit=len(targets)) if targets else []
    shown = {one.id for one in about if is_shown(one, markings)}
    return [Found(one, one.target if one.target in shown else "", _until(live, one)) for one in page]


def _until(live: Live, entry: Entry) -> int | None:
    """Return until when a report stands; a retraction says nothing that could."""
    return None if entry.kind == "retraction" else ended(live, entry.seq)


def _markings(ceiling: str) -> Markings:
    return None if reach_of(ceiling) == len(MARKINGS) - 1 else shown_under(ceiling)
