"""Plans: which answers make which part of a job's output, and which are asked for together.

Here belong the cuts. Units and parts hang on the job alone, before anything is computed; how units are asked for
together changes no answer, and may hang on what is done already.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from iwscore.core.bundles import Times
from iwscore.domain.catalogs import Catalog
from iwscore.services.manifests import Job
from iwscore.services.questions import asks, known_micros
from iwscore.services.vintages import InForce

__all__ = ["ROWS_A_PART", "Plan", "Span", "Unit"]

ROWS_A_PART = 1 << 15  # what is put on the disk at once, and a row group of the output
_ROWS_A_SPAN = 4 * ROWS_A_PART


@dataclass(frozen=True, slots=True, eq=False)
class Unit:
    """Some of the times of one subject, which one catalog answers; ``where`` among the job's times."""

    catalog: Catalog
    subject: str
    where: slice
    scenarios: tuple[str, ...]

    def __len__(self) -> int:
        """Return how many rows it makes."""
        return len(range(self.where.start, self.where.stop)) * len(self.scenarios)


@dataclass(frozen=True, slots=True, eq=False)
class Span:
    """Units of one subject and catalog, one after another in time, each with the number of its part."""

    units: tuple[tuple[int, Unit], ...]

    def __len__(self) -> int:
        """Return how many rows they make."""
        return sum(len(unit) for _, unit in self.units)

    @property
    def where(self) -> slice:
        """Those of the job's times that are asked about."""
        return slice(self.units[0][1].where.start, self.units[-1][1].where.stop)

    def joined(self, number: int, unit: Unit) -> Span | None:
        """Return it with another unit, or None where that does not go on where this ends, or is too much."""
        last = self.units[-1][1]
        goes_on = unit.catalog is last.catalog and unit.subject == last.subject and unit.where.start == last.where.stop
        return Span((*self.units, (number, unit))) if goes_on and len(self) + len(unit) <= _ROWS_A_SPAN else None


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """A job's times, and the units of each part, in the order of their rows."""

    times: Times
    parts: tuple[tuple[Unit, ...], ...]

    @classmethod
    def of(cls, in_force: InForce, job: Job) -> Plan:
        """Return the plan of a job."""
        times = job.times()
        return cls(times, tuple(_parts(_units(in_force, job, times))))

    def rows(self, numbers: Iterable[int]) -> int:
        """Return how many rows these parts have."""
        return sum(len(unit) for number in numbers for unit in self.parts[number])

    def spans(self, numbers: Iterable[int]) -> Iterator[Span]:
        """Yield the units of these parts, in one span those that are better asked for in one go.

        What begins in the middle of a subject must look at all that came before, so parts of one subject go together;
        not too many, as what is made in one go is lost in one go.
        """
        span: Span | None = None
        for number in numbers:
            for unit in self.parts[number]:
                longer = span.joined(number, unit) if span else None
                if span and not longer:
                    yield span
                span = longer or Span(((number, unit),))
        if span:
            yield span


def _units(in_force: InForce, job: Job, times: Times) -> Iterator[Unit]:
    """Yield the units in the order of their rows, none with more rows than a part may have."""
    stretches = list(in_force.stretches(times, known_micros(job.known())))
    for subject in job.subjects:
        for catalog, where in stretches:
            if asks(catalog, job.problem, subject):
                scenarios = catalog.problems[job.problem].scenario_ids
                most = max(ROWS_A_PART // len(scenarios), 1)
                for begin in range(where.start, where.stop, most):
                    yield Unit(catalog, subject, slice(begin, min(begin + most, where.stop)), scenarios)


def _parts(units: Iterable[Unit]) -> Iterator[tuple[Unit, ...]]:
    """Yield the units of each part: several together where they fit."""
    part: list[Unit] = []
    room = ROWS_A_PART
    for unit in units:
        if part and len(unit) > room:
            yield tuple(part)
            part, room = [], ROWS_A_PART
        part.append(unit)
        room -= len(unit)
    yield tuple(part)
