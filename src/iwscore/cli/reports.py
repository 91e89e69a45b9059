"""Where the reports of a question come from: a file, or the log; and which time it asks about if none is given.

Here belongs that choice alone. Options and times belong to ``options``, the log's place to ``databases``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from iwscore.cli import options
from iwscore.cli.databases import now, open_there
from iwscore.errors import QuestionError

if TYPE_CHECKING:
    from iwscore.domain.catalogs import Catalog
    from iwscore.domain.observations import Observations
    from iwscore.services.vintages import InForce
    from iwscore.store.logs import Log

__all__ = ["Places", "Reports", "minute_up", "open_reports"]

_MINUTE = 60_000_000


@dataclass(frozen=True, slots=True)
class Places:
    """Where to look: ``--observations``, ``--database``, ``--catalog`` and ``--mapping`` as typed."""

    file: Path | None
    database: str | None
    folder: Path | None
    mapping: Path | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Reports:
    """The catalog, or those in force one after another, and the reports; ``now`` is the present, up to the minute."""

    catalog: Catalog | InForce
    observations: Observations
    now: datetime

    def time(self, text: str | None, option: str) -> datetime:
        """Return the time an option names; left out, the file's last time, else now."""
        if text is not None:
            return options.instant(text, option)
        return options.last_time(self.observations, option) if not self.observations.log else self.now


def open_reports(
    places: Places,
    catalog: Catalog,
    known_at: datetime | None,
    *,
    in_force: bool = False,
    head: str | None = None,
) -> Reports:
    """Return the reports of ``--observations``, else of the log; no entry known by ``known_at`` can come later.

    With ``in_force`` the catalogs that the log had in force stand for the one given; with ``head`` the log is read as
    it stood there.
    """
    from iwscore.domain.times import from_micros, to_micros

    present = from_micros(minute_up(now()))
    if places.file is not None:
        if places.database is not None:
            raise QuestionError(
                "IW532", "two places to read from", None, "must be --observations or --database", "Leave one out."
            )
        return Reports(catalog, options.open_observations(places.file, catalog, places.mapping), present)
    if places.mapping is not None:
        raise QuestionError(
            "IW513", "a mapping alone", str(places.mapping), "must come with --observations", "Name the file it reads."
        )
    with open_there(places.database, places.folder) as log:
        if known_at is not None:
            log.settle(to_micros(known_at))
        with options.working("Reading the log"):
            seen = log.observations(head=head)
        options.note(f"Log head: {seen.log}")
        if in_force:
            return Reports(_in_force(log, seen.log, known_at) or catalog, seen, present)
        return Reports(catalog, seen, present)


def _in_force(log: Log, head: str, known_at: datetime | None) -> InForce | None:
    """Return the catalogs that were in force one after another, as known then; None where the log has none."""
    from iwscore.domain.times import to_micros
    from iwscore.services.vintages import InForce

    recorded = log.catalogs(head=head)
    if not recorded:
        return None
    if known_at is not None:  # what comes into force later changes no answer, not even by its name
        recorded = [one for one in recorded if one[0] <= to_micros(known_at)] or recorded[:1]
    held = {digest: log.catalog(digest) for _, digest in recorded}
    return InForce(tuple(t for t, _ in recorded), tuple(held[digest] for _, digest in recorded))


def minute_up(micros: int) -> int:
    """Return the time, up to the minute."""
    return -(-micros // _MINUTE) * _MINUTE
