"""``iwscore rescore``: a problem's whole history answered again, into a file."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from iwscore.cli import options
from iwscore.cli.budgets import Memory, ObservationInput, digest_of_input, memory_in_bytes, open_shelf
from iwscore.cli.databases import DatabaseUrl, found_url, log_url, shown_url
from iwscore.cli.executors import ExecutorName, SchedulerAddress, WorkerCount, executor_of
from iwscore.cli.reports import Places, open_columns
from iwscore.errors import QuestionError, Unreachable

if TYPE_CHECKING:
    from iwscore.domain.catalogs import Catalog
    from iwscore.services.executors import Executor
    from iwscore.services.manifests import Found, Job
    from iwscore.services.partitions import Parted
    from iwscore.services.rescoring import Receipt, Told
    from iwscore.services.vintages import InForce

__all__ = ["rescore"]

RescoreFormat = Literal["table", "json"]


def rescore(
    problem: Annotated[str | None, typer.Argument(metavar="PROBLEM", help="The problem's id in the catalog.")] = None,
    catalog: options.CatalogFolder = None,
    database: DatabaseUrl = None,
    observations: ObservationInput = None,
    subject: Annotated[
        list[str] | None, typer.Option(help="What is watched; again for more; all for every one there is.")
    ] = None,
    start: Annotated[str | None, typer.Option("--from", metavar="TIME", help="First time.")] = None,
    end: Annotated[str | None, typer.Option("--to", metavar="TIME", help="Last time, inclusive.")] = None,
    step: Annotated[str, typer.Option(help="Counted from --from: a number and min, h, d, w, mo or y.")] = "1d",
    known_at: options.KnownAt = None,
    vintage: options.Vintage = False,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="The Parquet file to make.")] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace what another job left there.")] = False,
    compare: Annotated[
        bool,
        typer.Option("--compare", help="Say how the answers of --catalog differ from those of the one in force."),
    ] = False,
    against: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="The one in force [default: $IWSCORE_CATALOG, else this folder]."),
    ] = None,
    top: Annotated[int, typer.Option(min=1, help="How many differences of each kind --compare names.")] = 10,
    verify: Annotated[
        Path | None, typer.Option(metavar="MANIFEST", help="Do this job again and say whether its output holds.")
    ] = None,
    memory: Memory = None,
    executor: ExecutorName = "local",
    scheduler: SchedulerAddress = None,
    workers: WorkerCount = None,
    format: Annotated[RescoreFormat, typer.Option("--format", help="For people, or in full for scripts.")] = "table",
) -> None:
    """Answer a problem's whole history again, into a Parquet file with a manifest beside it.

    Rows stand by subject, then time, then scenario. A killed job goes on where it stopped when it is asked for again,
    and ends in the same bytes, whatever has come into the log since; a finished one is left as it is. With --compare,
    history.parquet has the answers of --catalog and history.in-force.parquet those of --against. Whoever answers, the
    bytes are the same.
    """
    does = executor_of(executor, scheduler, workers)
    if verify:
        _verify(verify, Places(observations, database, catalog), memory_in_bytes(memory), does, format)
        return
    needed = _required(problem, start, end, out)
    within = memory_in_bytes(memory)
    asked = _Asked(*needed, tuple(subject or ()), step, known_at, vintage, overwrite, within, does)
    if compare:
        if catalog is None:
            raise _missing("--catalog", "--compare")
        _compare(asked, (catalog, against), observations, database, top, format)
        return
    from iwscore.render.histories import receipt_json, receipt_text

    places, in_force = Places(observations, database, catalog), vintage and catalog is None
    inputs = _Inputs.read(asked, places, asked.resumed(asked.out), in_force=in_force)
    receipt = asked.make(inputs, asked.job(inputs, asked.subjects), asked.out)
    options.put({"table": receipt_text, "json": receipt_json}[format](receipt), None)


def _required(problem: str | None, start: str | None, end: str | None, out: Path | None) -> tuple[str, str, str, Path]:
    """Return what a job cannot do without; --verify can."""
    if problem is None:
        raise _missing("PROBLEM", "rescore")
    if start is None:
        raise _missing("--from", "rescore")
    if end is None:
        raise _missing("--to", "rescore")
    if out is None or not out.name:
        raise _missing("--out", "rescore")
    return problem, start, end, out


def _missing(name: str, command: str) -> QuestionError:
    return QuestionError("IW525", f"no {name}", None, f"{command} cannot do without", f"Give {name}.")


@dataclass(frozen=True)
class _Inputs:
    """A catalog, or those in force, and reports; which reports they are, and where all was found."""

    catalog: Catalog | InForce
    observations: Parted
    identity: dict[str, str]
    found: Found

    @classmethod
    def read(cls, asked: _Asked, places: Places, head: str | None, *, in_force: bool) -> _Inputs:
        """Return what is there; of a log with ``head`` what was there then, and with ``in_force`` its catalogs."""
        from iwscore.services.manifests import Found

        folder, known = options.catalog_folder(places.folder), options.knowledge(asked.known_at)
        held = options.open_catalog(folder)
        if places.file is not None and places.database is None:
            return cls._of_file(held, asked, places.file, folder)
        reports = open_columns(places, held, known, in_force=in_force, head=head)
        seen, home = reports.observations, asked.out.parent
        found = Found(os.path.relpath(folder, home), database=shown_url(places.database, places.folder, home))
        return cls(reports.catalog, seen, {"log": seen.log}, found)

    @classmethod
    def _of_file(cls, catalog: Catalog, asked: _Asked, file: Path, folder: Path) -> _Inputs:
        """Return what is in a file, or a folder of files, that stays as it is meanwhile."""
        from iwscore.services.executors import here
        from iwscore.services.manifests import Found

        home, before = asked.out.parent, digest_of_input(file)
        seen = open_shelf(file, catalog, asked.memory, home, sent=asked.executor is not here)
        if digest_of_input(file) != before:
            raise Unreachable(
                "IW454", "file changed while it was read", str(file), "must stay as it is", "Ask again when it does."
            )
        found = Found(os.path.relpath(folder, home), observations=os.path.relpath(file, home))
        return cls(catalog, seen, {"sha256": before}, found)


@dataclass(frozen=True)
class _Asked:
    """What was asked for, as it was typed."""

    problem: str
    start: str
    end: str
    out: Path
    subjects: tuple[str, ...]
    step: str
    known_at: str | None
    vintage: bool
    overwrite: bool
    memory: int
    executor: Executor

    def job(self, inputs: _Inputs, subjects: tuple[str, ...]) -> Job:
        """Return the job for these subjects."""
        from iwscore.services.manifests import make_job

        return make_job(
            inputs.catalog,
            inputs.observations,
            identity=inputs.identity,
            problem=self.problem,
            subjects=subjects,
            start=options.instant(self.start, "--from"),
            end=options.instant(self.end, "--to"),
            step=self.step,
            known_at=options.knowledge(self.known_at),
            vintage=self.vintage,
        )

    def resumed(self, *outs: Path) -> str | None:
        """Return the head of the log that a job begun at one of these places has read; None where none is."""
        from iwscore.services.manifests import head_of_begun

        return None if self.overwrite else next(filter(None, map(head_of_begun, outs)), None)

    def make(self, inputs: _Inputs, job: Job, out: Path) -> Receipt:
        """Do the job."""
        from iwscore.services.rescoring import rescore as answer

        with _progress(f"Answering {out.name}") as told:
            return answer(
                inputs.catalog,
                inputs.observations,
                job=job,
                out=out,
                found=inputs.found,
                overwrite=self.overwrite,
                told=told,
                executor=self.executor,
            )


def _compare(
    asked: _Asked,
    folders: tuple[Path, Path | None],
    file: Path | None,
    database: str | None,
    top: int,
    format: RescoreFormat,
) -> None:
    """Make both catalogs' histories, one file each, and say how they differ."""
    from iwscore.render.histories import comparison_json, comparison_text
    from iwscore.services.comparing import Unplaced, compare, shared_subjects, side, unplaced
    from iwscore.services.rescoring import begin

    outs = (asked.out, asked.out.with_suffix(".in-force.parquet"))
    head = asked.resumed(*outs)
    url = None if file else log_url(database, folders[1])
    half = replace(asked, memory=asked.memory // 2)  # both are held at once
    inputs = [
        _Inputs.read(half, Places(file, url, folder), head, in_force=asked.vintage and folder is None)
        for folder in folders
    ]
    shared, apart = shared_subjects(asked.problem, asked.subjects, *((one.catalog, one.observations) for one in inputs))
    sides = [side(one.catalog, asked.problem, out) for one, out in zip(inputs, outs, strict=True)]
    jobs = [asked.job(one, shared) for one in inputs]
    for job, out in zip(jobs, outs, strict=True):
        begin(job, out, overwrite=asked.overwrite)
    receipts = [asked.make(one, job, out) for one, job, out in zip(inputs, jobs, outs, strict=True)]
    lost = [unplaced(one.catalog, one.observations, job) for one, job in zip(inputs, jobs, strict=True)]
    with options.working("Comparing"):
        compared = compare(
            *sides,
            job=jobs[0],
            digest=jobs[1].catalog,
            apart=apart,
            lost=Unplaced(other=lost[0], in_force=lost[1]),
            most=top,
        )
    options.put({"table": comparison_text, "json": comparison_json}[format](compared, receipts), None)


def _verify(path: Path, given: Places, memory: int, does: Executor, format: RescoreFormat) -> None:
    """Do a manifest's job again; exit 1 where its output is something else."""
    from iwscore.render.histories import rerun_json, rerun_text
    from iwscore.services.manifests import read_manifest
    from iwscore.services.reruns import check_catalog, check_observations, rerun

    manifest, home = read_manifest(path), path.parent
    job = manifest.job
    span = (job.start, job.end, path, job.subjects, job.step)
    asked = _Asked(job.problem, *span, job.known_at, job.vintage, overwrite=False, memory=memory, executor=does)
    file = given.file
    if file is None and given.database is None and manifest.observations:
        file = home / manifest.observations
    database = given.database or (found_url(manifest.database, home) if file is None else None)
    places = Places(file, database, given.folder or home / manifest.catalog)
    inputs = _Inputs.read(asked, places, job.observations.get("log"), in_force=bool(job.in_force))
    check_catalog(job, inputs.catalog)
    check_observations(job, inputs.identity)
    with _progress(f"Doing {manifest.output} again") as told:
        output = home / manifest.output
        verdict = rerun(manifest, inputs.catalog, inputs.observations, output=output, told=told, executor=does)
    options.put({"table": rerun_text, "json": rerun_json}[format](verdict), None)
    if not verdict.holds:
        raise typer.Exit(1)


@contextmanager
def _progress(what: str) -> Iterator[Told]:
    """Show on a terminal how far a job is and how long it will take yet."""
    if not sys.stderr.isatty():
        yield lambda done, rows: None
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        Progress,
        TaskProgressColumn,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*columns, TextColumn("left"), TimeRemainingColumn(), console=Console(stderr=True)) as shown:
        task = shown.add_task(what, total=None)

        def told(done: int, rows: int) -> None:
            # What an earlier run did says nothing about how fast this one is.
            if shown.tasks[0].total is None:
                shown.reset(task, total=rows, completed=done)
            else:
                shown.update(task, completed=done)

        yield told
