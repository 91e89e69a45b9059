"""Where the reports of a question come from: a file, or the log; and which time it asks about if none is given.

Here belongs that choice alone. Options and times belong to ``options``, the log's place to ``databases``.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

from iwscore.cli import options
from iwscore.cli.budgets import memory_in_bytes, open_shelf
from iwscore.cli.databases import now, open_there
from iwscore.errors import QuestionError, printable

if TYPE_CHECKING:
    from iwscore.domain.catalogs import Catalog
    from iwscore.domain.columns import Columns
    from iwscore.domain.observations import Observations
    from iwscore.services.vintages import InForce
    from iwscore.store.logs import Log
    from iwscore.store.shelves import Shelf

__all__ = ["Places", "Reports", "minute_up", "open_columns", "open_reports", "read_columns"]

_MINUTE = 60_000_000
_LONG_SECONDS = 1.0  # a wait that needs a word
Seen = TypeVar("Seen", bound="Observations | Columns | Shelf")


@dataclass(frozen=True, slots=True)
class Places:
    """Where to look: ``--observations``, ``--database``, ``--catalog``, ``--mapping`` and ``--memory`` as typed."""

    file: Path | None
    database: str | None
    folder: Path | None
    mapping: Path | None = None
    memory: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Reports(Generic[Seen]):
    """The catalog, or those in force one after another, and the reports; ``now`` is the present, up to the minute."""

    catalog: Catalog | InForce
    observations: Seen
    now: datetime

    def time(self, text: str | None, option: str) -> datetime:
        """Return the time an option names; left out, the file's last time, else now."""
        if text is not None:
            return options.instant(text, option)
        return options.last_time(self.observations, option) if not self.observations.log else self.now


def open_reports(
    places: Places, catalog: Catalog, known_at: datetime | None, *, in_force: bool = False
) -> Reports[Observations]:
    """Return the reports of ``--observations``, else of the log; no entry known by ``known_at`` can come later.

    With ``in_force`` the catalogs that the log had in force stand for the one given.
    """

    def of_log(log: Log) -> Observations:
        with options.working("Reading the log"):
            return log.observations()

    return _opened(places, catalog, known_at, in_force, _of_file, of_log)


def open_columns(
    places: Places,
    catalog: Catalog,
    known_at: datetime | None,
    *,
    in_force: bool = False,
    head: str | None = None,
) -> Reports[Columns | Shelf]:
    """Return what questions read of the same reports; with ``head`` the log is read as it stood there.

    Of Parquet files with more than fits into memory it is a shelf on the disk.
    """
    from iwscore.domain.observations import Observations
    from iwscore.services.frames import columns_of

    def of_file(file: Path, places: Places, catalog: Catalog) -> Columns | Shelf:
        if places.mapping is not None:
            return columns_of(_of_file(file, places, catalog))
        found = open_shelf(file, catalog, memory_in_bytes(places.memory), Path(tempfile.gettempdir()), sent=True)
        return columns_of(found) if isinstance(found, Observations) else found

    def of_log(log: Log) -> Columns | Shelf:
        return read_columns(log, head=head)

    return _opened(places, catalog, known_at, in_force, of_file, of_log)


def read_columns(log: Log, *, head: str | None = None) -> Columns:
    """Return the columns of a log, and say on stderr what takes long."""
    with options.counting("Reading the log") as shown:
        return log.columns(head=head, progress=shown or _patience(), refused=_refused)


def _of_file(file: Path, places: Places, catalog: Catalog) -> Observations:
    return options.open_observations(file, catalog, places.mapping)


def _patience() -> Callable[[int, int], None]:
    """Return what says once on stderr that reading takes a while, and why."""
    begin, said = time.monotonic(), False

    def told(done: int, total: int) -> None:
        nonlocal said
        if not said and time.monotonic() - begin > _LONG_SECONDS:
            said = True
            options.note(f"Reading {total} entries that are not in the cache of columns yet.")

    return told


def _refused(said: str) -> None:
    options.note(f"The cache of columns cannot be written, so every question reads the log anew: {printable(said)}.")


def _opened(
    places: Places,
    catalog: Catalog,
    known_at: datetime | None,
    in_force: bool,
    of_file: Callable[[Path, Places, Catalog], Seen],
    of_log: Callable[[Log], Seen],
) -> Reports[Seen]:
    """Return the catalog or those in force, and what is read of the file or the log."""
    from iwscore.domain.times import from_micros, to_micros

    present = from_micros(minute_up(now()))
    if places.file is not None:
        if places.database is not None:
            raise QuestionError(
                "IW532", "two places to read from", None, "must be --observations or --database", "Leave one out."
            )
        return Reports(catalog, of_file(places.file, places, catalog), present)
    if places.mapping is not None:
        raise QuestionError(
            "IW513", "a mapping alone", str(places.mapping), "must come with --observations", "Name the file it reads."
        )
    with open_there(places.database, places.folder) as log:
        if known_at is not None:
            log.settle(to_micros(known_at))
        seen = of_log(log)
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
