"""Rescoring: a problem's whole history answered again, part by part, so that a killed job goes on where it stopped.

Here belongs the order of the work. What is asked belongs to ``services.manifests``, how parts stay whole to
``store.parts``, and every answer is that of a trend.

Subjects come one after another, each with one frame, and their times in blocks: memory does not grow with the job.
Rows stand by subject, then time, then scenario in catalog order. A part's rows depend on the job alone.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from iwscore.core.assessing import assess
from iwscore.core.bundles import Times
from iwscore.core.hearings import Clocks
from iwscore.domain.catalogs import Catalog
from iwscore.domain.models import Model
from iwscore.domain.observations import Observations
from iwscore.errors import QuestionError, Unreachable
from iwscore.services.frames import Frame, make_frame
from iwscore.services.manifests import Found, Job, Manifest, differences, manifest_beside, read_manifest
from iwscore.services.questions import asks, known_micros
from iwscore.services.rungs import rungs
from iwscore.services.vintages import InForce
from iwscore.store.outputs import answer_table, assemble, encode
from iwscore.store.parts import Parts, digest_of_file, locked, refusing_disk, replace_whole, write_whole

__all__ = ["ROWS_A_PART", "Receipt", "Told", "begin", "rescore"]

ROWS_A_PART = 1 << 15  # what a kill can lose, and a row group of the output
Told = Callable[[int, int], None]


class Receipt(Model):
    """What became of a job: made, or there already; ``resumed`` counts the parts that an earlier run had done."""

    manifest: Manifest
    state: Literal["made", "there"]
    parts: int
    resumed: int


def rescore(
    catalog: Catalog | InForce,
    observations: Observations,
    *,
    job: Job,
    out: Path,
    found: Found,
    overwrite: bool = False,
    told: Told = lambda done, rows: None,
) -> Receipt:
    """Return the receipt for the job's output and manifest, which are then both on the disk, whole.

    Parameters
    ----------
    catalog, observations
        Those the job names; of several catalogs each answers the times at which it was in force.
    job, out
        What is asked, and the Parquet file it goes to.
    found
        Where the inputs were found, for the manifest.
    overwrite
        Whether what another job left in the place of the output may be replaced.
    told
        Called as the work goes on with how many rows are done and how many there will be.

    Raises
    ------
    QuestionError
        IW521 where another job's output or parts are in the place.
    Unreachable
        IW402 where the disk refuses, IW452 where another process writes the same output.
    """
    parts = Parts.beside(out)
    with refusing_disk(out), locked(parts):
        work = _Work.of(InForce.of(catalog), observations, job)
        manifest = _begin(job, out, parts, overwrite=overwrite)
        if manifest:
            if parts.job() == job.encoded():
                parts.clear()
            return Receipt(manifest=manifest, state="there", parts=len(work.plan), resumed=0)
        resumed = len(parts.done(job.encoded()))
        work.carry_out(parts, told)
        manifest = _publish(work, parts, out, found)
        return Receipt(manifest=manifest, state="made", parts=len(work.plan), resumed=resumed)


def begin(job: Job, out: Path, *, overwrite: bool = False) -> None:
    """Take the place of a job's output, so that it goes on from there however late its turn comes.

    Raises
    ------
    QuestionError, Unreachable
        As of `rescore`.
    """
    parts = Parts.beside(out)
    with refusing_disk(out), locked(parts):
        _begin(job, out, parts, overwrite=overwrite)


def _begin(job: Job, out: Path, parts: Parts, *, overwrite: bool) -> Manifest | None:
    """Return the manifest of a job that is finished; else begin it, unless it was begun."""
    manifest = _finished(job, out)
    if manifest is None and parts.job() != job.encoded():
        if not overwrite:
            _refuse_another(job, out, parts)
        parts.begin(job.encoded())
    return manifest


def _finished(job: Job, out: Path) -> Manifest | None:
    """Return the manifest of an output that is this job's and as it was made."""
    if not (out.is_file() and manifest_beside(out).is_file()):
        return None
    try:
        manifest = read_manifest(manifest_beside(out))
    except Unreachable:
        return None
    return manifest if manifest.job == job and digest_of_file(out) == manifest.sha256 else None


def _refuse_another(job: Job, out: Path, parts: Parts) -> None:
    """Refuse what is in the place of the output, unless it was made for this job."""
    begun = parts.job()
    if begun is not None:
        raise _anothers(parts.folder, differences(begun, job))
    if manifest_beside(out).exists():
        differs = read_manifest(manifest_beside(out)).job.differences(job)
        if differs:
            raise _anothers(out, differs)
    elif out.exists():
        raise QuestionError(
            "IW521", "file is there already", str(out), "must be this job's, but has no manifest beside it",
            "Give another --out, or --overwrite.",
        )  # fmt: skip


def _anothers(path: Path, differs: tuple[str, ...]) -> QuestionError:
    return QuestionError(
        "IW521", "another job's work is there", str(path), f"must be this job's, but differs in {', '.join(differs)}",
        "Give another --out, or --overwrite.",
    )  # fmt: skip


def _publish(work: _Work, parts: Parts, out: Path, found: Found) -> Manifest:
    """Put the parts together and the output in its place, after its manifest: an output is never without one."""
    done = parts.done(work.job.encoded())
    contents = (done[number].read_bytes() for number in range(len(work.plan)))
    rows = assemble(parts.whole, contents, work.job.encoded())
    manifest = Manifest(
        job=work.job,
        catalog=found.catalog,
        observations=found.observations,
        database=found.database,
        output=out.name,
        rows=rows,
        sha256=digest_of_file(parts.whole),
    )
    write_whole(manifest_beside(out), manifest.encoded())
    replace_whole(parts.whole, out)
    parts.clear()
    return manifest


@dataclass(frozen=True, slots=True, eq=False)
class _Unit:
    """Some of the times of one subject, which one catalog answers."""

    catalog: Catalog
    subject: str
    times: Times
    scenarios: tuple[str, ...]

    def __len__(self) -> int:
        """Return how many rows it makes."""
        return len(self.times) * len(self.scenarios)


@dataclass(frozen=True, slots=True, eq=False)
class _Heard:
    """One subject's frame, and what can be heard in it."""

    frame: Frame[Any]
    clocks: Clocks


@dataclass(frozen=True, slots=True, eq=False)
class _Work:
    """A job with its inputs: which units make which part."""

    observations: Observations
    job: Job
    plan: tuple[tuple[_Unit, ...], ...]

    @classmethod
    def of(cls, in_force: InForce, observations: Observations, job: Job) -> _Work:
        """Return the work of a job."""
        return cls(observations, job, tuple(_plan(_units(in_force, job))))

    def carry_out(self, parts: Parts, told: Told) -> None:
        """Make the parts that are missing."""
        job = self.job.encoded()
        done = parts.done(job)
        total = sum(map(len, itertools.chain(*self.plan)))
        rows = sum(len(unit) for number in done for unit in self.plan[number])
        heard = None
        told(rows, total)
        for number, units in enumerate(self.plan):
            if number in done:
                continue
            tables = []
            for unit in units:
                if heard is None or (heard.frame.subject, heard.frame.catalog) != (unit.subject, unit.catalog):
                    heard = self._hear(unit)
                tables.append(self._answers(heard, unit))
                told(rows + sum(map(len, tables)), total)
            parts.put(number, encode(tables), job)
            rows += sum(map(len, units))

    def _hear(self, unit: _Unit) -> _Heard:
        frame = make_frame(unit.catalog, self.observations, unit.catalog.problems[self.job.problem], unit.subject)
        clocks = Clocks.known_at(known_micros(self.job.known()), vintage=self.job.vintage)
        return _Heard(frame, clocks)

    def _answers(self, heard: _Heard, unit: _Unit) -> Any:
        """Return the answers of one unit as a table."""
        frame, ladder = heard.frame, heard.frame.problem.ladder
        return answer_table(
            unit.subject,
            unit.scenarios,
            [rung.id for rung in ladder.rungs] if ladder else [],
            unit.times,
            assess(frame.reports, frame.register, frame.expectations, heard.clocks, unit.times),
            rungs(frame, unit.times, known_micros(self.job.known()))[0],
        )


def _units(in_force: InForce, job: Job) -> Iterator[_Unit]:
    """Yield the units in the order of their rows, none with more rows than a part may have."""
    times = job.times()
    stretches = list(in_force.stretches(times, known_micros(job.known())))
    for subject in job.subjects:
        for catalog, where in stretches:
            if asks(catalog, job.problem, subject):
                scenarios = catalog.problems[job.problem].scenario_ids
                most = max(ROWS_A_PART // len(scenarios), 1)
                for begin in range(where.start, where.stop, most):
                    yield _Unit(catalog, subject, times[begin : min(begin + most, where.stop)], scenarios)


def _plan(units: Iterable[_Unit]) -> Iterator[tuple[_Unit, ...]]:
    """Yield the units of each part: several together where they fit."""
    part: list[_Unit] = []
    room = ROWS_A_PART
    for unit in units:
        if part and len(unit) > room:
            yield tuple(part)
            part, room = [], ROWS_A_PART
        part.append(unit)
        room -= len(unit)
    yield tuple(part)
