from pathlib import Path

import pytest

from iwscore.store.foreign_rows import ForeignRows, read_rows
from iwscore.store.foreign_tables import read_foreign_table
from tests.store.mapped import mapping_of

MAPPING = """\
id: feed
time: {{column: day, period: week}}
source: osint
grade: B2
lag: 0d
missing: [NA, "-"]
columns: {{place: {{column: where, codes: {{KYV: kyiv}}, otherwise: skip}}}}
{more}
observations: [{{indicator: talks, subject: {{column: place}}, level: {{column: said}}}}]
"""
ROWS = b"day,where,said\n2022-01-05,KYV,NA\n2022-01-06,LWW,-\n2022-01-30,KYV, - \nNA,,x\n"


def rows_of(folder: Path, more: str = "", content: bytes = ROWS) -> ForeignRows:
    (folder / "feed.csv").write_bytes(content)
    mapping = mapping_of(folder, MAPPING.format(more=more))
    return read_rows(read_foreign_table(folder / "feed.csv", mapping), mapping)


def days(rows: ForeignRows) -> list[str] | None:
    from numpy import datetime64

    return [str(datetime64(day, "D")) for day in rows.covered] if rows.covered else None


def test_what_the_mapping_calls_missing_is_blank(tmp_path: Path) -> None:
    rows = rows_of(tmp_path)
    assert [rows.columns["said"].cells.text(row) for row in range(4)] == ["", "", "", "x"]
    assert [str(fault).partition("/feed.csv:")[2].partition(";")[0] for fault in rows.verdicts.faults] == [
        "row 5:day: IW352 time cannot be read (blank)"
    ]
    assert rows.among.tolist() == [True, True, True, False]


@pytest.mark.parametrize(
    ("more", "covered", "among"),
    [
        ("where: [{column: day, given: true}]", ["2022-01-03", "2022-01-31"], [True, True, True, False]),
        ("where: [{column: place, in: [kyiv]}]", ["2022-01-03", "2022-01-31"], [True, False, True, False]),
        ("where: [{column: said, given: true}, {column: day, in: [x]}]", None, [False] * 4),
        (
            "covers: {to: 2022-02-28}\nwhere: [{column: day, given: true}]",
            ["2022-01-03", "2022-03-01"],
            [True] * 3 + [False],
        ),
        (
            "covers: {from: 2021-12-01, to: 2021-12-31}\nwhere: [{column: day, in: [x]}]",
            ["2021-12-01", "2022-01-01"],
            [False] * 4,
        ),
    ],
)
def test_the_file_covers_the_days_of_the_rows_it_is_about_or_those_said(
    more: str, covered: list[str] | None, among: list[bool], tmp_path: Path
) -> None:
    rows = rows_of(tmp_path, more)
    assert (days(rows), rows.among.tolist(), rows.verdicts.faults) == (covered, among, [])


def test_a_row_outside_of_what_is_covered_is_a_fault(tmp_path: Path) -> None:
    rows = rows_of(tmp_path, "covers: {from: 2022-01-04, to: 2022-01-29}\nwhere: [{column: where, in: [KYV]}]")
    assert [str(fault).partition("/feed.csv:")[2] for fault in rows.verdicts.faults] == [
        (
            "row 2:day: IW358 outside what the file covers (2022-01-05); it must not lie before 2022-01-04. "
            "Correct it, or covers in the mapping."
        ),
        (
            "row 4:day: IW358 outside what the file covers (2022-01-30); it must not lie after 2022-01-29. "
            "Correct it, or covers in the mapping."
        ),
    ]
    assert not rows.among.any()
