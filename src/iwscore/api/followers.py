"""Followers: the one thread of a process that keeps a station up with the log and with the tokens.

Here belongs when that is looked at, and what becomes of the thread when something goes wrong. What is taken in belongs
to ``stations``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from threading import Event, Thread
from typing import Protocol

from iwscore.api.journals import LOGGER, outliving
from iwscore.errors import Refusal, printable

__all__ = ["Followed", "Follower", "Used"]

_PAUSE_SECONDS = 0.05  # between two looks at the log's head
_AFTER_A_FAULT_SECONDS = 0.25
_TOKENS_ROUNDS = 15  # until a token added or revoked elsewhere is known here: within a second
_USED_ROUNDS = 1200  # until it is written when tokens were used last: a minute
Used = Callable[[Mapping[str, int]], object]


class Followed(Protocol):
    """What is kept up."""

    used: dict[str, int]

    def follow(self) -> None:
        """Take in what the log has taken."""

    def read_readers(self) -> None:
        """Take in which tokens there are."""


class Follower:
    """Keeps up until it is closed; no error ends it. ``write_used`` keeps when tokens were used last."""

    def __init__(self, station: Followed, write_used: Used | None = None) -> None:
        self._station, self._write_used = station, write_used
        self._closing = Event()
        self._troubles: set[str] = set()
        self._thread = Thread(target=self._keep_up, name="iwscore-following", daemon=True)

    @property
    def alive(self) -> bool:
        """Whether it keeps up."""
        return self._thread.is_alive() and not self._closing.is_set()

    def open(self) -> None:
        """Begin."""
        self._thread.start()

    def close(self) -> None:
        """Stop, and wait until that is so."""
        self._closing.set()
        self._thread.join()
        self._try("keeping when tokens were used", self._keep_used)

    def _keep_up(self) -> None:
        rounds = 0
        while not self._closing.wait(_AFTER_A_FAULT_SECONDS if self._troubles else _PAUSE_SECONDS):
            rounds += 1
            self._try("following the log", self._station.follow)
            if rounds % _TOKENS_ROUNDS == 0 or self._troubles:
                self._try("reading the tokens", self._station.read_readers)
            if rounds % _USED_ROUNDS == 0:
                self._try("keeping when tokens were used", self._keep_used)

    def _keep_used(self) -> None:
        station = self._station
        times, station.used = station.used, {}
        if self._write_used is not None and times:
            self._write_used(times)

    def _try(self, what: str, act: Callable[[], None]) -> None:
        """Do it; say once when it begins to fail, and when it no longer does. The next round tries again."""
        done, known = False, what in self._troubles
        with outliving(f"{what} fails", quiet=known):
            try:
                act()
                done = True
            except Refusal as refusal:
                if not known:
                    LOGGER.error("%s fails: %s", what, printable(str(refusal)))
        if not done:
            self._troubles.add(what)
        elif known:
            self._troubles.discard(what)
            LOGGER.warning("%s works again", what)
