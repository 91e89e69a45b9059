"""Reruns: a manifest's job done again, and whether its output holds.

Here belongs the verdict. Doing the job belongs to ``services.rescoring``.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

import numpy as np
import pyarrow as pa

from iwscore.domain.catalogs import Catalog
from iwscore.domain.models import Model
from iwscore.domain.times import print_instant
from iwscore.errors import QuestionError
from iwscore.services.executors import Executor, here
from iwscore.services.manifests import Found, Identity, Job, Manifest, versions
from iwscore.services.partitions import Parted
from iwscore.services.rescoring import Told, rescore
from iwscore.services.vintages import InForce
from iwscore.store.outputs import COLUMNS, rows_in, tables_of
from iwscore.store.parts import digest_of_file

__all__ = ["TOLERANCE", "Difference", "Rerun", "check_catalog", "check_observations", "rerun"]

TOLERANCE = 1e-9  # what another machine or version may differ by
_ROWS_AT_ONCE = 1 << 16
_MEASURES = ("likelihood", "score", "against", "coverage")
Cell = str | float | int | None


class Difference(Model):
    """The first cell, row by row, in which an output is not what its job gives."""

    row: int
    column: str
    output: Cell
    rerun: Cell


class Rerun(Model):
    """What came of doing a job again: the bytes, or the values within `TOLERANCE`, or neither."""

    finding: Literal["same bytes", "same values", "different"]
    manifest_sha256: str
    output_sha256: str
    rerun_sha256: str
    versions: dict[str, str]
    largest: float
    first: Difference | None

    @property
    def holds(self) -> bool:
        """Whether the output is what the job gives."""
        return self.finding != "different"


def check_catalog(job: Job, catalog: Catalog | InForce) -> None:
    """Refuse a catalog that is not the job's, IW522."""
    catalog = InForce.of(catalog).last
    if catalog.digest != job.catalog:
        raise QuestionError(
            "IW522", "another catalog", catalog.digest[:12], f"must be the manifest's, {job.catalog[:12]}",
            "Give --catalog DIR as it was then.",
        )  # fmt: skip


def check_observations(job: Job, identity: Identity) -> None:
    """Refuse observations that are not the job's, IW523."""
    if dict(identity) != job.observations:
        raise QuestionError(
            "IW523", "other observations", _said(identity), f"must be the manifest's, {_said(job.observations)}",
            "Give --observations FILE as it was then.",
        )  # fmt: skip


def _said(identity: Identity) -> str:
    return ", ".join(f"{name} {str(value)[:12]}" for name, value in sorted(identity.items()))


def rerun(
    manifest: Manifest,
    catalog: Catalog | InForce,
    observations: Parted,
    *,
    output: Path,
    told: Told = lambda done, rows: None,
    executor: Executor = here,
) -> Rerun:
    """Return what comes of doing the job of a manifest again, apart from its output, which stays as it is.

    Raises
    ------
    Unreachable
        IW451 where the output is gone or no output.
    """
    rows = rows_in(output)
    with TemporaryDirectory() as folder:
        again = Path(folder) / "again.parquet"
        job = manifest.job.model_copy(update={"versions": versions()})
        found = Found(manifest.catalog, manifest.observations, manifest.database)
        made = rescore(catalog, observations, job=job, out=again, found=found, told=told, executor=executor).manifest
        digests = (manifest.sha256, digest_of_file(output), made.sha256)
        largest, first, finding = 0.0, None, "same bytes"
        if rows != made.rows:
            first = Difference(row=min(rows, made.rows), column="rows", output=rows, rerun=made.rows)
        elif len(set(digests)) > 1:
            largest, first = _compare(output, again)
            finding = "same values"
    return Rerun.model_validate(
        {
            "finding": "different" if first else finding,
            "manifest_sha256": digests[0],
            "output_sha256": digests[1],
            "rerun_sha256": digests[2],
            "versions": versions(),
            "largest": largest,
            "first": first,
        }
    )


def _compare(output: Path, again: Path) -> tuple[float, Difference | None]:
    """Return the largest difference of a measure up to the first cell that is not the same, and that cell."""
    largest, row = 0.0, 0
    for one, other in zip(tables_of(output, _ROWS_AT_ONCE), tables_of(again, _ROWS_AT_ONCE), strict=True):
        wrong = np.full((len(one), len(COLUMNS)), False)
        for place, name in enumerate(COLUMNS):
            a, b = _cells(one, name), _cells(other, name)
            if name not in _MEASURES:
                wrong[:, place] = a != b
                continue
            apart = np.where(np.isnan(a) & np.isnan(b), 0.0, np.abs(a - b))
            wrong[:, place] = ~(apart <= TOLERANCE)
            largest = max(largest, float(apart.max(initial=0.0, where=~np.isnan(apart))))
        if wrong.any():
            first, place = divmod(int(np.flatnonzero(wrong.ravel())[0]), len(COLUMNS))
            name = COLUMNS[place]
            cells = (_cell(one, name, first), _cell(other, name, first))
            return largest, Difference(row=row + first, column=name, output=cells[0], rerun=cells[1])
        row += len(one)
    return largest, None


def _cells(table: pa.Table, name: str) -> Any:
    column = table.column(name)
    return (column.cast(pa.int64()) if name == "at" else column).to_numpy()


def _cell(table: pa.Table, name: str, row: int) -> Cell:
    value = table.column(name)[row].as_py()
    return print_instant(value) if isinstance(value, datetime) else value
