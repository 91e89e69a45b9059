"""Outputs: columns, types, and the same bytes for the same rows."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from iwscore.core.assessing import Assessed
from iwscore.domain.times import DAY
from iwscore.errors import Unreachable
from iwscore.store.outputs import COLUMNS, answer_table, assemble, encode, rows_in, tables_of

NAN = float("nan")


def answers(subject: str, times: int, rungs: tuple[str, ...] = ("calm", "watch")) -> pa.Table:
    """So many days, two scenarios; on the first day the list cannot tell."""
    like = np.linspace(0.1, 0.9, times)
    tally = np.where(np.arange(times) == 0, NAN, 12.5)
    assessed = Assessed(
        likelihood=np.stack([like, 1 - like], axis=1),
        score=np.stack([tally, tally], axis=1),
        against=np.stack([tally, tally + 1], axis=1),
        coverage=tally / 100,
        contested=np.zeros(times, dtype=np.bool_),
        speaking=np.zeros(times, dtype=np.int64),
    )
    rung = np.arange(times) % 2 if rungs else np.full(times, -1)
    return answer_table(subject, ("war", "peace"), rungs, np.arange(times) * DAY, assessed, rung)


def write(path: Path, *sizes: int) -> int:
    return assemble(path, (encode([answers("here", size)]) for size in sizes), b"{}")


def test_a_row_a_time_and_scenario_in_this_order() -> None:
    table = answers("here", 2)
    assert tuple(table.column_names) == COLUMNS
    first, second = datetime(1970, 1, 1, tzinfo=UTC), datetime(1970, 1, 2, tzinfo=UTC)
    assert [tuple(row.values()) for row in table.to_pylist()] == [
        (first, "here", "war", 0.1, None, None, None, "calm"),
        (first, "here", "peace", 0.9, None, None, None, "calm"),
        (second, "here", "war", 0.9, 12.5, 12.5, 0.125, "watch"),
        (second, "here", "peace", pytest.approx(0.1), 12.5, 13.5, 0.125, "watch"),
    ]


def test_without_a_ladder_there_is_no_rung() -> None:
    assert answers("here", 2, rungs=())["rung"].to_pylist() == [None] * 4


def test_types_are_those_that_readers_expect() -> None:
    kinds = {field.name: (str(field.type), field.nullable) for field in answers("here", 1).schema}
    assert kinds == {
        "at": ("timestamp[us, tz=UTC]", False),
        "subject": ("string", False),
        "scenario": ("string", False),
        "likelihood": ("double", False),
        "score": ("double", True),
        "against": ("double", True),
        "coverage": ("double", True),
        "rung": ("string", True),
    }


def test_a_part_is_one_row_group_of_all_its_tables() -> None:
    part = encode([answers("here", 3), answers("there", 2)])
    file = pq.ParquetFile(pa.BufferReader(part))
    assert (file.num_row_groups, file.metadata.num_rows) == (1, 10)
    assert file.read().to_pylist() == [*answers("here", 3).to_pylist(), *answers("there", 2).to_pylist()]


def test_parts_are_put_together_in_order_a_row_group_each(tmp_path: Path) -> None:
    path = tmp_path / "out.parquet"
    parts = [encode([answers("here", 3)]), encode([answers("there", 70_000)])]
    assert assemble(path, iter(parts), b'{"a": 1}') == rows_in(path) == 140_006
    file = pq.ParquetFile(path)
    assert [file.metadata.row_group(n).num_rows for n in range(file.num_row_groups)] == [6, 140_000]
    assert file.schema_arrow.metadata == {b"iwscore": b'{"a": 1}'}
    assert file.read().equals(pa.concat_tables([answers("here", 3), answers("there", 70_000)]))


def test_the_same_rows_are_the_same_bytes(tmp_path: Path) -> None:
    write(tmp_path / "one", 5, 3)
    write(tmp_path / "other", 5, 3)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "other").read_bytes()


@pytest.mark.parametrize("size", [1, 4, 7, 12, 24, 25])
def test_rows_are_read_in_equal_tables_over_row_groups(tmp_path: Path, size: int) -> None:
    path = tmp_path / "out.parquet"
    write(path, 5, 3, 4)
    tables = list(tables_of(path, size))
    assert [len(table) for table in tables[:-1]] == [size] * (-(-24 // size) - 1)
    assert pa.concat_tables(tables).to_pylist() == pq.read_table(path).to_pylist()


def broken(path: Path, content: str) -> None:
    """What may lie where an output should."""
    if content == "another table":
        pq.write_table(pa.table({"at": [1]}), path)
    elif content == "no table":
        path.write_bytes(b"at,subject\n")
    elif content == "cut":
        write(path, 5)
        path.write_bytes(path.read_bytes()[:-20])


@pytest.mark.parametrize("content", ["nothing", "another table", "no table", "cut"])
def test_what_is_no_output_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "out.parquet"
    broken(path, content)
    said = (
        r"^IW451 output cannot be read \(.*out\.parquet\); must be a whole file that rescore wrote\. Write it anew\.$"
    )

    def read(asked: Any) -> None:
        with pytest.raises(Unreachable, match=said):
            asked()

    read(lambda: list(tables_of(path, 5)))
    if content != "another table":
        read(lambda: rows_in(path))
