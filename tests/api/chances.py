"""A service on a log that chance has filled: what the tests of the reading endpoints share."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from iwscore.domain.catalogs import Catalog
from iwscore.domain.times import from_micros
from iwscore.services.questions import known_micros
from iwscore.services.vintages import InForce
from tests.api.serving import Served, bearer, serving
from tests.oracle.worlds import START
from tests.services.streams import BEGIN, Stream, catalogs
from tests.store.drafting import DAY, Clock

SPAN = {"from": "2022-09-03T00:00:00Z", "to": "2022-09-28T06:00:00Z"}
BEFORE = START + timedelta(days=9)


@dataclass(frozen=True, slots=True)
class Chance:
    """The service, and the questions that can be asked of it."""

    served: Served
    catalog: Catalog
    subject: dict[str, str]
    clock: Clock

    def get(self, problem: str, verb: str, accept: str = "*/*", **params: Any) -> Any:
        """Ask about the first of the problem's subjects."""
        path, about = f"/v1/problems/{problem}/{verb}", {"subject": self.subject[problem]}
        return self.served.client.get(path, params=about | params, headers=bearer() | {"Accept": accept})

    def in_force(self, known_at: Any = None) -> InForce:
        """Read which catalogs answer, as the commands do."""
        log = self.served.log
        since = log.catalogs()
        known = [one for one in since if one[0] <= known_micros(known_at)] or since[:1]
        if not known:
            return InForce.of(self.catalog)
        return InForce(tuple(t for t, _ in known), tuple(log.catalog(digest) for _, digest in known))

    def now(self) -> Any:
        """Return the present, up to the minute."""
        return from_micros(self.served.station.now())


@contextmanager
def chance(seed: int, url: str, folder: Path, steps: int = 60) -> Iterator[Chance]:
    """Run the service on a log of so many steps, taken by chance."""
    made, clock = catalogs(seed, folder), Clock(BEGIN + 5 * DAY)
    subject = {problem: (one.subjects or ("north",))[0] for problem, one in made[0].problems.items()}
    with serving(url, clock, catalog=made[0]) as served:
        for _ in Stream(seed, served.log, clock, made, sorted(set(subject.values()))).steps(steps):
            pass
        served.station.live("red").follow()
        served.station.follow()
        yield Chance(served, made[0], subject, clock)
