"""Large Parquet files of reports for benchmarks, and the catalog they are about; a row group is made at once.

Reports come in random order: 100 indicators of which 30 have three levels, 500 sources, 7,300 days.
"""

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import yaml
from pyarrow import parquet

SEED = 20221004
DAY, MINUTE = 86_400_000_000, 60_000_000
BEGIN, DAYS = 946_684_800_000_000, 7300  # from 2000-01-01, microseconds
INDICATORS, OF_THREE, SOURCES = 100, 30, 500
AT_ONCE = 1 << 20
PROBLEM = "front"
ZONED = pa.timestamp("us", "UTC")
LETTERS = ([0.15, 0.25, 0.25, 0.15, 0.10, 0.08, 0.02], "ABCDEFG")
DIGITS = ([0.20, 0.25, 0.20, 0.15, 0.10, 0.10], "123456")


def levels_of(indicator: int) -> list[str]:
    return ["none", "some", "many"] if indicator < OF_THREE else ["absent", "present"]


def write_catalog(folder: Path) -> None:
    """Write the catalog of the benchmark: three scenarios, half-lives of 10 to 60 days."""
    rng = np.random.default_rng(SEED)
    names = [f"sign-{i:03}" for i in range(INDICATORS)]
    signs = [
        {"id": name, "title": name, "category": "military", "half_life": f"{int(rng.integers(10, 60))}d",
         "levels": levels_of(i)}
        for i, name in enumerate(names)
    ]  # fmt: skip
    scenarios = [{"id": name, "title": name, "prior": prior} for name, prior in (("a", 0.6), ("b", 0.3), ("c", 0.1))]
    asked = {
        "id": PROBLEM, "title": "Front", "question": "What comes?", "horizon": "90d", "subjects": "any",
        "scenarios": scenarios, "scale": "icd203",
        "expectations": {name: _expected(rng, levels_of(i)) for i, name in enumerate(names)},
    }  # fmt: skip
    sources = [{"id": f"source-{i:03}", "title": str(i), "kind": "media", "grades": []} for i in range(SOURCES)]
    written = {"indicators": {"indicators": signs}, "scenarios": asked, "sources": {"sources": sources}}
    for kind, content in written.items():
        (folder / kind).mkdir(parents=True, exist_ok=True)
        (folder / kind / "all.yaml").write_text(yaml.safe_dump(content, sort_keys=False))


def _expected(rng: np.random.Generator, levels: list[str]) -> dict[str, Any]:
    rows = {name: rng.integers(10, 90, size=len(levels)) for name in "abc"}
    given = {
        name: dict(zip(levels, (float(share) for share in row / row.sum()), strict=True)) for name, row in rows.items()
    }
    return {"rationale": "drawn", "given": given}


def write_rows(path: Path, rows: int, subjects: int = 1, order: str = "random") -> None:
    """Write so many reports; with order "time" they stand in it."""
    rng = np.random.default_rng(SEED)
    with parquet.ParquetWriter(path, _SCHEMA) as writer:
        for start in range(0, rows, AT_ONCE):
            writer.write_table(_rows(rng, start, min(AT_ONCE, rows - start), rows, subjects, order))


def write_bomb(path: Path, rows: int) -> None:
    """Write so many equal reports: few bytes, many rows, one row group."""
    one = _rows(np.random.default_rng(SEED), 0, 1, 1, 1, "time")
    parquet.write_table(one.take(pa.array(np.zeros(rows, dtype=np.int64))), path, row_group_size=rows)


_NAMED = pa.dictionary(pa.int32(), pa.string())
_SCHEMA = pa.schema(
    [("observed_at", ZONED), *((name, _NAMED) for name in ("subject", "indicator", "level", "source", "grade"))]
)


def _rows(rng: np.random.Generator, start: int, rows: int, whole: int, subjects: int, order: str) -> Any:
    minutes = DAYS * DAY // MINUTE
    within = np.arange(start, start + rows) * minutes // whole if order == "time" else rng.integers(minutes, size=rows)
    indicator = rng.integers(INDICATORS, size=rows)
    level = rng.integers(np.where(indicator < OF_THREE, 3, 2))
    letter, digit = (rng.choice(len(names), size=rows, p=share) for share, names in (LETTERS, DIGITS))
    texts = ["none", "some", "many", "absent", "present"]
    columns = {
        "subject": _named(rng.integers(subjects, size=rows), [f"subject-{i:04}" for i in range(subjects)]),
        "indicator": _named(indicator, [f"sign-{i:03}" for i in range(INDICATORS)]),
        "level": _named(level + np.where(indicator < OF_THREE, 0, 3), texts),
        "source": _named(rng.integers(SOURCES, size=rows), [f"source-{i:03}" for i in range(SOURCES)]),
        "grade": _named(letter * 6 + digit, [one + other for one in LETTERS[1] for other in DIGITS[1]]),
    }
    times = pa.array(BEGIN + within * MINUTE).cast(ZONED)
    return pa.table({"observed_at": times, **columns}, schema=_SCHEMA)


def _named(codes: Any, names: list[str]) -> Any:
    return pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int32)), pa.array(names))
