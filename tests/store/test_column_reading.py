"""Columns of a large input: the same verdict and the same reports as when every row is a report of its own."""

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from iwscore.domain.catalogs import Catalog
from iwscore.domain.indicators import Indicator, Measure
from iwscore.domain.observations import Observations
from iwscore.errors import RowFaults, Unreachable
from iwscore.store import column_reading, read_observations
from iwscore.store.column_reading import read_shelf
from iwscore.store.parquet_batches import ParquetInput
from iwscore.store.piles import Pile
from tests.store.sheets import CORRECTION, FULL, MEASURED, RETRACTION, SOUND, Row, as_parquet, sound
from tests.store.shelving import agree, found

SIGNS = {
    name: Indicator(id=name, title=name, half_life_days=(9.0, 9.0), measure=measure)
    for name, measure in (("troops", None), ("flights", Measure(unit="n", cuts=(5.0,))))
}
NOON = 1664884800 * 10**6
EVERYTHING_IN = 1 << 20


@pytest.fixture(scope="module")
def signs(catalog: Catalog) -> Catalog:
    """The small catalog with two indicators, one of them measured."""
    return catalog.model_copy(update={"indicators": SIGNS})


@st.composite
def row(draw: st.DrawFn) -> Row:
    """A row, mostly in order, out of few texts, so that rows meet."""
    day = st.integers(1, 3).map(lambda number: f"2022-10-{number:02}")
    time = st.one_of(
        day, st.sampled_from(["2022-10-02T12:00:00Z", "2022-10-02T14:00:00.5+02:00", "2022-05-01", "soon"])
    )
    few: dict[str, st.SearchStrategy[str]] = {
        "observed_at": time,
        "indicator": st.sampled_from(["troops", "flights", "rumours"]),
        "source": st.sampled_from(["osint", "minister", "nobody"]),
        "grade": st.sampled_from(["B2", "C3", "4", "Z9"]),
        "subject": st.sampled_from(["", "belarus", "ukraine", " x"]),
        "origin": st.sampled_from(["", "minister", "nobody"]),
        "reported_at": st.one_of(st.just(""), day),
        "known_from": st.one_of(st.just(""), day),
        "external_id": st.sampled_from(["", "r-1", "r-2"]),
        "note": st.sampled_from(["", "ü", " b ", "a\0b"]),
        "marking": st.sampled_from(["", "green", "pink"]),
        "id": st.sampled_from(["", "e-1", "e-2"]),
        "author": st.sampled_from(["", "ann"]),
    }
    base = draw(st.sampled_from([SOUND, SOUND, SOUND, MEASURED, CORRECTION, RETRACTION]))
    changed = draw(st.lists(st.sampled_from(sorted(few)), max_size=3, unique=True))
    target = {"target": draw(st.sampled_from(["r-1", "r-2", "e-1", "e-2"]))} if "target" in base else {}
    return {**base, **{name: draw(few[name]) for name in changed}, **target}


def told(path: Path, catalog: Catalog) -> Observations | RowFaults:
    try:
        return read_observations(path, catalog)
    except RowFaults as refusal:
        return refusal


def agreeing(rows: Sequence[Row], catalog: Catalog, at_once: int, room: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.parquet"
        path.write_bytes(as_parquet(rows))
        agree(path, catalog, told(path, catalog), at_once, room)


@settings(max_examples=150)
@given(st.lists(row(), min_size=1, max_size=7), st.integers(1, 4), st.sampled_from([1, 3, EVERYTHING_IN]))
def test_the_verdict_and_the_reports_are_those_of_single_reports(
    signs: Catalog, rows: Sequence[Row], at_once: int, room: int
) -> None:
    agreeing(rows, signs, at_once, room)


@given(st.lists(row().filter(lambda one: "target" not in one), min_size=1, max_size=5), st.integers(1, 3))
def test_what_stands_by_its_digest_is_found(signs: Catalog, rows: Sequence[Row], at_once: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.parquet"
        path.write_bytes(as_parquet(rows))
        before = told(path, signs)
    if isinstance(before, Observations):
        later = {**RETRACTION, "target": before.id[-1].decode()}
        agreeing([*rows, later, *rows], signs, at_once, EVERYTHING_IN)


@pytest.mark.parametrize(
    "rows",
    [
        [FULL, sound(), FULL, RETRACTION],
        [{**FULL, "id": f"e-{number}"} for number in range(5)] + [{**RETRACTION, "target": "e-3"}],
        [{**FULL, "external_id": "", "id": "e"}, {**FULL, "external_id": "", "id": ""}, {**RETRACTION, "target": "e"}],
        [CORRECTION, FULL, {**RETRACTION, "target": "r-2"}, {**CORRECTION, "external_id": "r-2"}],
        [FULL, {**FULL, "note": "other"}, {**FULL, "author": "bob", "note": "other"}],
        [RETRACTION],
        [{**CORRECTION, "external_id": "a", "target": "b"}, {**CORRECTION, "external_id": "b", "target": "a"}],
    ],
    ids=["copies", "an id of the export", "a copy without it", "a chain", "one id, two contents", "nobody", "a circle"],
)
def test_reports_that_speak_of_one_another(signs: Catalog, rows: Sequence[Row]) -> None:
    for at_once in (1, 2, 10):
        for room in (1, EVERYTHING_IN):
            agreeing(rows, signs, at_once, room)


def write(path: Path, **columns: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = max(len(column) for column in columns.values())
    whole = {name: pa.array([cell] * rows) for name, cell in SOUND.items()} | columns
    parquet.write_table(pa.table(whole), path)
    return path


def test_a_folder_is_its_files_one_after_another(tmp_path: Path, signs: Catalog) -> None:
    rows = [sound(observed_at=f"2022-10-0{day}", external_id=f"x-{day}", kind="observation") for day in range(1, 7)]
    rows.append({**RETRACTION, "target": "x-2"})
    (tmp_path / "whole.parquet").write_bytes(as_parquet(rows))
    for number in range(0, len(rows), 2):
        (tmp_path / "dealt" / str(number)).mkdir(parents=True)
        (tmp_path / "dealt" / str(number) / "part.parquet").write_bytes(as_parquet(rows[number : number + 2]))
    whole = found(tmp_path / "whole.parquet", signs, 3, EVERYTHING_IN)
    assert found(tmp_path / "dealt", signs, 3, EVERYTHING_IN) == whole


def test_a_file_without_authors_is_by_nobody(tmp_path: Path, signs: Catalog) -> None:
    write(tmp_path / "a.parquet", external_id=pa.array(["r"]), author=pa.array([""]), note=pa.array(["1"]))
    write(tmp_path / "b.parquet", external_id=pa.array(["r"]), note=pa.array(["2"]))
    assert "IW337" in str(found(tmp_path, signs, 3, EVERYTHING_IN)[0])


def test_whom_no_row_names_is_no_subject(tmp_path: Path, signs: Catalog) -> None:
    words = pa.array(["belarus", "ukraine"])
    write(tmp_path / "a.parquet", subject=pa.DictionaryArray.from_arrays(pa.array([0, 0], pa.int32()), words))
    with Pile(EVERYTHING_IN) as pile:
        shelf = read_shelf(ParquetInput(tmp_path, (tmp_path / "a.parquet",)), signs, pile, EVERYTHING_IN)
    assert shelf.names == ("belarus",)


def test_across_files_rows_are_counted_on(tmp_path: Path, signs: Catalog) -> None:
    write(tmp_path / "a.parquet", note=pa.array(["1", "2"]))
    write(tmp_path / "b.parquet", external_id=pa.array(["r", "r"]), note=pa.array(["3", "4"]))
    write(tmp_path / "c.parquet", grade=pa.array(["B2", "B9"]))
    twice, grade = found(tmp_path, signs, 3, EVERYTHING_IN)
    assert str(twice).startswith(f"{tmp_path}:row 4:external_id: IW337 external_id is there twice (r); row 3 has it")
    assert str(grade).startswith(f"{tmp_path / 'c.parquet'}:row 2:grade: IW327 not an Admiralty grade (B9)")


def test_types_that_are_typed_say_the_same(tmp_path: Path, signs: Catalog) -> None:
    path = write(
        tmp_path / "typed.parquet",
        observed_at=pa.array([NOON, NOON + 1, NOON], pa.timestamp("us", "UTC")),
        reported_at=pa.array([None, NOON // 10**3 + 1, NOON // 10**3], pa.timestamp("ms", "Europe/Berlin")),
        known_from=pa.array([19300, None, None], pa.date32()),
        indicator=pa.array(["flights", "flights", "troops"]),
        level=pa.array([None, "unknown", "present"]),
        value=pa.array([6, None, None], pa.int32()),
        grade=pa.array(["B2", "C3", "B2"]).dictionary_encode(),
        origin=pa.nulls(3),
    )
    agree(path, signs, told(path, signs))
    agree(path, signs, told(path, signs), 1, 1)


@pytest.mark.parametrize("cell", [np.nan, np.inf, None])
def test_a_value_is_a_finite_number(tmp_path: Path, signs: Catalog, cell: float | None) -> None:
    path = write(tmp_path / "v.parquet", level=pa.nulls(2, pa.string()), value=pa.array([1.0, cell]))
    agree(path, signs, told(path, signs))


def test_a_file_without_rows_has_no_last_time(tmp_path: Path, signs: Catalog) -> None:
    path = write(tmp_path / "empty.parquet", note=pa.array([], pa.string()))
    agree(path, signs, told(path, signs))
    assert found(path, signs, 3, EVERYTHING_IN) == (({}, set()), None)


def test_equal_rows_side_by_side_are_kept_once(tmp_path: Path, signs: Catalog) -> None:
    path = write(tmp_path / "bomb.parquet", note=pa.array([str(number) for number in range(1000)]))
    with Pile(EVERYTHING_IN) as pile:
        assert len(read_shelf(ParquetInput(path, (path,)), signs, pile).whole()) == 1


def test_faults_beyond_the_most_are_not_looked_for(
    tmp_path: Path, signs: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(column_reading, "MOST_FAULTS", 4)
    path = write(tmp_path / "bad.parquet", grade=pa.array(["Z"] * 9))
    said = found(path, signs, 3, EVERYTHING_IN)
    assert len(said) == 5
    assert said[0] == f"{path}: IW361 more faults than these; no row may have one. Mend the first 4 and ask again."


def test_a_file_that_is_cut_is_one_fault(tmp_path: Path, signs: Catalog) -> None:
    path = write(tmp_path / "cut.parquet", grade=pa.array(["Z"] * 9))
    path.write_bytes(path.read_bytes()[:-9])
    agree(path, signs, told(path, signs))


def test_a_file_that_is_not_there_cannot_be_read(tmp_path: Path, signs: Catalog) -> None:
    path = tmp_path / "none.parquet"
    with Pile(1) as pile, pytest.raises(Unreachable, match="IW301"):
        read_shelf(ParquetInput(path, (path,)), signs, pile)
