"""A manifest's job done again: what holds, what does not, and where."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from iwscore.errors import QuestionError, Unreachable
from iwscore.services.manifests import Manifest
from iwscore.services.reruns import Rerun, check_catalog, check_observations, rerun
from tests.services.jobs import Making, several
from tests.services.telling import Told


@pytest.fixture
def making(tell: Callable[..., Told], tmp_path: Path) -> Making:
    return Making(several(tell), tmp_path / "history.parquet")


def again(making: Making, manifest: Manifest) -> Rerun:
    return rerun(manifest, making.told.catalog, making.told.observations, output=making.out)


def change(making: Making, row: int, **cells: Any) -> None:
    """Write the output anew with other cells in one row."""
    table = pq.read_table(making.out)
    rows = table.to_pylist()
    rows[row] |= cells
    pq.write_table(pa.Table.from_pylist(rows, schema=table.schema), making.out)


def test_an_output_as_it_was_made_holds_and_stays(making: Making) -> None:
    manifest = making.manifest()
    before = sorted((path.name, path.stat().st_mtime_ns) for path in making.out.parent.iterdir())
    verdict = again(making, manifest)
    assert (verdict.finding, verdict.holds, verdict.first, verdict.largest) == ("same bytes", True, None, 0.0)
    assert verdict.manifest_sha256 == verdict.output_sha256 == verdict.rerun_sha256 == manifest.sha256
    assert sorted((path.name, path.stat().st_mtime_ns) for path in making.out.parent.iterdir()) == before


def test_the_work_of_another_version_holds_by_its_values(making: Making) -> None:
    older = making.job().model_copy(update={"versions": {"iwscore": "0.0.1", "numpy": "2.0", "pyarrow": "18"}})
    verdict = again(making, making.manifest(job=older))
    assert (verdict.finding, verdict.holds, verdict.first, verdict.largest) == ("same values", True, None, 0.0)
    assert verdict.rerun_sha256 != verdict.manifest_sha256 == verdict.output_sha256


def test_a_difference_that_another_machine_may_make_holds(making: Making) -> None:
    manifest = making.manifest()
    was = pq.read_table(making.out)["likelihood"][7].as_py()
    change(making, 7, likelihood=was + 4e-10)
    verdict = again(making, manifest)
    assert verdict.finding == "same values"
    assert verdict.largest == pytest.approx(4e-10, rel=1e-3)


@pytest.mark.parametrize(
    ("row", "cells"),
    [(7, {"likelihood": 0.9}), (0, {"rung": None}), (83, {"subject": "moon"}), (30, {"coverage": None})],
)
def test_the_first_cell_that_differs_is_named(making: Making, row: int, cells: dict[str, Any]) -> None:
    manifest = making.manifest()
    kept = pq.read_table(making.out)
    change(making, row, **cells)
    verdict = again(making, manifest)
    ((column, value),) = cells.items()
    assert (verdict.finding, verdict.holds) == ("different", False)
    assert verdict.first is not None
    assert verdict.first.model_dump() == {
        "row": row,
        "column": column,
        "output": value,
        "rerun": kept[column][row].as_py(),
    }


def test_a_time_that_differs_is_named_as_people_write_it(making: Making) -> None:
    manifest = making.manifest()
    rows = pq.read_table(making.out)["at"]
    change(making, 3, at=rows[9].as_py())
    first = again(making, manifest).first
    assert first is not None
    assert (first.output, first.rerun) == ("2022-10-07T00:00:00Z", "2022-10-04T00:00:00Z")


def test_missing_rows_are_counted(making: Making) -> None:
    manifest = making.manifest()
    pq.write_table(pq.read_table(making.out).slice(0, 80), making.out)
    first = again(making, manifest).first
    assert first is not None
    assert first.model_dump() == {"row": 80, "column": "rows", "output": 80, "rerun": 84}


@pytest.mark.parametrize("content", [None, b"no such thing"])
def test_an_output_that_cannot_be_read_is_refused(making: Making, content: bytes | None) -> None:
    manifest = making.manifest()
    making.out.unlink()
    if content is not None:
        making.out.write_bytes(content)
    with pytest.raises(Unreachable, match=r"^IW451 output cannot be read \(.*history\.parquet\); "):
        again(making, manifest)


def test_another_catalog_and_other_observations_are_refused(making: Making) -> None:
    job = making.job()
    check_catalog(job, making.told.catalog)
    check_observations(job, {"sha256": "0" * 64})
    other = job.model_copy(update={"catalog": "f" * 64})
    said = rf"^IW522 another catalog \({job.catalog[:12]}\); must be the manifest's, f{{12}}\. "
    with pytest.raises(QuestionError, match=said):
        check_catalog(other, making.told.catalog)
    said = r"^IW523 other observations \(log abc\); must be the manifest's, sha256 000000000000\. "
    with pytest.raises(QuestionError, match=said):
        check_observations(job, {"log": "abc"})
