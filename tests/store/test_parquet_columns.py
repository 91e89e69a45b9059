"""Parquet: typed columns say the same as text, and a wrong type is one fault of its column."""

from collections.abc import Callable
from datetime import date

import pyarrow as pa
import pytest

from iwscore.domain.observations import Observations
from tests.store.sheets import MEASURED, SOUND, as_commas, parquet_bytes, sound

SECOND = 1664884800  # 2022-10-04T12:00:00Z
TWICE = 2
ZONE = "Europe/Berlin"
PER_SECOND = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}
TYPE = "{}: IW308 type is wrong ({}); it must be {}. Write it as {}."
ZONELESS = (
    "observed_at: IW322 time has no offset from UTC (timestamp[us]); it must end in Z or an offset. "
    "Write it like 2022-10-04T12:00:00Z."
)


def typed(**columns: pa.Array | None) -> bytes:
    """Return two sound rows, with these columns instead of or beside the sound ones."""
    cells = {name: pa.array([cell] * TWICE) for name, cell in SOUND.items()} | columns
    return parquet_bytes(pa.table({name: column for name, column in cells.items() if column is not None}))


def stamps(unit: str, zone: str | None = ZONE) -> pa.Array:
    return pa.array([SECOND * PER_SECOND[unit]] * TWICE, pa.timestamp(unit, zone))


@pytest.mark.parametrize(
    "columns",
    [
        {},
        *({"observed_at": stamps(unit)} for unit in PER_SECOND),
        {"grade": pa.array(["B2", "B2"]).dictionary_encode()},
        {"level": pa.array(["present"] * 2, pa.large_string())},
        {"level": pa.array(["present"] * 2, pa.string_view())},
        {"note": pa.nulls(2)},
        {"value": pa.nulls(2, pa.float64())},
    ],
)
def test_types_do_not_show(read: Callable[..., Observations], columns: dict[str, pa.Array]) -> None:
    observations = read(typed(**columns), ".parquet")
    assert observations.id.tolist() == read(as_commas([SOUND])).id.tolist()
    assert observations.row.tolist() == [1]


def test_a_date_is_a_bare_date(read: Callable[..., Observations]) -> None:
    days = pa.array([date(2022, 10, 4)] * TWICE, pa.date32())
    written = read(as_commas([sound(observed_at="2022-10-04")]))
    assert read(typed(observed_at=days), ".parquet").id.tolist() == written.id.tolist()
    assert written.known_from.tolist() == [SECOND * 10**6 + 43_200 * 10**6 - 1]


@pytest.mark.parametrize(
    "kind", [pa.int16(), pa.uint64(), pa.float32(), pa.float64(), pa.decimal128(23, 2), pa.decimal256(50, 9)], ids=str
)
def test_numbers_of_any_type_are_values(read: Callable[..., Observations], kind: pa.DataType) -> None:
    observations = read(typed(level=None, value=pa.array([1500, 1500]).cast(kind)), ".parquet")
    assert observations.id.tolist() == read(as_commas([{**MEASURED, "value": "1.5e3"}])).id.tolist()


def test_a_decimal_is_rounded_once(read: Callable[..., Observations]) -> None:
    text = "0.1234567890123456789012345678901234567"
    number = pa.array([text, text]).cast(pa.decimal128(38, 37))
    observations = read(typed(level=None, value=number), ".parquet")
    assert observations.value.tolist() == [float(text)]


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        (
            {"observed_at": stamps("us", None)},
            ZONELESS,
        ),
        (
            {"observed_at": pa.array([1, 1])},
            TYPE.format("observed_at", "int64", "a timestamp with a zone, a date or text", "one of these"),
        ),
        ({"grade": pa.array([2, 2])}, TYPE.format("grade", "int64", "text", "text")),
        ({"subject": pa.array([["a"]] * 2)}, TYPE.format("subject", "list<element: string>", "text", "text")),
        ({"note": pa.array([b"a"] * 2)}, TYPE.format("note", "binary", "text", "text")),
        ({"kind": pa.array([1, 1]), "target": pa.array(["x", "x"])}, TYPE.format("kind", "int64", "text", "text")),
        ({"level": pa.array([1, 1])}, TYPE.format("level", "int64", "text", "text")),
        ({"level": None, "value": pa.array(["1", "1"])}, TYPE.format("value", "string", "a number", "a number")),
        (
            {"level": None},
            "level: IW306 column is missing (level or value); a file needs level or value. Add the column.",
        ),
        (
            {"nope": pa.array([1, 1])},
            'IW305 column is unknown (nope); every column must be one that observations have. Did you mean "note"?',
        ),
    ],
)
def test_a_wrong_column_is_one_fault(
    faults: Callable[..., list[str]], columns: dict[str, pa.Array | None], said: str
) -> None:
    assert faults(typed(**columns), ".parquet") == [said]


def test_a_column_twice_is_a_fault(faults: Callable[..., list[str]]) -> None:
    table = pa.Table.from_arrays([pa.array([cell]) for cell in [*SOUND.values(), "B3"]], names=[*SOUND, "grade"])
    assert faults(parquet_bytes(table), ".parquet") == [
        "grade: IW307 column is there twice (grade); each column may be there once. Remove or rename one of them."
    ]


def test_text_that_is_not_utf_8_is_a_fault_of_its_row(faults: Callable[..., list[str]]) -> None:
    words = pa.array([b"fine", b"\xff"])
    note = pa.Array.from_buffers(pa.string(), 2, words.buffers())
    assert faults(typed(note=note), ".parquet") == [
        "row 2:note: IW303 text is not UTF-8 (�); all text must be UTF-8. Save the file as UTF-8."
    ]


def _truncated() -> bytes:
    return typed()[:-5]


def _misnamed() -> bytes:
    return typed().replace(b"indicator", b"indi\xffator")


def _scribbled() -> bytes:
    content = typed()
    return content[:10] + bytes(80) + content[90:]


@pytest.mark.parametrize("content", [b"", b"PAR1", b"observed_at,grade\n", _truncated(), _misnamed(), _scribbled()])
def test_a_damaged_file_is_a_fault(faults: Callable[..., list[str]], content: bytes) -> None:
    (said,) = faults(content, ".parquet")
    assert said.startswith("IW304 file is damaged (")
    assert said.endswith("); it must be a whole Parquet file. Write the file again.")
