import gzip
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pytest

from iwscore.errors import QuestionError, Unreachable
from iwscore.store.foreign_tables import read_foreign_table
from iwscore.store.tables import Table
from tests.store.mapped import mapping_of, shown, told
from tests.store.sheets import parquet_bytes

MAPPING = """\
id: feed
time: {{column: day, period: day}}
source: osint
grade: B2
lag: 0d{more}
observations: [{{indicator: talks, level: {{column: said}}}}]
"""


def read(folder: Path, content: bytes, name: str = "feed.csv", more: str = "") -> Table:
    (folder / name).write_bytes(content)
    return read_foreign_table(folder / name, mapping_of(folder, MAPPING.format(more=more)))


COMMAS = b'other,day,said\r\n1,2022-01-01,yes\r\n,,\r\n2,2022-01-02,"no, not"\r\n'
ROWS = [(2, "2022-01-01", "yes"), (4, "2022-01-02", "no, not")]


@pytest.mark.parametrize(
    ("name", "content", "more"),
    [
        ("feed.csv", COMMAS, ""),
        ("FEED.CSV.GZ", gzip.compress(COMMAS, mtime=0), ""),
        ("feed.txt", COMMAS.replace(b",", b";").replace(b"no;", b"no,"), "\ndelimiter: ';'"),
        ("feed.tsv", COMMAS.replace(b",", b"\t").replace(b"no\t", b"no,"), "\ndelimiter: tab"),
    ],
)
def test_the_columns_that_the_mapping_names_are_read(name: str, content: bytes, more: str, tmp_path: Path) -> None:
    table = read(tmp_path, content, name, more)
    assert set(table.columns) == {"day", "said"}
    assert (shown(table, "day", "said"), table.faults, table.lost) == (ROWS, [], False)


def test_parquet_columns_of_any_plain_type_are_read_as_text(tmp_path: Path) -> None:
    days = pa.array([date(2022, 1, 1), None])
    columns: list[tuple[pa.Array, list[str | None]]] = [
        (pa.array(["a", "b"]), ["a", "b"]),
        (pa.array(["a", "b"]).dictionary_encode(), ["a", "b"]),
        (pa.array([1, None]), ["1", None]),
        (pa.array([0.1, 1e-7]), ["0.1", "1e-7"]),
        (pa.array([True, False]), ["true", "false"]),
        (pa.array([datetime(2022, 1, 1, tzinfo=UTC)] * 2), ["2022-01-01 00:00:00.000000Z"] * 2),
    ]
    for column, texts in columns:
        table = read(tmp_path, parquet_bytes(pa.table({"day": days, "said": column})), "feed.parquet")
        assert table.columns["said"].cast(pa.string()).to_pylist() == texts
        assert table.rows.tolist() == [1, 2]
        assert table.columns["day"].to_pylist() == ["2022-01-01", None]


def test_a_nested_column_is_a_fault(tmp_path: Path) -> None:
    nested = pa.table({"day": ["2022-01-01"], "said": [{"a": 1}]})
    table = read(tmp_path, parquet_bytes(nested), "feed.parquet")
    assert told(table) == [
        (
            "feed.parquet:said: IW308 type is wrong (struct<a: int64>); it must be text, numbers, days or times. "
            "Write it as one of these."
        )
    ]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        (
            "feed.csv",
            b"\nday,side,day\n",
            [
                (
                    "feed.csv:row 2:day: IW307 column is there twice (day); each column may be there once. "
                    "Remove or rename one of them."
                ),
                'feed.csv:row 2:said: IW356 column is missing (said); the mapping names it. Did you mean "side"?',
            ],
        ),
        ("feed.csv.gz", COMMAS, ["feed.csv.gz: IW304 file is damaged (Not a gzipped file (b'ot')); "]),
        (
            "feed.csv.gz",
            gzip.compress(COMMAS, mtime=0)[:-9],
            ["feed.csv.gz: IW304 file is damaged (Compressed file ended before "],
        ),
        ("feed.parquet", b"PAR1", ["feed.parquet: IW304 file is damaged ("]),
    ],
)
def test_a_file_that_cannot_be_read_so_is_a_fault(name: str, content: bytes, said: list[str], tmp_path: Path) -> None:
    faults = sorted(told(read(tmp_path, content, name)))
    assert len(faults) == len(said)
    assert all(fault.startswith(start) for fault, start in zip(faults, said, strict=True))


def test_another_suffix_is_refused(tmp_path: Path) -> None:
    with pytest.raises(QuestionError) as refusal:
        read(tmp_path, b"", "feed.json.gz")
    assert str(refusal.value).partition("(")[0] == "IW350 suffix is unknown "


def test_a_file_that_is_not_there_is_out_of_reach(tmp_path: Path) -> None:
    with pytest.raises(Unreachable, match="IW301 file cannot be opened"):
        read_foreign_table(tmp_path / "none.csv", mapping_of(tmp_path, MAPPING.format(more="")))
