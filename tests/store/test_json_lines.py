"""JSON Lines: the fast reader and the careful one agree, and each wrong line has one outcome."""

import json
from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from iwscore.domain.observations import Observations
from iwscore.errors import Fault
from iwscore.store import json_lines
from iwscore.store.json_lines import read_json_lines
from tests.store.sheets import MEASURED, SOUND, as_lines, sound

LINE = json.dumps(SOUND).encode()
VALUE = LINE.replace(b'"level": "present"', b'"value": %s')
NOT_ONE = (
    "row {}: IW310 line is not a JSON object ({}); each line must hold one object. "
    "Write one object a line, without nesting."
)
TYPE = "row 1:{0}: IW308 type is wrong ({1}); it must be {2}. Write it as {2}."
INFINITE = (
    "row 1:value: IW325 value is not a finite number ({}); it must be written in decimal digits. "
    "Write it like 1500 or 0.25."
)
TWICE = "row 1:{0}: IW307 column is there twice ({0}); each column may be there once. Remove or rename one of them."
UNKNOWN = "row 1: IW305 column is unknown ({}); every column must be one that observations have. {}"
MISSPELT = "IW303 text is not UTF-8 ({}); all text must be UTF-8. Save the file as UTF-8."

Faults = Callable[..., list[str]]


@pytest.mark.parametrize("content", [b"", b"\n \r\n", b"\xef\xbb\xbf"])
def test_a_file_without_lines_has_no_rows(read: Callable[..., Observations], content: bytes) -> None:
    assert len(read(content, ".jsonl")) == 0


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        (LINE, [1]),
        (b"\xef\xbb\xbf" + LINE + b"\r\n\r\n\n" + LINE + b"\r\n", [1, 4]),
        (b"  " + LINE + b"\n\t\n" + LINE, [1, 3]),
        (LINE[:-1] + b', "note": "}", "url": null}', [1]),
        (LINE[:-1] + b', "note": "' + b"x" * 5_000_000 + b'"}\n' + LINE, [1, 2]),
    ],
)
def test_lines_are_counted_from_one(content: bytes, rows: list[int]) -> None:
    table = read_json_lines("f.jsonl", content)
    assert (table.rows.tolist(), list(table.faults)) == (rows, [])


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"null\n" + LINE, [NOT_ONE.format(1, "null")]),
        (LINE + b"\n[1]\n\n7", [NOT_ONE.format(2, "[1]"), NOT_ONE.format(4, "7")]),
        (b"{} null {}", [NOT_ONE.format(1, "{} null {}")]),
        (b'{"note":\n"x"}', [NOT_ONE.format(1, '{"note":'), NOT_ONE.format(2, '"x"}')]),
        (b'{"note": ' + b"[" * 200_000 + b"}", [NOT_ONE.format(1, '{"note": ' + "[" * 50 + "…")]),
        (LINE[:-1] + b', "note": 5}', [TYPE.format("note", "5", "text")]),
        (LINE[:-1] + b', "note": {"a": 1}}', [TYPE.format("note", "a nested value", "text")]),
        (VALUE % b'"3"', [TYPE.format("value", '"3"', "a number")]),
        (VALUE % b"true", [TYPE.format("value", "true", "a number")]),
        (VALUE % b"NaN", [INFINITE.format("nan")]),
        (VALUE % b"1e999", [INFINITE.format("inf")]),
        (VALUE % (b"1" + b"0" * 400), [INFINITE.format("inf")]),
        (LINE[:-1] + rb', "note": "\ud800"}', ["row 1:note: " + MISSPELT.format(r"\ud800")]),
        (LINE + b"\n" + LINE[:-1] + b', "note": "\xff"}', ["row 2: " + MISSPELT.format("byte 0xff")]),
        (
            LINE[:-1] + b', "grade": "B3"}',
            [TWICE.format("grade")],
        ),
        (
            LINE[:-1] + b', "notes": 1}',
            [UNKNOWN.format("notes", 'Did you mean "note"?')],
        ),
    ],
)
def test_each_wrong_line_has_one_outcome(faults: Faults, content: bytes, said: list[str]) -> None:
    assert faults(content, ".jsonl") == said


def test_all_wrong_lines_are_said_at_once(faults: Faults) -> None:
    lines = [
        as_lines([sound(grade="")]),
        b"oops\n",
        LINE[:-1] + b', "note": 1, "nope": 2}\n',
        as_lines([sound(target="x")]),
    ]
    said = [fault.split(" ")[:3] for fault in faults(b"".join(lines), ".jsonl")]
    assert [(place, code) for _, place, code in said] == [
        ("1:grade:", "IW320"),
        ("2:", "IW310"),
        ("3:", "IW305"),
        ("3:note:", "IW308"),
        ("4:target:", "IW332"),
    ]


SOUND_LINES = [LINE, as_lines([MEASURED]).strip(), b"{}", b'{"note": null , "value" : -1e5 }']
BITS = st.sampled_from([*b'{}[]",:\\\n\r -1eu', 0, 255]).map(lambda byte: bytes([byte])) | st.sampled_from(
    [b"null", b"true", b"NaN", b'"note"', b'"value"', rb"\u00e9"]
)


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    content = b"\n".join(draw(st.lists(st.sampled_from(SOUND_LINES), min_size=1, max_size=3)))
    for _ in range(draw(st.integers(0, 3))):
        start = draw(st.integers(0, len(content)))
        content = content[:start] + draw(BITS) + content[start + draw(st.integers(0, 6)) :]
    return content


@given(damaged())
@example(b'{"value": 1}\n{"value": Inf}')
@example(b'{"value": 0.1}\n{"value": 123456789.123456789}\n')
def test_the_fast_reader_answers_only_as_the_careful_one_does(content: bytes) -> None:
    fast = json_lines._read_fast(content)
    faults: list[Fault] = []
    cells, lines = json_lines._read_slowly("f", 0, content, faults)
    if fast is not None:
        assert (fast[0].to_pylist(), fast[1].tolist(), []) == (cells.to_pylist(), lines.tolist(), faults)


def test_lines_are_counted_on_across_the_parts_of_a_long_file() -> None:
    note = LINE[:-1] + b', "note": "' + b"x" * 3_000_000 + b'"}\r\n'
    table = read_json_lines("f", note * 3 + b"\noops\n" + note + LINE + b'\n{"nope": 1}\n' + note * 3)
    assert table.rows.tolist() == [1, 2, 3, 6, 7, 8, 9, 10, 11]
    assert [(fault.line, fault.code) for fault in table.faults] == [(5, "IW310"), (8, "IW305")]
    assert table.lost
