"""A small world of several subjects, and jobs that answer its history."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from iwscore.services.manifests import Found, Job, Manifest, make_job
from iwscore.services.rescoring import Receipt, rescore
from tests.oracle.plain import AT, PROBLEM, report, world, yes_no
from tests.oracle.reports import Row
from tests.oracle.worlds import World
from tests.services.telling import Told

Tell = Callable[[World], Told]
DAY = timedelta(days=1)
SUBJECTS = ["here", "elsewhere", "nowhere"]
LADDER = {"adverse": ["s0"], "rungs": [{"id": "calm", "raise_at": 0}, {"id": "watch", "raise_at": 0.6, "hold": "2d"}]}


def reports() -> list[Row]:
    """Reports on two of three subjects, some known late, one withdrawn, one that no catalog here can place."""
    rows = [
        report("sign-0", n % 2, "ab"[n % 3 % 2], "A1", AT + n * DAY, subject=SUBJECTS[n % 2], external_id=f"e{n}")
        for n in range(12)
    ]
    rows += [
        {**row, "external_id": f"late-{n}", "known_from": late(AT + 3 * n * DAY)} for n, row in enumerate(rows[:3])
    ]
    gone = {"kind": "retraction", "target": "e4", "observed_at": late(AT + 6 * DAY)}
    return [*rows, gone, report("sign-9", 1, "a", "A1", subject="here")]


def late(observed: datetime) -> str:
    return (observed + 2 * DAY).isoformat()


def several(tell: Tell, *, given: tuple[float, ...] = (0.8, 0.2), ladder: bool = True, **problem: Any) -> Told:
    """Three subjects, signs that fade, and a ladder; ``given`` is P(sign | scenario)."""
    steps = {"ladder": LADDER} if ladder else {}
    made = world(
        [1 / len(given)] * len(given),
        {"sign-0": yes_no(list(given)), "sign-1": yes_no([0.5] * len(given))},
        reports(),
        problem={"subjects": SUBJECTS, **steps, **problem},
        sources=[{"id": name, "grades": []} for name in "ab"],
        indicators={"half_life": "5d"},
    )
    return tell(made)


@dataclass
class Making:
    """A world and a place to answer it into."""

    told: Told
    out: Path
    asked: dict[str, Any] = field(default_factory=dict)

    def job(self, **asked: Any) -> Job:
        plain = {"subjects": ["all"], "start": AT - DAY, "end": AT + 12 * DAY, "step": "1d", "vintage": False}
        identity = {"sha256": "0" * 64}
        known = {"known_at": None, "problem": PROBLEM, "identity": identity}
        return make_job(self.told.catalog, self.told.observations, **{**plain, **known, **self.asked, **asked})

    def make(self, job: Job | None = None, **more: Any) -> Receipt:
        return rescore(
            self.told.catalog,
            self.told.observations,
            job=job or self.job(),
            out=self.out,
            found=Found(".", "observations.csv"),
            **more,
        )

    def manifest(self, **more: Any) -> Manifest:
        return self.make(**more).manifest


class Stopped(Exception):
    """Somebody pulled the plug."""


def stop_after(rows: int) -> Callable[[int, int], None]:
    """Return a listener that ends the work once so many rows are on the disk or in the hand."""

    def told(done: int, total: int) -> None:
        if done >= rows:
            raise Stopped

    return told
