"""Random streams of what a log takes: reports early and late, corrections, retractions, history, catalogs."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from iwscore.catalog import load
from iwscore.domain.catalogs import Catalog
from iwscore.domain.times import to_micros
from iwscore.store.drafts import Draft, Drafts
from iwscore.store.logs import Log
from tests.oracle.worlds import START, make, register, write
from tests.oracle.worlds import World as Documents
from tests.store.drafting import DAY, Clock

BEGIN = to_micros(START)
HOUR = DAY // 24


def catalogs(seed: int, folder: Path) -> list[Catalog]:
    """Return catalogs that differ in their sources."""
    world = make(seed)
    found = []
    for number in range(3):
        place = folder / f"catalog-{number}"
        place.mkdir()
        sources = world.documents["sources"] if not number else register(Random(seed * 10 + number))
        write(Documents(world.documents | {"sources": sources}, []), place)
        found.append(load(place))
    return found


@dataclass
class Stream:
    """What is recorded next, by chance; ``ids`` are those of the entries that can be corrected.

    With several ``markings``, each entry has one of them by chance.
    """

    seed: int
    log: Log
    clock: Clock
    catalogs: list[Catalog]
    subjects: list[str]
    ids: list[str] = field(default_factory=list)
    markings: tuple[str, ...] = ("amber",)

    def __post_init__(self) -> None:
        self.rng, self.marked = Random(self.seed), Random(self.seed + 1)

    def steps(self, count: int) -> Iterator[None]:
        """Record something, so many times."""
        for _ in range(count):
            self.clock.now += self.rng.choice([1, HOUR, 5 * HOUR, DAY, 2 * DAY])
            self.step()
            yield

    def step(self) -> None:
        """Record a batch, or put a catalog in force."""
        if self.rng.random() < 0.12:
            self.log.register(self.rng.choice(self.catalogs), author="ann", reason="new edition")
            return
        historical = self.rng.random() < 0.2
        drafts = [self.draft(historical=historical) for _ in range(self.rng.choice([1, 1, 1, 2, 5]))]
        receipt = self.log.append(Drafts.of(drafts), author="ann", reason="watch", historical=historical)
        written = self.log.entries(after=(receipt.first or 1) - 1, limit=receipt.entries)
        self.ids += [entry.id for entry in written if entry.kind in ("observation", "correction")]

    def draft(self, *, historical: bool) -> Draft:
        """Return a report, a correction or a retraction."""
        rng = self.rng
        observed = BEGIN + rng.randrange(max((self.clock.now - BEGIN) // DAY, 0) + 1) * DAY
        told: dict[str, Any] = {"marking": self.marked.choice(self.markings)}
        if historical:
            told["reported_at"] = rng.choice([observed, min(observed + 2 * DAY, self.clock.now)])
        if self.ids and rng.random() < 0.15:
            return Draft(kind="retraction", target=rng.choice(self.ids), reason="hoax", **told)
        if self.ids and rng.random() < 0.25:
            told |= {"kind": "correction", "target": rng.choice(self.ids), "reason": "slip"}
        every: dict[str, Any] = {"kind": "observation", "observed_at": observed}
        return Draft(**every | told | self.said())

    def said(self) -> dict[str, Any]:
        """Return who said what, now and then something that no catalog knows."""
        rng, catalog = self.rng, self.catalogs[0]
        one = rng.choice(list(catalog.indicators.values()))
        sources = [*catalog.sources, "stranger"]
        said: dict[str, Any] = {
            "subject": rng.choice(self.subjects),
            "indicator": one.id if rng.random() < 0.95 else "no-such-sign",
            "source": rng.choice(sources[:4] if rng.random() < 0.8 else sources),
            "origin": rng.choice(sources) if rng.random() < 0.2 else "",
            "grade": rng.choice(["A1", "A2", "B1", "B2", "B3", "C1", "C3", "D4", "F6", "2", "3"]),
        }
        if one.measure and rng.random() < 0.5:
            return said | {"level": "", "value": rng.uniform(0, 2000)}
        return said | {"level": rng.choice([*one.levels, *one.levels, "unknown", "sideways"])}
