"""Export: the reports of a log in the columns of observations, for other programs and for another log.

Here belongs the verb. Which entries go out, and as what columns, belongs to ``store.pages``, their form to
``store.exports``.

Imported as history, an export gives the same present answers: each row keeps from when it counted as known. What an
answer does not rest on is not kept: ids, batches, authors, and when the log took a row.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from iwscore.store.entries import Head
from iwscore.store.logs import Log
from iwscore.store.overlaps import ahead
from iwscore.store.pages import export_pages

__all__ = ["Exported", "export_reports"]


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export holds: its rows, and the head of the log it was taken of."""

    rows: int
    head: str
    batch: int


def export_reports(
    log: Log,
    write: Callable[[Any], None],
    *,
    told: Callable[[float], None] = lambda done: None,
) -> Exported:
    """Write every observation, correction and retraction up to the present head, page by page."""
    rows, head = 0, Head()
    with closing(ahead(export_pages(log.url))) as pages:
        for head, seen, page in pages:
            write(page)
            rows += len(page)
            told(seen / max(head.entries, 1))
    return Exported(rows, head.digest, head.batch)
