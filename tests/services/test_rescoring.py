"""A history answered again: the digits of a trend, the same bytes however often it was stopped."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

from iwscore.domain.columns import Columns
from iwscore.errors import QuestionError, Unreachable
from iwscore.services.manifests import Found, Manifest, manifest_beside
from iwscore.services.partitions import Partitions, partitions_of
from iwscore.services.rescoring import ROWS_A_PART, begin, rescore
from iwscore.store.outputs import COLUMNS
from iwscore.store.parts import Parts, digest_of_file, locked
from tests.oracle.plain import AT
from tests.services.jobs import DAY, SUBJECTS, Making, Stopped, several, stop_after
from tests.services.telling import Told

YEARS = {"step": "1h", "end": AT + 700 * DAY}  # 16,825 times, 2 scenarios: just over a part a subject


@pytest.fixture
def making(tell: Callable[..., Told], tmp_path: Path) -> Making:
    return Making(several(tell), tmp_path / "history.parquet")


@pytest.fixture
def long(making: Making) -> Making:
    making.asked = YEARS
    return making


def lying(out: Path) -> list[str]:
    return sorted(path.name for path in out.parent.iterdir() if path.name.lstrip(".").startswith(out.stem))


@pytest.mark.parametrize(
    "asked",
    [{}, {"vintage": True}, {"known_at": AT + 5 * DAY}, {"vintage": True, "known_at": AT + 5 * DAY, "step": "7h"}],
    ids=["plain", "vintage", "known at", "both"],
)
def test_the_rows_are_those_of_a_trend_of_each_subject(making: Making, asked: dict[str, Any]) -> None:
    making.make(making.job(**asked))
    span = {"start": AT - DAY, "end": AT + 12 * DAY, **asked}
    trends = [making.told.trend(subject=name, **span) for name in sorted(SUBJECTS)]
    assert pq.read_table(making.out).to_pylist() == [row for trend in trends for row in trend.rows()]
    assert {rung for trend in trends for rung in trend.rung.tolist()} == {0, 1}


@dataclass(frozen=True)
class Cut:
    """Reports by subject, each subject's too many to be held at once."""

    whole: Partitions

    @property
    def names(self) -> tuple[str, ...]:
        return self.whole.names

    def of(self, subject: str) -> Columns:
        raise AssertionError(f"all reports on {subject} at once")

    def pieces(self, subject: str) -> Iterator[Columns]:
        columns = self.whole.of(subject)
        signs = columns.indicator.places({"sign-0": 0})
        yield from (columns.take(np.flatnonzero(signs == sign)) for sign in (0, -1))

    def too_many(self, subject: str) -> int:
        return len(self.whole.of(subject)) or 1


@pytest.mark.parametrize("vintage", [False, True])
def test_reports_that_cannot_be_held_at_once_make_the_same_bytes(making: Making, vintage: bool) -> None:
    job = making.job(vintage=vintage)
    whole = making.make(job).manifest
    cut = Cut(partitions_of(making.told.observations))
    again = rescore(making.told.catalog, cut, job=job, out=making.out.with_name("cut.parquet"), found=Found("."))
    assert again.manifest.sha256 == whole.sha256


def test_what_the_list_cannot_tell_is_null(tell: Callable[..., Told], tmp_path: Path) -> None:
    making = Making(several(tell, given=(0.5, 0.5), ladder=False), tmp_path / "history.parquet")
    making.make()
    row = pq.read_table(making.out).to_pylist()[-1]
    assert [row[name] for name in COLUMNS[3:]] == [0.5, None, None, None, None]


def test_the_manifest_says_what_was_asked_and_what_was_made(making: Making) -> None:
    receipt = making.make()
    manifest = Manifest.model_validate_json(manifest_beside(making.out).read_bytes())
    assert receipt.manifest == manifest
    assert (receipt.state, receipt.parts, receipt.resumed) == ("made", 1, 0)
    assert (manifest.job, manifest.output) == (making.job(), "history.parquet")
    assert (manifest.rows, manifest.sha256) == (3 * 14 * 2, digest_of_file(making.out))
    assert pq.read_schema(making.out).metadata[b"iwscore"] == making.job().encoded()
    assert lying(making.out) == ["history.parquet", "history.parquet.manifest.json"]


def test_asked_again_nothing_is_written(making: Making) -> None:
    making.make()
    before = [path.stat().st_mtime_ns for path in (making.out, manifest_beside(making.out))]
    assert making.make().state == "there"
    assert [path.stat().st_mtime_ns for path in (making.out, manifest_beside(making.out))] == before
    assert lying(making.out) == ["history.parquet", "history.parquet.manifest.json"]


def test_progress_is_told_in_rows(long: Making) -> None:
    said: list[tuple[int, int]] = []
    receipt = long.make(told=lambda done, rows: said.append((done, rows)))
    assert (said[0], said[-1]) == ((0, receipt.manifest.rows), (receipt.manifest.rows,) * 2)
    assert said == sorted(said)
    assert receipt.parts == 6


def test_stopped_at_any_part_it_goes_on_and_ends_in_the_same_bytes(long: Making) -> None:
    whole, job = long.manifest(), long.job()
    row_groups = pq.read_metadata(long.out).num_row_groups
    long.out.unlink()
    for done in range(row_groups):
        with pytest.raises(Stopped):
            long.make(job, told=stop_after(done * ROWS_A_PART // 2 + 1))
        assert not long.out.exists()
    receipt = long.make(job)
    assert 0 < receipt.resumed < receipt.parts == row_groups
    assert receipt.manifest == whole
    assert digest_of_file(long.out) == whole.sha256
    assert lying(long.out) == ["history.parquet", "history.parquet.manifest.json"]


def stopped(making: Making, **more: Any) -> Parts:
    """Stop after the third part."""
    with pytest.raises(Stopped):
        making.make(told=stop_after(ROWS_A_PART * 2), **more)
    return Parts.beside(making.out)


def test_a_damaged_part_is_made_again(long: Making) -> None:
    done = stopped(long).done(long.job().encoded())
    content = bytearray(done[1].read_bytes())
    content[len(content) // 2] ^= 1
    done[1].write_bytes(content)
    receipt = long.make()
    assert receipt.resumed == len(done) - 1
    long.out.unlink()
    assert long.manifest() == receipt.manifest


def test_an_output_that_was_changed_or_is_gone_is_made_again(making: Making) -> None:
    """The latter is also what a kill between manifest and output leaves."""
    whole = making.manifest()
    for spoil in (lambda: making.out.write_bytes(b"spoilt"), making.out.unlink):
        spoil()
        receipt = making.make()
        assert (receipt.state, receipt.manifest, digest_of_file(making.out)) == ("made", whole, whole.sha256)


def test_parts_left_beside_a_finished_output_are_cleared_away(making: Making) -> None:
    """A kill just before the end leaves them."""
    making.make()
    parts = Parts.beside(making.out)
    parts.folder.mkdir()
    parts.begin(making.job().encoded())
    assert making.make().state == "there"
    assert lying(making.out) == ["history.parquet", "history.parquet.manifest.json"]


def test_parts_of_another_job_are_refused_unless_they_may_be_replaced(long: Making) -> None:
    parts = stopped(long)
    other = long.job(vintage=True, step="2h")
    refused = (
        rf"^IW521 another job's work is there \({parts.folder}\); must be this job's, but differs in step, vintage\. "
        r"Give another --out, or --overwrite\.$"
    )
    with pytest.raises(QuestionError, match=refused):
        long.make(other)
    assert len(parts.done(long.job().encoded())) > 0
    with pytest.raises(Stopped):
        long.make(other, overwrite=True, told=stop_after(ROWS_A_PART))
    receipt = long.make(other)
    assert receipt.resumed > 0
    long.out.unlink()
    assert long.make(other).manifest == receipt.manifest


def test_parts_of_another_version_are_refused(making: Making) -> None:
    parts = Parts.beside(making.out)
    parts.folder.mkdir()
    parts.begin(b'{"format": 2}')
    with pytest.raises(QuestionError, match="differs in format"):
        making.make()


def test_anothers_output_is_refused_unless_it_may_be_replaced(making: Making) -> None:
    making.make()
    other = making.job(subjects=["here"], known_at=AT)
    with pytest.raises(QuestionError, match=rf"IW521 .*\({making.out}\); .* differs in subjects, known_at\."):
        making.make(other)
    assert making.make().state == "there"
    assert making.make(other, overwrite=True).manifest.rows == 14 * 2


def test_a_file_without_a_manifest_is_refused_unless_it_may_be_replaced(making: Making) -> None:
    making.out.write_bytes(b"somebody's")
    with pytest.raises(QuestionError, match=r"IW521 file is there already \(.*\); .* no manifest beside it\."):
        making.make()
    assert making.out.read_bytes() == b"somebody's"
    assert lying(making.out) == ["history.parquet"]
    assert making.make(overwrite=True).state == "made"


def test_a_manifest_that_cannot_be_read_is_refused_unless_it_may_be_replaced(making: Making) -> None:
    making.make()
    manifest_beside(making.out).write_bytes(b"{}")
    with pytest.raises(Unreachable, match="IW453 no manifest"):
        making.make()
    assert making.make(overwrite=True).state == "made"


def test_one_process_at_a_time_writes_an_output(making: Making) -> None:
    parts = Parts.beside(making.out)
    with locked(parts), pytest.raises(Unreachable, match=rf"^IW452 output is being written \({parts.folder}\); "):
        making.make()
    assert making.make().state == "made"


def test_a_job_can_take_its_place_before_its_turn(making: Making) -> None:
    begin(making.job(), making.out)
    assert Parts.beside(making.out).job() == making.job().encoded()
    with pytest.raises(QuestionError, match="IW521"):
        begin(making.job(vintage=True), making.out)
    assert making.make().state == "made"
    begin(making.job(), making.out)
    assert not Parts.beside(making.out).folder.exists()


def test_a_folder_that_is_not_there_is_refused(making: Making) -> None:
    making.out = making.out.parent / "none" / "history.parquet"
    with pytest.raises(Unreachable, match=r"^IW402 cannot write \(.*none.history\.parquet\); .* No such file"):
        making.make()
