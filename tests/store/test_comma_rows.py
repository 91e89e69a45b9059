"""CSV: rows are counted as a spreadsheet shows them, and each way a file can be broken has one outcome."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iwscore.domain.observations import Observations
from iwscore.store.comma_rows import read_comma_rows
from tests.store.sheets import SOUND, as_commas, sound

HEADER = b"observed_at,indicator,level,source,grade\n"
ROW = b"2022-10-04T12:00:00Z,troops,present,osint,B2\n"
STRAY = (
    "row {}: IW311 quote is inside a cell; quotes must enclose a whole cell and be doubled inside it. "
    "Enclose the cell in quotes and double those inside."
)
OPEN = "row {}: IW311 quote is never closed; quotes must enclose a whole cell and be doubled inside it. Close it."
MISSPELT = "row {}: IW303 text is not UTF-8 (byte {}); all text must be UTF-8. Save the file as UTF-8."
CELLS = "row {}: IW309 row has {} cells; the header has {}. Check commas and quotes."

Read = Callable[..., Observations]
Faults = Callable[..., list[str]]


@pytest.mark.parametrize("content", [HEADER, HEADER[:-1], HEADER + b"\n,,,,\n  \n", b"", b"\n\r\n", b"\xef\xbb\xbf"])
def test_a_header_alone_or_nothing_at_all_is_a_file_without_rows(read: Read, content: bytes) -> None:
    observations = read(content)
    assert (len(observations), observations.last, observations.source.names) == (0, None, ())


@pytest.mark.parametrize(
    "content",
    [
        HEADER + ROW,
        HEADER + ROW[:-1],
        b"\xef\xbb\xbf" + HEADER + ROW,
        (HEADER + ROW).replace(b"\n", b"\r\n"),
        (HEADER + ROW).replace(b"\n", b"\r"),
        b"\n\r\n" + HEADER + b"\n" + ROW + b",,,,\n",
        HEADER.replace(b"level", b'"level"') + ROW.replace(b"present", b'"present"'),
        b"source,grade,level,observed_at,indicator,note\nosint,B2,present,2022-10-04T12:00:00Z,troops,\n",
        b"observed_at,indicator,level,source,grade\n 2022-10-04T14:00:00+02:00 ,troops,present,osint,B2\n",
    ],
)
def test_the_form_of_the_file_does_not_show(read: Read, content: bytes) -> None:
    assert read(content).id.tolist() == read(HEADER + ROW).id.tolist()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (HEADER + b"1,2\n" + ROW + b"\n1,2,3,4,5,6\n", [CELLS.format(2, 2, 5), CELLS.format(5, 6, 5)]),
        (b"\n\n" + HEADER + ROW + b"1,2\n", [CELLS.format(5, 2, 5)]),
        (HEADER + ROW + b'"a\n' + ROW, [OPEN.format(3)]),
        (HEADER + ROW + ROW[:-1] + b'"', [STRAY.format(3)]),
        (HEADER + ROW + b'2022-10-04,"a\nb",present,osint,"\n', [OPEN.format(3)]),
        (HEADER + ROW + b'a "sure" thing,,,,\n', [STRAY.format(3)]),
        (HEADER + b'"a\nb",,,,\nx, "b",,,\n', [STRAY.format(3)]),
        (HEADER + b'1,2,"abc\n4,5,"def,7,8\n', [STRAY.format(2)]),
        (
            HEADER + ROW + b'"a\nb",tr\xfcps,,,\n' + ROW + b"\xff,,,,\n",
            [MISSPELT.format(3, "0xfc"), MISSPELT.format(5, "0xff")],
        ),
        (HEADER.decode().encode("utf-16"), [MISSPELT.format(1, "0xff")]),
    ],
)
def test_each_broken_file_has_one_outcome(faults: Faults, content: bytes, said: list[str]) -> None:
    assert faults(content) == said


def test_a_row_longer_than_a_block_is_read(faults: Faults) -> None:
    notes = [f'"{"x" * 99_999}"', f'"{"x" * 3_000_000}"', ""]
    rows = b"".join(ROW[:-1] + b"," + note.encode() + b"\n" for note in notes)
    (said,) = faults(HEADER[:-1] + b",note\n" + rows)
    assert said.startswith("row 3:note: IW313 cell has 3000000 characters (xxx")
    assert said.endswith("…); a cell holds at most 100000. Keep the text elsewhere and give its url.")


def test_faults_of_the_header_and_of_rows_are_said_at_once(faults: Faults) -> None:
    content = HEADER.replace(b"level", b"levle,level") + ROW + b"now,troops,,present,osint,\n"
    assert [said.split(" ")[2] for said in faults(content)] == ["IW305", "IW309", "IW320", "IW321"]


def test_a_column_keeps_the_words_of_its_rows_alone() -> None:
    content = HEADER + ROW.replace(b"osint", b"source") + ROW
    columns = read_comma_rows("a.csv", content).columns
    assert {name: column.dictionary.to_pylist() for name, column in columns.items()} == {
        "observed_at": ["2022-10-04T12:00:00Z"],
        "indicator": ["troops"],
        "level": ["present"],
        "source": ["source", "osint"],
        "grade": ["B2"],
    }
    assert columns["source"].to_pylist() == ["source", "osint"]


def test_a_newline_in_the_header_ends_no_row(faults: Faults) -> None:
    content = HEADER[:-1] + b',"no\nte"\n' + ROW[:-1] + b",\n1,2\n"
    unknown, cells = faults(content)
    assert unknown.startswith(r"row 1: IW305 column is unknown (no\nte); ")
    assert cells == CELLS.format(3, 2, 6)


LINES = st.lists(st.sampled_from(["row", "note", "blank", "commas", "spaces", "short"]), max_size=30)


@given(LINES, st.sampled_from(["\n", "\r\n"]))
def test_rows_are_numbered_as_a_spreadsheet_shows_them(kinds: list[str], newline: str) -> None:
    texts = {
        "row": "x",
        "note": f'"a{newline}{newline}b"',
        "blank": "",
        "commas": ",,,,,",
        "spaces": " ",
        "short": "1,2",
    }
    cells = as_commas([SOUND]).decode().splitlines()[1]
    lines = [f"{cells},{texts[kind]}" if kind in ("row", "note") else texts[kind] for kind in kinds]
    content = newline.join([HEADER.decode().strip() + ",note", *lines, ""])
    table = read_comma_rows("f.csv", content.encode())
    held = [row for row, kind in enumerate(kinds, 2) if kind in ("row", "note")]
    assert table.rows.tolist() == held
    assert [fault.line for fault in table.faults] == [row for row, kind in enumerate(kinds, 2) if kind == "short"]


CELL = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)


@given(CELL)
def test_any_text_comes_back_as_it_was_written(read: Read, text: str) -> None:
    observations = read(as_commas([sound(note=text)]))
    assert observations.texts["note"].tolist() == [text.strip()]
