"""Stations: what one process of the service holds, and how it keeps up with the log.

Here belongs who follows the log and when an answer is out of date. What is answered belongs to ``services``, how it is
asked to the modules of the endpoints.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from threading import Event, Lock, Thread

from iwscore.api.readers import Known
from iwscore.domain.catalogs import Catalog
from iwscore.errors import Refusal, Unreachable
from iwscore.services.following import Live
from iwscore.store.logs import Log

__all__ = ["Stamp", "Station"]

_PAUSE_SECONDS = 0.05  # between two looks at the log's head
_TOKENS_SECONDS = 1.0  # until a token added or revoked elsewhere is known here
MINUTE = 60_000_000
_DAY = 24 * 60 * MINUTE


@dataclass(frozen=True, slots=True)
class Stamp:
    """What answers for a ceiling depend on besides the question: the same stamp, the same bytes."""

    catalog: str
    seen: str
    degraded: tuple[str, ...]


class Station:
    """The log, the catalog in use and who may ask; one scorer that follows the log for each ceiling in use.

    ``known`` reads the readers from where they are kept. ``told`` is called, from the thread that follows, whenever a
    stamp may have changed.
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
    ) -> None:
        self.log, self.stale_after_days, self.read_only = log, stale_after_days, read_only
        self._catalog, self._findings, self._known = catalog, findings, known
        self.readers = dict(known())
        self._lives: dict[str, Live] = {}
        self._seen: dict[str, str] = {}
        self._making, self._closing, self._unreachable = Lock(), Event(), False
        self._listeners: list[Callable[[], None]] = []
        self._thread = Thread(target=self._keep_up, name="iwscore-following", daemon=True)

    @property
    def catalog(self) -> Catalog:
        """The catalog that answers."""
        return self._catalog

    def open(self) -> None:
        """Begin to keep up with the log."""
        self._thread.start()

    def close(self) -> None:
        """Stop keeping up, and wait until that is so."""
        self._closing.set()
        self._thread.join()

    @property
    def follows(self) -> bool:
        """Whether it keeps up with the log."""
        return self._thread.is_alive() and not self._closing.is_set()

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
                    live = Live(self.log, self._catalog, in_force=True, ceiling=ceiling)
                    live.follow()
                    self._seen[ceiling] = live.seen
                    self._lives[ceiling] = live
        return live

    def stamp(self, ceiling: str) -> Stamp:
        """Return what answers for that ceiling depend on, as far as the log is followed; nobody waits for it."""
        if ceiling not in self._seen:
            self.live(ceiling)
        return self.stamped(self._seen[ceiling])

    def stamped(self, seen: str) -> Stamp:
        """Return the stamp of what is seen of the log."""
        degraded: tuple[str, ...] = ("catalog has findings",) if self._findings else ()
        if self._unreachable:
            degraded += ("database unreachable",)
        return Stamp(self._catalog.digest, seen, degraded)

    def stale(self, ceiling: str, at: int) -> tuple[str, ...]:
        """Return why what is seen may be out of date at that time."""
        newest = self.live(ceiling).newest
        if newest is None:
            return ("nothing is reported",)
        quiet = (at - newest) / _DAY
        return (f"nothing new for {int(quiet)} days",) if quiet >= self.stale_after_days else ()

    def replace(self, catalog: Catalog, findings: int) -> None:
        """Answer by another catalog from now on."""
        with self._making:
            for live in self._lives.values():
                live.replace(catalog)
            self._catalog, self._findings = catalog, findings
        self._tell()

    def listen(self, told: Callable[[], None]) -> None:
        """Call this, from another thread, whenever an answer may have changed."""
        self._listeners.append(told)

    def follow(self) -> None:
        """Take in what the log has taken, now.

        Raises
        ------
        Unreachable
            If it cannot be reached; what was taken in before still answers.
        """
        before = (self._unreachable, dict(self._seen))
        try:
            for ceiling, live in tuple(self._lives.items()):
                live.follow()
                self._seen[ceiling] = live.seen
            if not self._lives:
                self.log.head()
            self._unreachable = False
        except Unreachable:
            self._unreachable = True
            raise
        finally:
            if before != (self._unreachable, self._seen):
                self._tell()

    def _tell(self) -> None:
        for told in self._listeners:
            told()

    def _keep_up(self) -> None:
        rounds, every = 0, round(_TOKENS_SECONDS / _PAUSE_SECONDS)
        while not self._closing.wait(_PAUSE_SECONDS):
            rounds += 1
            with suppress(Refusal):  # the next round tries again; answers say meanwhile that they are degraded
                self.follow()
                if rounds % every == 0:
                    self.readers = dict(self._known())
