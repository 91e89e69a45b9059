"""Manifests: what a rescoring was asked and what came of it, kept beside its output.

Here belong the job, which is everything the answers are a function of, and the page that names it. Doing the job
belongs to ``services.rescoring``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np
import pyarrow as pa
from pydantic import ValidationError

from iwscore import __version__
from iwscore.core.bundles import Times
from iwscore.domain.catalogs import Catalog
from iwscore.domain.models import Model
from iwscore.domain.times import parse_instant, print_instant
from iwscore.errors import QuestionError, Unreachable
from iwscore.services.partitions import Parted, subjects_in
from iwscore.services.questions import ask
from iwscore.services.trends import times_between
from iwscore.services.vintages import InForce
from iwscore.store.outputs import COLUMNS
from iwscore.store.parts import Parts

__all__ = [
    "ALL",
    "Found",
    "Job",
    "Manifest",
    "differences",
    "head_of_begun",
    "make_job",
    "manifest_beside",
    "read_manifest",
    "subjects_of",
    "versions",
]

ALL = "all"
Identity = Mapping[str, str]


class Job(Model):
    """What a rescoring was asked; two jobs that are equal have the same bytes for an output.

    ``observations`` says which they were: of a file its SHA-256, of a log its head. ``in_force`` says since when
    which catalog answers, where it is not ``catalog`` alone.
    """

    format: Literal[1] = 1
    problem: str
    subjects: tuple[str, ...]
    start: str
    end: str
    step: str
    known_at: str | None
    vintage: bool
    catalog: str
    in_force: dict[str, str]
    observations: dict[str, str]
    versions: dict[str, str]

    def encoded(self) -> bytes:
        """Return the job as bytes, the same for equal jobs."""
        return json.dumps(self.model_dump(mode="json"), sort_keys=True, separators=(",", ":")).encode()

    def times(self) -> Times:
        """Return the grid, microseconds. Shape (T,)."""
        return np.array(times_between(parse_instant(self.start), parse_instant(self.end), self.step), dtype=np.int64)

    def known(self) -> datetime | None:
        """Return up to when entries count as known; None is everything."""
        return parse_instant(self.known_at) if self.known_at else None

    def differences(self, other: Job) -> tuple[str, ...]:
        """Return the names of what another job was asked otherwise."""
        return tuple(name for name in Job.model_fields if getattr(self, name) != getattr(other, name))


class Found(NamedTuple):
    """Where a catalog and a file of observations, or a log, were found, seen from the output's folder."""

    catalog: str
    observations: str | None = None
    database: str | None = None


class Manifest(Model):
    """A finished job: where its inputs were found, seen from the manifest, and which bytes it made."""

    job: Job
    catalog: str
    observations: str | None
    database: str | None
    output: str
    columns: tuple[str, ...] = COLUMNS
    sorted_by: tuple[str, ...] = ("subject", "at", "scenario in catalog order")
    rows: int
    sha256: str

    def encoded(self) -> bytes:
        """Return the page as it is kept: JSON for people to read."""
        return (json.dumps(self.model_dump(mode="json"), indent=2, ensure_ascii=False) + "\n").encode()


def make_job(
    catalog: Catalog | InForce,
    observations: Parted,
    *,
    identity: Identity,
    problem: str,
    subjects: Sequence[str],
    start: datetime,
    end: datetime,
    step: str,
    known_at: datetime | None,
    vintage: bool,
) -> Job:
    """Return the job that is asked for; ``identity`` says which observations these are.

    Raises
    ------
    QuestionError
        Where it cannot be asked so: IW501 to IW503, IW505, IW506 as of a trend, IW520 where nobody is named.
    """
    in_force = InForce.of(catalog)
    job = Job(
        problem=problem,
        subjects=subjects_of(in_force.last, observations, problem, subjects),
        start=print_instant(start),
        end=print_instant(end),
        step=step,
        known_at=print_instant(known_at) if known_at else None,
        vintage=vintage,
        catalog=in_force.last.digest,
        in_force={print_instant(since): digest for since, digest in in_force.named()},
        observations=dict(identity),
        versions=versions(),
    )
    job.times()
    return job


def subjects_of(catalog: Catalog, observations: Parted, problem: str, subjects: Sequence[str]) -> tuple[str, ...]:
    """Return the subjects meant, sorted: those named; with `ALL` among them every one; of none, the only one."""
    if ALL not in subjects:
        asked: Sequence[str | None] = subjects or (None,)
        return tuple(sorted({ask(catalog, observations, problem, name)[1] for name in asked}))
    listed = catalog.problems[problem].subjects if problem in catalog.problems else None
    every = sorted(listed or subjects_in(observations))
    ask(catalog, observations, problem, every[0] if every else "")
    if not every:
        raise QuestionError(
            "IW520", "nobody to ask about", problem, "the problem or the observations must name a subject",
            "Give --subject.",
        )  # fmt: skip
    return tuple(every)


def head_of_begun(out: Path) -> str | None:
    """Return the head of the log that an unfinished job at this place has read; None where there is none."""
    begun = Parts.beside(out).job()
    try:
        return Job.model_validate_json(begun).observations.get("log") if begun is not None else None
    except ValidationError:
        return None


def differences(begun: bytes, job: Job) -> tuple[str, ...]:
    """Return in what a job that was begun is not this one."""
    try:
        return Job.model_validate_json(begun).differences(job)
    except ValidationError:
        return ("format",)


def versions() -> dict[str, str]:
    """Return what the last digit of an answer and the bytes of an output hang on."""
    return {"iwscore": __version__, "numpy": np.__version__, "pyarrow": pa.__version__}


def manifest_beside(out: Path) -> Path:
    """Return where the manifest of an output is."""
    return out.with_name(f"{out.name}.manifest.json")


def read_manifest(path: Path) -> Manifest:
    """Return a manifest.

    Raises
    ------
    Unreachable
        IW453 where there is none or it cannot be understood.
    """
    try:
        content: Any = json.loads(path.read_bytes())
        return Manifest.model_validate(content)
    except (OSError, ValueError, ValidationError) as error:
        raise Unreachable(
            "IW453", "no manifest", str(path), "must be a manifest that rescore wrote", "Name the right file."
        ) from error
