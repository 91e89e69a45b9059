"""A small world, told to the services: its catalog and its observations."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from iwscore import catalog, store
from iwscore.domain.catalogs import Catalog
from iwscore.domain.observations import Observations
from iwscore.services import explain, score, trend
from iwscore.services.frames import Frame, make_frame
from tests.oracle.plain import PROBLEM, SUBJECT
from tests.oracle.worlds import World, write


@dataclass(frozen=True)
class Told:
    """What a folder holds, and the three verbs asked of it."""

    catalog: Catalog
    observations: Observations

    @classmethod
    def of(cls, world: World, folder: Path) -> "Told":
        """Write the world into a folder and read it from there."""
        write(world, folder)
        loaded = catalog.load(folder)
        return cls(loaded, store.read_observations(folder / "observations.csv", loaded))

    def frame(self, subject: str = SUBJECT) -> Frame:
        """The arrays of the one problem."""
        return make_frame(self.catalog, self.observations, self.catalog.problems[PROBLEM], subject)

    def score(self, **asked: Any) -> Any:
        return score(self.catalog, self.observations, **{"problem": PROBLEM, **asked})

    def trend(self, **asked: Any) -> Any:
        return trend(self.catalog, self.observations, **{"problem": PROBLEM, "step": "1d", **asked})

    def explain(self, **asked: Any) -> Any:
        return explain(self.catalog, self.observations, **{"problem": PROBLEM, **asked})
