"""A large file of reports for benchmarks of the log: random, with the names of the built-in catalog.

As feeds are: in order of their reporting, hours to days after what they tell of; some with an origin of their own,
some with the id that another system gave them, some with a note.
"""

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from pyarrow import csv

from iwscore.domain.catalogs import Catalog

SEED = 20221004
DAY, SECOND = 86_400_000_000, 1_000_000
BEGIN, DAYS = 1_640_995_200_000_000, 730  # two years from 2022-01-01, microseconds
AT_ONCE = 1 << 17
WITH_ORIGIN, WITH_EXTERNAL_ID, WITH_NOTE = 0.05, 0.3, 0.1


def write_reports(path: Path, rows: int, catalog: Catalog) -> None:
    """Write a CSV file of so many reports; no two are alike."""
    rng = np.random.default_rng(SEED)
    reported = np.sort(rng.integers(DAYS * DAY // SECOND, size=rows)) * SECOND + BEGIN
    with path.open("wb") as file:
        for start in range(0, rows, AT_ONCE):
            part = reports(rng, reported[start : start + AT_ONCE], start, catalog)
            csv.write_csv(part, file, csv.WriteOptions(include_header=not start, quoting_style="needed"))


def reports(rng: np.random.Generator, reported: Any, start: int, catalog: Catalog) -> Any:
    rows = len(reported)
    late = rng.integers(1, 3 * DAY // SECOND, size=rows) * SECOND
    indicator, levels = signs(rng, rows, catalog)
    number = np.arange(start, start + rows).astype(str)
    return pa.table({
        "observed_at": written(reported - late),
        "reported_at": written(reported),
        "indicator": indicator,
        "level": levels,
        "source": chosen(rng, rows, list(catalog.sources)),
        "grade": chosen(rng, rows, [letter + digit for letter in "ABCDE" for digit in "12345"]),
        "subject": chosen(rng, rows, ["belarus", "lithuania", "poland", "ukraine"]),
        "origin": some(rng, chosen(rng, rows, list(catalog.sources)), WITH_ORIGIN),
        "external_id": some(rng, pa.array(np.char.add("feed-", number)), WITH_EXTERNAL_ID),
        "note": some(rng, pa.array(np.char.add("Item of the day, page ", number)), WITH_NOTE),
        "marking": chosen(rng, rows, ["clear", "green", "amber"]),
    })  # fmt: skip


def signs(rng: np.random.Generator, rows: int, catalog: Catalog) -> tuple[Any, Any]:
    """Return indicators, and for each a level of its own."""
    pairs = [(one.id, level) for one in catalog.indicators.values() for level in one.levels]
    place = pa.array(rng.integers(len(pairs), size=rows))
    names, levels = (pa.array(column) for column in zip(*pairs, strict=True))
    return names.take(place), levels.take(place)


def chosen(rng: np.random.Generator, rows: int, names: list[str]) -> Any:
    return pa.array(names).take(pa.array(rng.integers(len(names), size=rows)))


def some(rng: np.random.Generator, column: Any, share: float) -> Any:
    return pa.array(column.to_pylist(), mask=rng.random(len(column)) > share)


def written(micros: Any) -> Any:
    texts = np.datetime_as_string(micros.astype("M8[us]").astype("M8[s]"))
    return pa.array(np.char.add(texts, "Z"))
