"""A wide catalog and a long log of it for the benchmark of the live scorer: random, but the same each time."""

import time
from collections.abc import Iterator

import numpy as np

from iwscore.domain.catalogs import Catalog
from iwscore.domain.indicators import Indicator
from iwscore.domain.observations import Names
from iwscore.domain.problems import Expectation, Ladder, Problem, Rung, Scenario
from iwscore.domain.sources import Source
from iwscore.store.drafts import Draft, Drafts
from iwscore.store.logs import Log

SEED = 20221004
MINUTE, DAY = 60_000_000, 86_400_000_000
DAYS = 730
AT_ONCE = 1 << 16
PROBLEM, SUBJECT, AUTHOR = "wide", "here", "bench"
THREE = ("none", "some", "many")
GRADES = tuple(letter + digit for letter in "ABCDE" for digit in "12345")
SCENARIOS = 5


def now() -> int:
    return time.time_ns() // 1000


def wide(indicators: int, sources: int, like: Catalog) -> Catalog:
    """Return a catalog of one problem; three in ten indicators have three levels, half-lives differ."""
    rng = np.random.default_rng(SEED)
    signs = {
        f"sign-{n:03}": Indicator(
            id=f"sign-{n:03}",
            title=f"Sign {n}",
            levels=THREE if n % 10 < 3 else THREE[:2],
            half_life_days=(float(3 + n % 30),) * (3 if n % 10 < 3 else 2),
        )
        for n in range(indicators)
    }
    rows = range(SCENARIOS)
    problem = Problem(
        id=PROBLEM,
        title="Wide",
        question="What comes next?",
        horizon="90d",
        subjects=(SUBJECT,),
        scenarios=tuple(Scenario(id=f"course-{s}", title=f"Course {s}", prior=1 / SCENARIOS) for s in rows),
        scale="icd203",
        expectations=tuple(
            Expectation(
                indicator=name,
                given=tuple(map(tuple, rng.dirichlet(np.full(len(one.levels), 3.0), SCENARIOS).tolist())),
                words=(None,) * SCENARIOS,
                judgments=tuple(rows),
            )
            for name, one in signs.items()
        ),
        ladder=Ladder(
            adverse=("course-0",),
            coverage_floor=0.2,
            blind_hold_days=30.0,
            every_days=1.0,
            rungs=(_rung("calm", 0.0), _rung("watch", 0.4), _rung("warning", 0.8)),
        ),
    )
    register = {f"source-{n:03}": Source(id=f"source-{n:03}", title=f"Source {n}") for n in range(sources)}
    return Catalog(indicators=signs, problems={PROBLEM: problem}, sources=register, trust=like.trust)


def _rung(name: str, raise_at: float) -> Rung:
    return Rung(id=name, raise_at=raise_at, clear_at=raise_at, hold_days=2.0)


def history(rows: int, catalog: Catalog, until: int) -> Iterator[Drafts]:
    """Yield so many reports of two years up to a time, each told within two days, in the order of the telling."""
    rng = np.random.default_rng(SEED)
    signs, sources = list(catalog.indicators.values()), tuple(catalog.sources)
    told = np.sort(until - rng.integers(DAYS * DAY, size=rows))
    for start in range(0, rows, AT_ONCE):
        reported_at = told[start : start + AT_ONCE]
        n = len(reported_at)
        sign = rng.integers(len(signs), size=n).astype(np.int32)
        most = np.array([len(one.levels) for one in signs])[sign]
        texts = {
            "subject": Names(np.zeros(n, dtype=np.int32), (SUBJECT,)),
            "indicator": Names(sign, tuple(one.id for one in signs)),
            "level": Names((rng.random(n) * most).astype(np.int32), THREE),
            "source": Names(rng.integers(len(sources), size=n).astype(np.int32), sources),
            "grade": Names(rng.integers(len(GRADES), size=n).astype(np.int32), GRADES),
            "marking": Names(np.zeros(n, dtype=np.int32), ("amber",)),
        }
        yield Drafts(
            kind=np.zeros(n, dtype=np.int8),
            observed_at=reported_at - rng.integers(2 * DAY, size=n),
            reported_at=reported_at,
            value=np.full(n, np.nan),
            texts=texts,
            fingerprint=np.frombuffer(rng.bytes(16 * n).hex().encode(), dtype="S32"),
        )


class Feed:
    """Whoever records: mostly reports of the last days, some corrections and retractions of its own entries."""

    def __init__(self, log: Log, catalog: Catalog) -> None:
        self._log, self._rng = log, np.random.default_rng(SEED + 1)
        self._signs, self._sources = list(catalog.indicators.values()), list(catalog.sources)
        self._ids: list[str] = []

    def record(self) -> int:
        """Record an entry; return the number of its batch, once that is acknowledged."""
        receipt = self._log.append(Drafts.of([self._draft()]), author=AUTHOR, reason="feed")
        if receipt.first is None or receipt.batch is None:
            raise RuntimeError("nothing was recorded")
        return receipt.batch

    def remember(self) -> None:
        """Note the last entry: a later one may be about it."""
        (entry,) = self._log.entries(after=self._log.head().entries - 1, limit=1)
        if entry.kind != "retraction":
            self._ids.append(entry.id)

    def _draft(self) -> Draft:
        rng = self._rng
        kind = rng.choice(["observation", "correction", "retraction"], p=[0.9, 0.08, 0.02]) if self._ids else None
        target = str(rng.choice(self._ids)) if self._ids and kind != "observation" else ""
        if kind == "retraction":
            return Draft(kind="retraction", target=target, reason="hoax", marking="amber")
        sign = self._signs[rng.integers(len(self._signs))]
        return Draft(
            kind="correction" if target else "observation",
            target=target,
            reason="slip" if target else "",
            observed_at=now() - int(rng.integers(3 * DAY)),
            subject=SUBJECT,
            indicator=sign.id,
            level=str(rng.choice(sign.levels)),
            source=str(rng.choice(self._sources)),
            grade=str(rng.choice(GRADES)),
            marking="amber",
        )
