"""Drafts for tests of the log, and a clock that can be set."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from iwscore.store.drafts import Draft, Drafts
from iwscore.store.logs import Log, create_log, open_log

DAY = 86_400_000_000
NOON = 1_665_000_000_000_000  # 2022-10-05T20:00:00Z
SOUND: dict[str, Any] = {
    "kind": "observation",
    "observed_at": NOON - DAY,
    "subject": "belarus",
    "indicator": "troops",
    "level": "present",
    "source": "osint",
    "grade": "B2",
    "marking": "amber",
}
FULL: dict[str, Any] = SOUND | {
    "reported_at": NOON - DAY // 2,
    "origin": "ministry",
    "external_id": "r-1",
    "note": 'seen by two, "sure"\n\tof it \\N \\. ümlaut 𝄞',
    "url": "https://example.org/1",
    "reason": "first hand",
}


@dataclass
class Clock:
    """A clock that stands until it is set."""

    now: int = NOON

    def __call__(self) -> int:
        return self.now


def sound(**changes: Any) -> Draft:
    """Return a draft that is in order but for the changes."""
    return Draft(**SOUND | changes)


def some(count: int, **changes: Any) -> Drafts:
    """Return drafts that differ by their external_id."""
    return Drafts.of([sound(external_id=f"r-{number}", **changes) for number in range(1, count + 1)])


def opened(url: str, clock: Clock | None = None) -> Log:
    """Return a new log at that place."""
    create_log(url)
    return open_log(url, clock=clock or Clock())


def record(log: Log, *drafts: Draft, **options: Any) -> list[str]:
    """Record drafts as one batch of ann's; return the ids of the entries."""
    receipt = log.append(Drafts.of(drafts), **{"author": "ann", "reason": "watch"} | options)
    return ids(log, receipt.first, receipt.entries)


def ids(log: Log, first: int | None, count: int) -> list[str]:
    """Return the ids of so many entries from the first one on."""
    return [entry.id for entry in log.entries(after=(first or 1) - 1, limit=count)] if count else []


def texts(faults: Sequence[object]) -> list[str]:
    """Return faults as people read them."""
    return [str(fault) for fault in faults]
