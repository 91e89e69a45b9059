"""Stations: what one process of the service holds, and how it keeps up with the log.

Here belongs when an answer is out of date, and what it says of itself then. Who looks at the log, and when, belongs to
``followers``; what is answered to ``services``, how it is asked to the modules of the endpoints.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from threading import Lock
from typing import NamedTuple

from iwscore.api.followers import Follower, Used
from iwscore.api.readers import Known, Reader
from iwscore.domain.catalogs import Catalog
from iwscore.errors import Unreachable
from iwscore.services.following import Live
from iwscore.store.logs import Log

__all__ = ["MINUTE", "Stamp", "Station"]

MINUTE = 60_000_000
_DAY = 24 * 60 * MINUTE
_BEHIND = "log not followed"
_BEHIND_SECONDS = 10.0  # since the log was last followed, beyond which answers say so


class Stamp(NamedTuple):
    """What answers for a ceiling depend on besides the question: the same stamp, the same bytes."""

    catalog: str
    seen: str
    degraded: tuple[str, ...]


class Station:
    """The log, the catalog in use and who may ask; one scorer that follows the log for each ceiling in use.

    ``known`` reads the readers from where they are kept, ``write_used`` keeps there when they last asked. ``ticks``
    counts seconds: with it, answers say when the log has not been followed for long. Whoever calls ``listen`` is told,
    from the thread that follows, whenever a stamp may have changed. ``doubts`` are reasons why the catalog in use is
    not the one it should be.
    """

    def __init__(
        self,
        log: Log,
        catalog: Catalog,
        known: Known,
        *,
        stale_after_days: float = 7.0,
        findings: int = 0,
        read_only: bool = False,
        write_used: Used | None = None,
        ticks: Callable[[], float] = lambda: 0.0,
    ) -> None:
        self.log, self.stale_after_days, self.read_only = log, stale_after_days, read_only
        self.catalog, self.findings, self.doubts = catalog, findings, ()
        self._known, self.ticks, self._followed_at = known, ticks, ticks()
        self.readers, self.used = _held(known), dict[str, int]()
        self._lives: dict[str, Live] = {}
        self._seen: dict[str, str] = {}
        self._making, self._trouble = Lock(), ""
        self._listeners: list[Callable[[], None]] = []
        self.listen = self._listeners.append
        self._follower = Follower(self, None if read_only else write_used)

    doubts: tuple[str, ...]

    @property
    def follows(self) -> bool:
        """Whether it keeps up with the log."""
        return self._follower.alive

    def open(self) -> None:
        """Begin to keep up with the log, for each ceiling that a token has."""
        with suppress(Unreachable):  # a ceiling is made when it is asked for, else
            for ceiling in {reader.ceiling for reader in self.readers.values()}:
                self.live(ceiling)
        self._follower.open()

    def close(self) -> None:
        """Stop keeping up, and wait until that is so."""
        self._follower.close()

    def now(self) -> int:
        """Return the time rounded up to the minute: what is meant where ``at`` is left out."""
        return -(-self.log.clock() // MINUTE) * MINUTE

    def live(self, ceiling: str) -> Live:
        """Return the scorer for a ceiling, which follows the log from now on."""
        live = self._lives.get(ceiling)
        if live is None:
            with self._making:
                live = self._lives.get(ceiling)
                if live is None:
                    live = Live(self.log, self.catalog, in_force=True, ceiling=ceiling)
                    live.follow()
                    self._seen[ceiling] = live.seen
                    self._lives[ceiling] = live
        return live

    def stamp(self, ceiling: str) -> Stamp:
        """Return what answers for that ceiling depend on, as far as the log is followed; nobody waits for it."""
        if ceiling not in self._seen:
            self.live(ceiling)
        return self.stamped(self._seen[ceiling])

    def stamped(self, seen: str, catalog: Catalog | None = None) -> Stamp:
        """Return the stamp of what is seen of the log, by a catalog, else by the one in use."""
        degraded = ("catalog has findings", *self.doubts) if self.findings else self.doubts
        if self._trouble:
            degraded += (self._trouble,)
        elif self.ticks() - self._followed_at > _BEHIND_SECONDS:
            degraded += (_BEHIND,)
        return Stamp((catalog or self.catalog).digest, seen, degraded)

    def stale(self, ceiling: str, at: int) -> tuple[str, ...]:
        """Return why what is seen may be out of date at that time."""
        newest = self.live(ceiling).newest
        if newest is None:
            return ("nothing is reported",)
        quiet = (at - newest) / _DAY
        return (f"nothing new for {int(quiet)} days",) if quiet >= self.stale_after_days else ()

    def replace(self, catalog: Catalog, findings: int, *, doubts: tuple[str, ...] = ()) -> None:
        """Answer by another catalog from now on, or by the same one with other doubts."""
        with self._making:
            if catalog is not self.catalog:
                for live in self._lives.values():
                    live.replace(catalog)
            self.catalog, self.findings, self.doubts = catalog, findings, doubts
        _tell(self._listeners)

    def follow(self) -> None:
        """Take in what the log has taken, now.

        Raises
        ------
        Unreachable
            If it cannot be reached; what was taken in before still answers.
        """
        before, trouble = (self._trouble, dict(self._seen)), _BEHIND
        try:
            for ceiling, live in tuple(self._lives.items()):
                live.follow()
                self._seen[ceiling] = live.seen
            if not self._lives:
                self.log.head()
            self._followed_at, trouble = self.ticks(), ""
        except Unreachable:
            trouble = "database unreachable"
            raise
        finally:
            self._trouble = trouble
            if before != (trouble, self._seen):
                _tell(self._listeners)

    def read_readers(self) -> None:
        """Take in which tokens there are."""
        self.readers = _held(self._known)


def _held(known: Known) -> dict[bytes, Reader]:
    """Return the readers, each with the fingerprint by which they are let in."""
    return {secret: replace(reader, secret=secret) for secret, reader in known().items()}


def _tell(listeners: list[Callable[[], None]]) -> None:
    for told in listeners:
        told()
