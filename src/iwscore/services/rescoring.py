"""Rescoring: a problem's whole history answered again, part by part, so that a killed job goes on where it stopped.

Here belongs the order of the work. What is asked belongs to ``services.manifests``, how parts stay whole to
``store.parts``, and every answer is that of a trend.

Subjects come one after another, and their times in blocks: memory does not grow with the job, whoever answers. Rows
stand by subject, then time, then scenario in catalog order. A part's rows depend on the job alone; answers that come
out of order wait until their part is complete.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, Literal

from iwscore.core.answering import Answers, Question
from iwscore.core.assessing import Assessed
from iwscore.core.bundles import Pieces, Times
from iwscore.core.hearings import Clocks
from iwscore.domain.catalogs import Catalog
from iwscore.domain.columns import Columns
from iwscore.domain.models import Model
from iwscore.errors import QuestionError, Unreachable
from iwscore.services.executors import Done, Executor, Task, here
from iwscore.services.frames import Frame, make_frame
from iwscore.services.manifests import Found, Job, Manifest, differences, manifest_beside, read_manifest
from iwscore.services.partitions import Parted, Partitions, partitions_of
from iwscore.services.plans import ROWS_A_PART, Plan, Span, Unit
from iwscore.services.questions import known_micros
from iwscore.services.rungs import question_of
from iwscore.services.vintages import InForce
from iwscore.store.outputs import answer_table, assemble, encode
from iwscore.store.parts import Parts, digest_of_file, locked, refusing_disk, replace_whole, write_whole

__all__ = ["ROWS_A_PART", "Receipt", "Told", "begin", "rescore"]

_REPORTS_A_TASK = 1 << 15  # what makes a task worth the sending
Told = Callable[[int, int], None]


class Receipt(Model):
    """What became of a job: made, or there already; ``resumed`` counts the parts that an earlier run had done."""

    manifest: Manifest
    state: Literal["made", "there"]
    parts: int
    resumed: int


def rescore(
    catalog: Catalog | InForce,
    observations: Parted,
    *,
    job: Job,
    out: Path,
    found: Found,
    overwrite: bool = False,
    told: Told = lambda done, rows: None,
    executor: Executor = here,
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
    executor
        Who answers; it changes no byte.

    Raises
    ------
    QuestionError
        IW521 where another job's output or parts are in the place.
    Unreachable
        IW402 where the disk refuses, IW452 where another process writes the same output, IW455 and IW456 where an
        executor's cluster or worker is lost.
    """
    parts = Parts.beside(out)
    with refusing_disk(out), locked(parts):
        work = _Work(observations, job, Plan.of(InForce.of(catalog), job))
        manifest = _begin(job, out, parts, overwrite=overwrite)
        if manifest:
            if parts.job() == job.encoded():
                parts.clear()
            return Receipt(manifest=manifest, state="there", parts=len(work.plan.parts), resumed=0)
        resumed = len(parts.done(job.encoded()))
        work.carry_out(parts, told, executor)
        manifest = _publish(work, parts, out, found)
        return Receipt(manifest=manifest, state="made", parts=len(work.plan.parts), resumed=resumed)


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
    contents = (done[number].read_bytes() for number in range(len(work.plan.parts)))
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
class _Work:
    """A job with its inputs."""

    observations: Parted
    job: Job
    plan: Plan

    def carry_out(self, parts: Parts, told: Told, executor: Executor) -> None:
        """Make the parts that are missing."""
        job = self.job.encoded()
        done = parts.done(job)
        missing = [number for number in range(len(self.plan.parts)) if number not in done]
        total, rows = self.plan.rows(range(len(self.plan.parts))), self.plan.rows(done)
        told(rows, total)
        held: defaultdict[int, dict[Unit, Any]] = defaultdict(dict)
        for number in missing:
            if not self.plan.parts[number]:
                parts.put(number, encode(()), job)
        if not missing:
            return
        with closing(executor(self._tasks(missing, partitions_of(self.observations)))) as answered:
            for number, unit, table in self._tables(answered):
                held[number][unit] = table
                rows += len(unit)
                told(rows, total)
                if len(held[number]) == len(self.plan.parts[number]):
                    tables = held.pop(number)
                    parts.put(number, encode([tables[unit] for unit in self.plan.parts[number]]), job)

    def _tables(self, answered: Iterable[Done]) -> Iterator[tuple[int, Unit, Any]]:
        """Yield the answers of every unit as a table, with the number of its part."""
        for spans, each in answered:
            for span, answers in zip(spans, each, strict=True):
                for number, unit in span.units:
                    yield number, unit, self._table(unit, _some(answers, unit.where, span.where.start))

    def _tasks(self, missing: Iterable[int], partitions: Partitions) -> Iterator[Task]:
        """Yield tasks that are worth the sending and fit into memory: spans together until they have enough rows."""
        spans: list[Span] = []
        asked: list[tuple[Question, Times]] = []
        size = 0.0
        for span in self.plan.spans(missing):
            question = self._question(span, partitions)
            spans.append(span)
            asked.append((question, self.plan.times[span.where]))
            size += len(span) / ROWS_A_PART + len(question.reports) / _REPORTS_A_TASK
            if size >= 1:
                yield Task(spans, asked)
                spans, asked, size = [], [], 0.0
        if spans:
            yield Task(spans, asked)

    def _question(self, span: Span, partitions: Partitions) -> Question:
        _, unit = span.units[0]
        problem = unit.catalog.problems[self.job.problem]
        clocks = Clocks.known_at(known_micros(self.job.known()), vintage=self.job.vintage)
        count = partitions.too_many(unit.subject)
        if not count:
            frame = make_frame(unit.catalog, partitions.of(unit.subject), problem, unit.subject)
            return question_of(frame, clocks)

        def frames() -> Iterator[Frame[Columns]]:
            for piece in partitions.pieces(unit.subject):
                yield make_frame(unit.catalog, piece, problem, unit.subject)

        pieces = Pieces(count, lambda: (frame.reports for frame in frames()))
        return replace(question_of(next(frames()), clocks), reports=pieces)

    def _table(self, unit: Unit, answers: Answers) -> Any:
        """Return the answers of one unit as a table."""
        ladder = unit.catalog.problems[self.job.problem].ladder
        return answer_table(
            unit.subject,
            unit.scenarios,
            [rung.id for rung in ladder.rungs] if ladder else [],
            self.plan.times[unit.where],
            answers.assessed,
            answers.rung,
        )


def _some(answers: Answers, where: slice, begin: int) -> Answers:
    """Return the answers at some of the job's times, of those that begin at ``begin``."""
    place = slice(where.start - begin, where.stop - begin)
    assessed = Assessed(*(getattr(answers.assessed, field.name)[place] for field in fields(Assessed)))
    return Answers(assessed, answers.rung[place], answers.blind[place])
