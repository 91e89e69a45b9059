"""Entries: how one of the log is told over HTTP.

Here belongs the form. Neither places in the log nor numbers of batches are told: they would count what is hidden.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel

from iwscore.domain.times import from_micros
from iwscore.services.views import Shown
from iwscore.store.entries import Entry

__all__ = ["EntryLine", "entry_line"]

_TIMES = ("observed_at", "reported_at", "recorded_at", "known_from")


class EntryLine(BaseModel):
    """An entry as it stands in the log; "" and null where nothing is given.

    ``target`` is the id of what it corrects or retracts, where that may be shown.
    """

    id: str
    external_id: str
    kind: str
    subject: str
    indicator: str
    source: str
    origin: str
    level: str
    value: float | None
    grade: str
    observed_at: datetime | None
    reported_at: datetime | None
    recorded_at: datetime
    known_from: datetime
    marking: str
    note: str
    url: str
    target: str
    reason: str
    author: str


_FIELDS = tuple(EntryLine.model_fields)


def entry_line(entry: Entry | Shown) -> dict[str, Any]:
    """Return an entry in the fields of `EntryLine`."""
    said = {name: getattr(entry, name) for name in _FIELDS}
    return said | {name: None if said[name] is None else from_micros(said[name]) for name in _TIMES}
