"""Files: the suffix chooses the reader, and what the disk refuses is told apart from what is wrong inside."""

from collections.abc import Callable
from pathlib import Path

import pytest

from iwscore.errors import QuestionError, Unreachable
from iwscore.store.files import read_table
from tests.store.sheets import FORMATS, SOUND


@pytest.mark.parametrize(
    ("suffix", "written"),
    [(".csv", ".csv"), (".CSV", ".csv"), (".jsonl", ".jsonl"), (".ndjson", ".jsonl"), (".Parquet", ".parquet")],
)
def test_the_suffix_chooses_the_reader(file: Callable[[bytes, str], Path], suffix: str, written: str) -> None:
    table = read_table(file(FORMATS[written]([SOUND]), suffix))
    assert (len(table.rows), list(table.faults)) == (1, [])


@pytest.mark.parametrize("name", ["observations.xlsx", "observations", "observations.csv.gz"])
def test_another_suffix_is_wrong_use(tmp_path: Path, name: str) -> None:
    with pytest.raises(QuestionError) as refusal:
        read_table(tmp_path / name)
    assert (refusal.value.exit_code, refusal.value.code) == (2, "IW300")
    assert str(refusal.value) == (
        f"IW300 suffix is unknown ({tmp_path / name}); "
        "it must be .csv, .jsonl, .ndjson or .parquet. Rename or convert the file."
    )


@pytest.mark.parametrize(
    ("name", "reason"), [("none.csv", "No such file or directory"), ("folder.csv", "not a regular file")]
)
def test_what_cannot_be_opened_is_out_of_reach(tmp_path: Path, name: str, reason: str) -> None:
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(Unreachable) as refusal:
        read_table(tmp_path / name)
    assert (refusal.value.exit_code, refusal.value.code) == (3, "IW301")
    assert str(refusal.value) == (
        f"IW301 file cannot be opened ({tmp_path / name}: {reason}); "
        "it must be a file that can be read. Check the path and the permissions."
    )
