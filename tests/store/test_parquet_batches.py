"""Parquet inputs: a file, or a folder of them, batch by batch; what folders say is a column."""

import hashlib
import os
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from iwscore.errors import QuestionError, Unreachable
from iwscore.store.parquet_batches import Batch, DamagedFile, parquet_input


def write(path: Path, **columns: list[str]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    parquet.write_table(pa.table(columns), path)
    return path


def batches(path: Path, *columns: str) -> list[Batch]:
    source = parquet_input(path)
    assert source is not None
    return list(source.batches(columns or None))


def cells(path: Path) -> list[dict[str, str]]:
    return [row for batch in batches(path) for row in batch.cells.to_pylist()]


def test_other_formats_are_none_of_ours(tmp_path: Path) -> None:
    assert parquet_input(tmp_path / "rows.csv") is None


def test_folders_named_after_columns_say_what_their_files_leave_out(tmp_path: Path) -> None:
    write(tmp_path / "subject=north%20sea" / "b.parquet", note=["1"])
    write(tmp_path / "subject=belarus" / "deep" / "a.PARQUET", note=["2", "3"])
    write(tmp_path / "subject=__HIVE_DEFAULT_PARTITION__" / "c.parquet", note=["4"])
    (tmp_path / "_SUCCESS").write_text("")
    write(tmp_path / ".hidden" / "x.parquet", note=["5"])
    assert cells(tmp_path) == [
        {"note": "4", "subject": None},
        {"note": "2", "subject": "belarus"},
        {"note": "3", "subject": "belarus"},
        {"note": "1", "subject": "north sea"},
    ]
    assert [(batch.ahead, batch.before) for batch in batches(tmp_path)] == [(0, 0), (1, 0), (3, 0)]


def test_text_comes_by_its_distinct_words(tmp_path: Path) -> None:
    (batch,) = batches(write(tmp_path / "many.parquet", note=["same"] * 9))
    assert batch.cells.column(0).dictionary.to_pylist() == ["same"]


def test_some_columns_alone_are_read_where_they_are(tmp_path: Path) -> None:
    write(tmp_path / "a.parquet", note=["1"], url=["u"])
    write(tmp_path / "b.parquet", url=["v"])
    assert [batch.cells.schema.names for batch in batches(tmp_path, "note")] == [["note"], []]


def test_a_file_without_rows_is_one_empty_batch(tmp_path: Path) -> None:
    (batch,) = batches(write(tmp_path / "empty.parquet", note=[]))
    assert (batch.cells.num_rows, batch.cells.schema.names) == (0, ["note"])


@pytest.mark.parametrize(("names", "said"), [((), ""), (("a.parquet", "notes.txt"), ": notes.txt")])
def test_a_folder_holds_parquet_files_and_no_others(tmp_path: Path, names: tuple[str, ...], said: str) -> None:
    for name in names:
        (tmp_path / name).write_text("")
    with pytest.raises(QuestionError) as refusal:
        parquet_input(tmp_path)
    assert f"IW540 not a folder of Parquet files ({tmp_path}{said})" in str(refusal.value)


def test_a_folder_that_is_a_link_and_a_file_that_is_none_are_not_passed_over(tmp_path: Path) -> None:
    (tmp_path / "real" / "subject=m").mkdir(parents=True)
    (tmp_path / "input").mkdir()
    write(tmp_path / "input" / "rows.parquet", note=pa.array(["1"]))
    for name in ("subject=m", "pipe.parquet"):
        strange = tmp_path / "input" / name
        strange.symlink_to(tmp_path / "real" / "subject=m") if "=" in name else os.mkfifo(strange)
        with pytest.raises(QuestionError, match=f"IW540.*{name}"):
            parquet_input(tmp_path / "input")
        strange.unlink()


def test_what_cannot_be_read_is_said(tmp_path: Path) -> None:
    with pytest.raises(Unreachable, match=r"none.parquet: No such file"):
        batches(tmp_path / "none.parquet")
    (tmp_path / "cut.parquet").write_bytes(b"PAR1")
    with pytest.raises(DamagedFile, match="IW304"):
        batches(tmp_path / "cut.parquet")


def test_an_input_has_a_digest(tmp_path: Path) -> None:
    file = write(tmp_path / "a.parquet", note=["1"])
    alone, folder = parquet_input(file), parquet_input(tmp_path)
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    assert alone is not None
    assert alone.digest() == digest
    assert folder is not None
    assert folder.digest() == hashlib.sha256(f"a.parquet\0{digest}\n".encode()).hexdigest()
