"""Rows of observations, and the three formats they can be written in."""

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence

import pyarrow as pa
from pyarrow import parquet

Row = Mapping[str, str]
SOUND: Row = {
    "observed_at": "2022-10-04T12:00:00Z",
    "indicator": "troops",
    "level": "present",
    "source": "osint",
    "grade": "B2",
}
FULL = {
    **SOUND,
    "subject": "belarus",
    "origin": "ministry",
    "reported_at": "2022-10-05",
    "external_id": "r-1",
    "note": 'seen by two, "sure"\nof it',
    "url": "https://example.org/1",
    "marking": "green",
    "kind": "observation",
    "known_from": "2022-10-06T08:00:00.5+02:00",
    "recorded_at": "2022-10-06T08:00:00Z",
    "author": "ann",
    "id": "e-1",
    "reason": "ümlaut 𝄞",
}
MEASURED = {**SOUND, "level": "", "value": "1500.25"}
CORRECTION = {**SOUND, "kind": "correction", "target": "r-1", "level": "absent", "reported_at": "2022-10-07"}
RETRACTION = {"kind": "retraction", "target": "r-1", "known_from": "2022-10-08T00:00:00Z", "reason": "hoax"}


def sound(**changes: str) -> dict[str, str]:
    """Return a row that is in order but for the changes."""
    return {**SOUND, **changes}


def columns(rows: Sequence[Row]) -> list[str]:
    """Return the columns that the rows use, and those that every file must have."""
    return list(dict.fromkeys([*SOUND, *(name for row in rows for name in row)]))


def as_commas(rows: Sequence[Row]) -> bytes:
    """Return the rows as CSV."""
    text = io.StringIO()
    writer = csv.DictWriter(text, columns(rows), restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def as_lines(rows: Sequence[Row]) -> bytes:
    """Return the rows as JSON Lines, without the blank cells."""
    fields = [{name: float(c) if name == "value" else c for name, c in row.items() if c} for row in rows]
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in fields).encode()


def as_parquet(rows: Sequence[Row]) -> bytes:
    """Return the rows as Parquet, blank cells null."""
    cells = {name: [row.get(name) or None for row in rows] for name in columns(rows)}
    table = pa.table(
        {
            name: pa.array([c and float(c) for c in column], pa.float64())
            if name == "value"
            else pa.array(column, pa.string())
            for name, column in cells.items()
        }
    )
    return parquet_bytes(table)


def parquet_bytes(table: pa.Table) -> bytes:
    """Return a table as a Parquet file."""
    file = io.BytesIO()
    parquet.write_table(table, file)
    return file.getvalue()


FORMATS: dict[str, Callable[[Sequence[Row]], bytes]] = {
    ".csv": as_commas,
    ".jsonl": as_lines,
    ".parquet": as_parquet,
}
