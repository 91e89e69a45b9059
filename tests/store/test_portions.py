"""Portions: cut anywhere, a file gives the rows, numbers and faults that it gives whole."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from iwscore.errors import QuestionError, Unreachable
from iwscore.store.files import read_table
from iwscore.store.portions import read_portions
from tests.store.sheets import FORMATS, FULL, MEASURED, parquet_bytes, sound

SIZES = (1, 7, 64, 1000, 1 << 20)
ROWS = [FULL, MEASURED, *(sound(note=f'line {n}\n"quoted", {n}', external_id=f"x-{n}") for n in range(40))]
CSV = FORMATS[".csv"](ROWS)


def told(path: Path, size: int):
    """Return what a file says, portion by portion put together: rows, cells and faults."""
    numbers: list[int] = []
    cells: dict[str, list[object]] = {}
    faults: dict[str, None] = {}
    done = [0.0]
    for portion in read_portions(path, size):
        numbers += portion.table.rows.tolist()
        for name, column in portion.table.columns.items():
            cells.setdefault(name, []).extend(column.to_pylist())
        faults |= dict.fromkeys(map(str, portion.table.faults))
        done.append(portion.done)
    assert done == sorted(done)
    return numbers, cells, set(faults)


def whole(path: Path):
    table = read_table(path)
    cells = {name: column.to_pylist() for name, column in table.columns.items()}
    return table.rows.tolist(), cells, set(map(str, table.faults))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("suffix", FORMATS)
def test_the_size_of_a_portion_does_not_show(tmp_path, suffix, size):
    path = tmp_path / f"seen{suffix}"
    path.write_bytes(FORMATS[suffix](ROWS))
    numbers, cells, faults = told(path, size)
    expected, columns, none = whole(path)
    assert (numbers, faults) == (expected, none)
    for name, column in cells.items():
        assert [cell for cell in column if cell is not None] == [c for c in columns.get(name, ()) if c is not None]


@pytest.mark.parametrize("size", SIZES[:4])
@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbf\r\n\n" + CSV,
        CSV.replace(b"\n", b"\r\n"),
        CSV.replace(b"\r\n", b"\r"),
        CSV.rstrip(),
        CSV.replace(b"x-7,", b"x-7,,"),
        CSV.replace(b"external_id", b"eternal_id"),
        b"",
        b"\n\n",
        b"observed_at,indicator,level,source,grade",
    ],
    ids=[
        "mark and blank rows",
        "CRLF",
        "CR",
        "no last end",
        "too many cells",
        "header",
        "nothing",
        "blank",
        "header only",
    ],
)
def test_commas_are_counted_on_as_in_one_piece(tmp_path, content, size):
    path = tmp_path / "seen.csv"
    path.write_bytes(content)
    numbers, _, faults = told(path, size)
    expected, _, said = whole(path)
    assert (numbers, faults) == (expected, said)


@pytest.mark.parametrize("size", SIZES)
def test_where_rows_cannot_be_told_apart_the_file_ends(tmp_path, size):
    path = tmp_path / "seen.csv"
    path.write_bytes(CSV.replace(b"x-30,", b'x"30,'))
    *_, last = read_portions(path, size)
    assert last.final
    (fault,) = last.table.faults
    (expected,) = read_table(path).faults
    assert (fault.code, fault.line) == (expected.code, expected.line) == ("IW311", expected.line)


def test_a_line_that_is_no_object_is_one_rows_fault(tmp_path):
    path = tmp_path / "seen.jsonl"
    path.write_bytes(b"[1]\n" * 3 + FORMATS[".jsonl"](ROWS[:1]))
    portions = list(read_portions(path, 5))
    assert not any(portion.final for portion in portions)
    assert [fault.line for portion in portions for fault in portion.table.faults] == [1, 2, 3]


def test_a_row_longer_than_anything_is_handed_on_whole(tmp_path):
    path = tmp_path / "seen.csv"
    path.write_bytes(CSV + b'2022-10-04,troops,present,osint,B2,,,,,,"' + b"x" * 150_000)
    *_, last = read_portions(path, 1000)
    assert last.final


@pytest.mark.parametrize("content", [b"PAR1", parquet_bytes(pa.table({"level": pa.array([], pa.string())}))])
def test_a_parquet_file_without_rows_or_sense_is_still_one_portion(tmp_path, content):
    path = tmp_path / "seen.parquet"
    path.write_bytes(content)
    (portion,) = read_portions(path)
    assert portion.table.faults
    assert np.array_equal(portion.table.rows, [])


def test_what_cannot_be_read_is_refused(tmp_path):
    with pytest.raises(QuestionError, match=r"^IW300 suffix is unknown"):
        list(read_portions(tmp_path / "seen.xls"))
    with pytest.raises(Unreachable, match=r"^IW301 file cannot be opened"):
        list(read_portions(tmp_path / "none.csv"))
