"""Reloads: the catalog on disk, taken into use when it has changed and has no errors.

Here belongs when the folder is looked at, and what becomes of a bad catalog: it is refused with all of its faults in
the journal, and the one before answers on. What a fault is belongs to ``catalog``.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from threading import Event, Thread

from iwscore.api.journals import LOGGER, outliving
from iwscore.api.stations import Station
from iwscore.catalog import inspect
from iwscore.errors import Refusal

__all__ = ["Reloads", "print_of", "put_in_force"]

_PAUSE_SECONDS = 1.0
_ERRORS = "catalog on disk has errors; the one before answers"
_FOLDERS = ("indicators", "scenarios", "sources")
Print = tuple[tuple[str, int, int, int], ...]


def print_of(folder: Path) -> Print:
    """Return what tells one state of a catalog's files from another, without reading them."""
    found = []
    for name in _FOLDERS:
        try:
            for path in sorted((folder / name).iterdir()):
                stat = path.stat()
                found.append((path.name, stat.st_mtime_ns, stat.st_size, stat.st_ino))
        except OSError:
            found.append((name, 0, 0, 0))
    return tuple(found)


class Reloads:
    """Looks at a catalog's folder again and again, in a thread of its own, and at once when told to.

    A file that is being written is left to settle: what has changed is read when it stands still for a round.
    """

    def __init__(self, folder: Path, station: Station) -> None:
        self._folder, self._station = folder, station
        self._read = self._last = print_of(folder)
        self._asked, self._closing = Event(), False
        self._thread = Thread(target=self._look_on, name="iwscore-catalog", daemon=True)

    def __enter__(self) -> Reloads:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing = True
        self._asked.set()
        self._thread.join()

    def ask(self) -> None:
        """Let the catalog be read now, changed or not."""
        self._asked.set()

    def look(self, *, asked: bool = False) -> None:
        """Take the catalog into use where it has changed and stands still, or where that is asked for."""
        now = print_of(self._folder)
        if asked or (now != self._read and now == self._last):
            self._read = now
            self._take()
        self._last = now

    def _look_on(self) -> None:
        while True:
            asked = self._asked.wait(_PAUSE_SECONDS)
            self._asked.clear()
            if self._closing:
                return
            with outliving("reading the catalog fails"):
                self.look(asked=asked)

    def _take(self) -> None:
        station = self._station
        try:
            inspection = inspect(self._folder)
        except Refusal as refusal:
            self._refuse([str(refusal)])
            return
        if inspection.catalog is None:
            faults = [remark.fault for remark in inspection.remarks if remark.fault.severity == "error"]
            self._refuse(list(map(str, faults)))
            return
        same = inspection.catalog.digest == station.catalog.digest
        station.replace(station.catalog if same else inspection.catalog, inspection.count("warning"))
        put_in_force(station)
        LOGGER.info("catalog is read again", extra={"fields": {"catalog": station.catalog.digest, "changed": not same}})

    def _refuse(self, faults: list[str]) -> None:
        self._station.replace(self._station.catalog, self._station.findings, doubts=(_ERRORS,))
        for fault in faults:
            LOGGER.error("catalog is refused: %s", fault)


def put_in_force(station: Station) -> None:
    """Put the catalog that answers in force by itself; were that left to the next entry, a hidden one would show."""
    if not station.read_only:
        with suppress(Refusal):  # what cannot be written to takes no entry either
            station.log.register(station.catalog, author="service", reason="the service answers by it")
