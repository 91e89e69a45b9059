"""The header: every accepted column has its place, and what is wrong with it is said."""

import numpy as np
import pytest

from iwscore.domain.observations import COLUMNS
from iwscore.store.tables import ACCEPTED, Table, faulty_table, first_misspelt, is_utf8, settle_header

REQUIRED = ["observed_at", "indicator", "source", "grade"]
UNKNOWN = "IW305 column is unknown ({}); every column must be one that observations have. {}"
MISSING = "IW306 column is missing ({}); {}. Add the column."


def said(names: list[str]) -> list[str]:
    return [str(fault).partition(": ")[2] for fault in settle_header("f.csv", 1, names)[1]]


def test_the_columns_of_an_export_are_accepted_in_any_order() -> None:
    assert set(ACCEPTED) == {*COLUMNS, "id", "recorded_at", "known_from", "author"}
    names = list(reversed(ACCEPTED))
    places, faults = settle_header("f.csv", 1, names)
    assert faults == []
    assert [names[places[name]] for name in ACCEPTED] == list(ACCEPTED)


@pytest.mark.parametrize("either", ["level", "value"])
def test_one_of_level_and_value_is_enough(either: str) -> None:
    assert said([*REQUIRED, either]) == []


@pytest.mark.parametrize(
    ("names", "faults"),
    [
        ([*REQUIRED, "levle", "value"], [UNKNOWN.format("levle", 'Did you mean "level"?')]),
        ([*REQUIRED, " level", "value"], [UNKNOWN.format(" level", 'Did you mean "level"?')]),
        (REQUIRED, [MISSING.format("level or value", "a file needs level or value")]),
        ([*REQUIRED[1:], "level"], [MISSING.format("observed_at", "every row needs it")]),
        (
            [*REQUIRED, "level", "grade"],
            ["IW307 column is there twice (grade); each column may be there once. Remove or rename one of them."],
        ),
        (
            [*REQUIRED, "level", ""],
            [
                UNKNOWN.format(
                    "column 6, which has no name",
                    "There are 20: author, external_id, grade, id, indicator, kind, known_from, level, ….",
                )
            ],
        ),
        (["a;b;c"], [UNKNOWN.format("a;b;c", "Separate the columns by commas.")]),
        (["a\tb"], [UNKNOWN.format(r"a\tb", "Separate the columns by commas.")]),
    ],
)
def test_each_fault_of_a_header_is_said(names: list[str], faults: list[str]) -> None:
    assert said(names) == faults


def test_a_file_that_cannot_be_split_has_no_rows_and_lost_some() -> None:
    table = faulty_table("f.csv", [])
    assert (len(table.rows), table.lost, table.has("grade")) == (0, True, False)


def test_a_blank_cell_counts_where_the_column_is_there_or_cells_are_optional() -> None:
    rows = np.array([1])
    assert not Table("f", rows, {}).has("grade")
    assert Table("f", rows, {}, optional_cells=True).has("grade")
    assert Table("f", rows, {}, spoilt={(0, "grade")}).dropped("grade")


@pytest.mark.parametrize(
    ("text", "byte"), [("ü𝄞".encode(), ""), (b"a\xfcb", "byte 0xfc"), (b"\xed\xa0\x80", "byte 0xed")]
)
def test_bytes_that_are_not_utf_8_are_found(text: bytes, byte: str) -> None:
    assert first_misspelt(text) == byte
    assert is_utf8(text) == (byte == "")
