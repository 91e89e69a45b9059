"""A small log with a catalog of two signs, put on shelves as it grows."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from iwscore.catalog import load
from iwscore.core.assessing import Assessed, assess
from iwscore.core.bundles import Times
from iwscore.core.hearings import Clocks
from iwscore.domain.catalogs import Catalog
from iwscore.domain.columns import Columns
from iwscore.domain.times import to_micros
from iwscore.services.frames import Frame, columns_of, make_frame
from iwscore.services.inquiries import Inquiry
from iwscore.services.shelves import Shelves
from iwscore.store.drafts import Draft
from iwscore.store.entries import Head
from iwscore.store.logs import Log, tail_of
from tests.oracle.plain import AT, PROBLEM, SUBJECT, world, yes_no
from tests.oracle.worlds import write
from tests.store.drafting import Clock, opened, record

DAY = 86_400_000_000
NOON = to_micros(AT) + DAY // 2
LADDER = {"adverse": ["s0"], "rungs": [{"id": "calm", "raise_at": 0}, {"id": "watch", "raise_at": 0.6, "hold": "2d"}]}


def signs(folder: Path) -> Catalog:
    """Return a catalog of two signs with a half-life of three weeks, four sources, one regraded on day 5."""
    regraded = [{"known_from": (AT + timedelta(days=5)).isoformat(), "reliability": "E"}]
    sources = [{"id": name, "grades": []} for name in "abc"] + [{"id": "d", "grades": [], "regraded": regraded}]
    tables = {f"sign-{n}": yes_no([0.8, 0.2]) for n in range(2)}
    told = world(
        [0.5, 0.5], tables, [], indicators={"half_life": "21d"}, sources=sources, problem={"ladder": LADDER}
    )  # fmt: skip
    write(told, folder)
    return load(folder)


def said(sign: int = 0, level: int = 1, source: str = "a", grade: str = "A1", day: float = 0, **more: Any) -> Draft:
    """Return a report of a day, counted from the first."""
    told: dict[str, Any] = {
        "kind": "observation",
        "observed_at": to_micros(AT) + round(day * DAY),
        "subject": SUBJECT,
        "indicator": f"sign-{sign}",
        "level": f"level-{level}",
        "source": source,
        "grade": grade,
    }
    return Draft(**told | more)


@dataclass
class Shelved:
    """A log and its shelves; `told` records and puts on the shelves what was recorded."""

    log: Log
    clock: Clock
    catalog: Catalog
    shelves: Shelves = field(default_factory=Shelves)
    head: Head = field(default_factory=Head)

    @classmethod
    def at(cls, url: str, folder: Path) -> "Shelved":
        """Make an empty one, at noon of the first day."""
        clock = Clock(NOON)
        return cls(opened(url, clock), clock, signs(folder))

    def told(self, *drafts: Draft, day: float | None = None, **options: Any) -> list[str]:
        """Record on a day at noon; return the ids."""
        if day is not None:
            self.clock.now = NOON + round(day * DAY)
        made = record(self.log, *drafts, **options)
        self.catch_up()
        return made

    def catch_up(self) -> None:
        """Put on the shelves what is new in the log."""
        if (tail := tail_of(self.log, self.head)) is not None:
            self.shelves.take_in(tail.pieces)
            self.head = tail.head

    def inquiry(self, subject: str = SUBJECT) -> Inquiry:
        return Inquiry(self.catalog, self.shelves, self.catalog.problems[PROBLEM], subject)

    def frame(self, subject: str = SUBJECT) -> Frame[Columns]:
        """Return the arrays of a fresh reading."""
        columns = columns_of(self.log.observations())
        return make_frame(self.catalog, columns, self.catalog.problems[PROBLEM], subject)

    def fresh(self, clocks: Clocks, times: Times) -> Assessed:
        """Return the answers of a fresh reading."""
        frame = self.frame()
        return assess(frame.reports, frame.register, frame.expectations, clocks, times)


def on(day: float) -> datetime:
    return AT + timedelta(days=day)


def bits(assessed: Assessed) -> list[bytes]:
    return [getattr(assessed, name).tobytes() for name in Assessed.__slots__]
