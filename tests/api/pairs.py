"""Two services that differ in nothing but entries above a ceiling: what the leak test compares.

Ids are random. Here they are drawn from a source that each step begins anew, so that what both logs hold has one id in
both; what only one holds is drawn from another.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from iwscore.domain.catalogs import Catalog
from iwscore.domain.times import from_micros, print_instant
from iwscore.store import appending
from iwscore.store.drafts import Draft, Drafts
from tests.api.exchanges import Exchange, exchange
from tests.api.serving import CATALOG, Served, serving
from tests.store.drafting import DAY, NOON, Clock

Row = dict[str, Any]
SUBJECTS = ("belarus", "RU-UA", "Kaliningrad")
STEPS = 12


@dataclass
class Dice:
    """Bytes as ``os.urandom`` would give them, the same for the same step."""

    step: str = ""
    drawn: int = 0

    def begin(self, step: str) -> None:
        """Draw from another source."""
        self.step, self.drawn = step, 0

    def urandom(self, count: int) -> bytes:
        """Return so many bytes."""
        self.drawn += 1
        return hashlib.shake_256(f"{self.step} {self.drawn}".encode()).digest(count)


@dataclass
class Pair:
    """A log without hidden entries and one with them; ``hidden`` are the ids of those."""

    plain: Served
    fuller: Served
    clock: Clock
    dice: Dice
    visible: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    compared: int = 0

    def both(self, method: str, path: str, **how: Any) -> tuple[Exchange, Exchange]:
        """Ask both the same thing under the same dice; count the comparison."""
        self.compared += 1
        step, found = f"asked {self.compared}", []
        for served in (self.plain, self.fuller):
            self.dice.begin(step)
            found.append(exchange(served, method, path, **how))
        return found[0], found[1]

    def same(self, method: str, path: str, **how: Any) -> Exchange:
        """Ask both, and require one answer, byte for byte."""
        plain, fuller = self.both(method, path, **how)
        assert plain == fuller, f"{method} {path} {how}: {_difference(plain, fuller)}"
        return plain


def _difference(plain: Exchange, fuller: Exchange) -> str:
    """Return the first place where two answers differ."""
    if plain.status != fuller.status:
        return f"{plain.status}, {fuller.status}"
    if plain.body != fuller.body:
        ones = zip(plain.body, fuller.body, strict=False)
        place = max(next((n for n, (one, other) in enumerate(ones) if one != other), len(plain.body)) - 60, 0)
        return f"{plain.body[place : place + 120]!r}, {fuller.body[place : place + 120]!r}"
    return str(sorted(set(plain.headers) ^ set(fuller.headers)))


def any_subject(catalog: Catalog) -> Catalog:
    """Return the catalog with one problem that any subject may be asked about: its answers name who is reported on."""
    problems = catalog.problems | {
        "nato-border-pressure": catalog.problems["nato-border-pressure"].model_copy(update={"subjects": None})
    }
    fields = {name: getattr(catalog, name) for name in Catalog.model_fields}  # not what was derived from them
    return Catalog(**(fields | {"problems": problems}))


def row(chance: random.Random, when: int, *, marking: str, **more: Any) -> Row:
    """Return an observation that chance makes, as it is sent."""
    indicator = chance.choice(sorted(CATALOG.indicators))
    return {
        "observed_at": print_instant(from_micros(when)),
        "indicator": indicator,
        "level": chance.choice((*CATALOG.indicators[indicator].levels, "unknown")),
        "source": chance.choice(sorted(CATALOG.sources)),
        "grade": chance.choice("ABCD") + chance.choice("123"),
        "subject": chance.choice(SUBJECTS),
        "marking": marking,
    } | more


@contextmanager
def paired(folder: Path, patch: pytest.MonkeyPatch, marking: str) -> Iterator[Pair]:
    """Run both services; whatever is hidden is marked so."""
    clock, dice, catalog = Clock(NOON - 30 * DAY), Dice(), any_subject(CATALOG)
    patch.setattr(appending, "os", dice)
    with ExitStack() as running:
        both = []
        for name in ("plain", "fuller"):
            both.append(running.enter_context(serving(str(folder / f"{name}.db"), clock, catalog=catalog)))
            dice.begin("catalog")  # as a service does when it starts
            both[-1].log.register(catalog, author="service", reason="the service answers by it")
        pair = Pair(both[0], both[1], clock, dice)
        _fill(pair, marking)
        yield pair


def _fill(pair: Pair, marking: str) -> None:
    """Record what both see and, between, before and after, what only one holds."""
    chance = random.Random(f"leaks {marking}")
    for step in range(STEPS):
        _hide(pair, chance, step, marking)
        pair.clock.now += DAY
        shown = chance.choice(("clear", "green", "amber", "amber+strict", "red")) if step else "clear"
        sent = [row(chance, pair.clock.now - DAY // 2, marking=shown, external_id=f"shown-{step}-{n}") for n in (1, 2)]
        for served in (pair.plain, pair.fuller):
            pair.dice.begin(f"shown {step}")
            pair.visible += _sent(served, "/v1/observations", {"observations": sent}, "analyst", "red")
    _hide(pair, chance, STEPS, marking)
    pair.visible = list(dict.fromkeys(pair.visible))
    pair.clock.now += 3 * DAY + 12_345_678
    for served in (pair.plain, pair.fuller):
        served.station.follow()


def _hide(pair: Pair, chance: random.Random, step: int, marking: str) -> None:
    """Record, in one log, an observation through the service, and history, under a name that others have too."""
    pair.clock.now += DAY // 3
    pair.dice.begin(f"hidden {step}")
    subject = chance.choice((*SUBJECTS, "Nowhere"))
    sent = row(chance, pair.clock.now - 7, marking=marking, subject=subject, external_id=f"hidden-{step}")
    sent |= {"note": "HIDDEN", "url": "https://example.org/HIDDEN"}
    pair.hidden += _sent(pair.fuller, "/v1/observations", {"observations": [sent], "reason": "HIDDEN"}, "admin", "red")
    past = row(chance, NOON - 400 * DAY, marking=marking, subject=subject)
    texts = {name: past[name] for name in ("indicator", "level", "source", "grade", "subject", "marking")}
    times: Row = {"observed_at": NOON - (400 - step) * DAY, "reported_at": NOON - (399 - step) * DAY}
    draft = Draft(kind="observation", **times, **texts, note="HIDDEN")
    pair.fuller.log.append(Drafts.of([draft]), author="admin-red", reason="HIDDEN", historical=True)
    pair.fuller.station.follow()


def _sent(served: Served, path: str, body: Any, role: str, ceiling: str) -> list[str]:
    answer = served.post(path, body, role, ceiling)
    assert answer.status_code == 201, answer.text
    return [entry["id"] for entry in answer.json()["entries"]]
