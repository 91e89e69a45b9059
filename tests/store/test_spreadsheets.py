"""Spreadsheets: no cell is a formula, and an export reads back as it was."""

import csv
import io

import pyarrow as pa
import pytest

from iwscore.store.comma_rows import read_comma_rows
from iwscore.store.spreadsheets import comma_lines
from tests.store.sheets import SOUND

TEXTS = ["=1+1", "+1", "-1", "@x", "\tx", "'=1", "''@x", "'quoted'", "a=b", 'with "quotes", and\nlines', "ä"]


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_comes_back_and_is_never_computed(text):
    row = {**SOUND, "note": text, "recorded_at": "2022-10-06T08:00:00Z"}
    content = comma_lines(pa.table({name: [cell] for name, cell in row.items()}), header=True)
    (written,) = csv.DictReader(io.StringIO(content.decode(), newline=""))
    assert written["note"][0] not in "=+-@\t\r"
    table = read_comma_rows("x.csv", content)
    assert table.columns["note"].to_pylist() == [text]


def test_only_an_export_loses_apostrophes():
    content = comma_lines(pa.table({name: [cell] for name, cell in {**SOUND, "note": "'=1"}.items()}), header=True)
    assert read_comma_rows("x.csv", content).columns["note"].to_pylist() == ["''=1"]


def test_numbers_and_times_are_written_as_people_write_them():
    moment = pa.timestamp("us", tz="UTC")
    rows = pa.table({"t": pa.array([0, 1_500_000, None], moment), "v": [1500.0, -0.1, None], "n": ["", "x", None]})
    assert comma_lines(rows, header=False).decode().splitlines() == [
        "1970-01-01T00:00:00Z,1500,".replace("1970", '"1970', 1).replace("Z,", 'Z",'),
        '"1970-01-01T00:00:01.5Z",-0.1,"x"',
        ",,",
    ]
