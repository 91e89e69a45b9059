"""Cells: what no cell may hold is noted once, and white space never makes two names of one."""

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from iwscore.domain.observations import Observations
from iwscore.store.cells import Cells, read_cells
from iwscore.store.tables import Table
from iwscore.store.verdicts import Verdicts
from tests.store.sheets import FORMATS, MEASURED, SOUND, sound

PADDED = "{}: IW314 white space surrounds the text ({}); it must begin and end with a visible character. Remove it."
CODES = ["indicator", "level", "source", "grade", "subject", "origin", "external_id", "marking", "kind", "target", "id"]
FREE = ["note", "url", "reason", "author", "reported_at", "observed_at", "known_from", "recorded_at"]


def cells_of(texts: list[str | None], name: str) -> tuple[Cells, Verdicts]:
    rows = np.arange(1, len(texts) + 1)
    verdicts = Verdicts("f", rows, [], np.zeros(len(rows), dtype=bool))
    table = Table("f", rows, {name: pa.array(texts, pa.string()).dictionary_encode()})
    return read_cells(table, name, verdicts), verdicts


def test_in_a_foreign_file_no_column_is_a_code_by_its_name() -> None:
    rows = np.arange(2, 4)
    verdicts = Verdicts("f", rows, [], np.zeros(2, dtype=bool))
    table = Table("f", rows, {"source": pa.array([" un ", "\0"], pa.string()).dictionary_encode()})
    assert read_cells(table, "source", verdicts, coded=False).text(0) == "un"
    assert [fault.code for fault in verdicts.faults] == ["IW312"]


@pytest.mark.parametrize("name", CODES)
def test_white_space_around_a_code_is_a_fault(faults: Callable[..., list[str]], name: str) -> None:
    row = {**SOUND, "kind": "correction", "target": "x"} if name in ("kind", "target") else SOUND
    for padded in [f"{row.get(name, 'x')} ", f"\u00a0{row.get(name, 'x')}"]:
        shown = padded.replace("\u00a0", r"\xa0")
        assert faults(FORMATS[".csv"]([{**row, name: padded}]))[0] == f"row 2:{PADDED.format(name, shown)}"


@pytest.mark.parametrize("name", FREE)
def test_white_space_around_other_text_is_dropped(read: Callable[..., Observations], name: str) -> None:
    text = "2022-10-04T12:00:00Z"
    plain, padded = (read(FORMATS[".csv"]([{**SOUND, name: cell}])) for cell in (text, f" \t{text}\u2003"))
    assert plain.id.tolist() == padded.id.tolist()
    assert {name: texts.tolist() for name, texts in plain.texts.items()} == {
        name: texts.tolist() for name, texts in padded.texts.items()
    }


def test_white_space_around_a_number_is_dropped(read: Callable[..., Observations]) -> None:
    assert read(FORMATS[".csv"]([{**MEASURED, "value": " 7 "}])).value.tolist() == [7.0]


def test_white_space_alone_is_a_blank_cell(read: Callable[..., Observations], faults: Callable[..., list[str]]) -> None:
    blank = read(FORMATS[".csv"]([sound(origin=" \n ", note="\t", external_id=" ")]))
    assert blank.id.tolist() == read(FORMATS[".csv"]([SOUND])).id.tolist()
    assert faults(FORMATS[".csv"]([sound(source="  ")])) == [
        "row 2:source: IW320 cell is blank; a row says who reported. Name the source."
    ]


@pytest.mark.parametrize("suffix", FORMATS)
def test_what_no_cell_may_hold_is_said_once(faults: Callable[..., list[str]], suffix: str) -> None:
    first = 2 if suffix == ".csv" else 1
    nul = "row {}:{}: IW312 cell holds a NUL ({}); text must be free of NUL. Remove the character."
    long = (
        "row {}:note: IW313 cell has 100001 characters ({}…); a cell holds at most 100000. "
        "Keep the text elsewhere and give its url."
    )
    rows = [sound(grade="B\x002"), sound(observed_at="2022\0"), sound(note="x" * 100_001), sound(note="x" * 100_000)]
    assert faults(FORMATS[suffix](rows), suffix) == [
        nul.format(first, "grade", r"B\x002"),
        nul.format(first + 1, "observed_at", r"2022\x00"),
        long.format(first + 2, "x" * 59),
    ]


def test_cells_know_what_is_given_and_what_is_sound() -> None:
    cells, verdicts = cells_of(["a", None, "", " ", "b ", "a"], "source")
    assert cells.given.tolist() == [True, False, False, False, True, True]
    assert cells.sound.tolist() == [True, False, False, False, False, True]
    assert cells.which(lambda text: text == "a").tolist() == [True, False, False, False, False, True]
    assert cells.blanked(np.arange(6) > 3).given.tolist() == [True] + [False] * 5
    assert cells.filled(~cells.given, "z").objects(np.arange(6)).tolist() == ["a", "z", "z", "z", "b", "a"]
    assert len(verdicts.faults) == 1


@given(st.lists(st.none() | st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=3), max_size=8))
def test_free_text_is_trimmed_as_python_does_it(texts: list[str | None]) -> None:
    cells, verdicts = cells_of(texts, "note")
    assert cells.objects(np.arange(len(texts))).tolist() == [(text or "").strip() for text in texts]
    assert verdicts.faults == []
