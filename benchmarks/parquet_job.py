"""One measured process: a Parquet input read within a budget and put on the axes of its problem, subject by subject.

python -m benchmarks.parquet_job CATALOG INPUT MEMORY
"""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

from benchmarks.parquet_rows import PROBLEM
from iwscore.catalog import load
from iwscore.domain.catalogs import Catalog
from iwscore.domain.columns import Columns
from iwscore.services.frames import make_frame
from iwscore.store.budgets import parse_memory, rows_within
from iwscore.store.column_reading import read_shelf
from iwscore.store.parquet_batches import parquet_input
from iwscore.store.piles import Pile
from iwscore.store.shelves import Shelf


def pieces(shelf: Shelf) -> Iterator[tuple[str, Columns]]:
    if not shelf.pile.spilled:
        whole = shelf.whole()
        yield from ((subject, whole) for subject in shelf.names[:1])
        return
    for subject in shelf.names:
        yield from ((subject, piece) for piece in shelf.pieces(subject))


def peak_megabytes() -> float:
    """Return the most that was resident; what getrusage says begins with what the parent had."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    return int(found[1]) / 1024 if found else float("nan")


def run(catalog: Catalog, path: Path, memory: str) -> dict[str, float]:
    source, room = parquet_input(path), rows_within(parse_memory(memory))
    assert source is not None
    begin = perf_counter()
    with Pile(room, path.parent) as pile:
        shelf = read_shelf(source, catalog, pile)
        read, rows, spilled = perf_counter(), 0, pile.spilled
        for subject, piece in pieces(shelf):
            rows += len(make_frame(catalog, piece, catalog.problems[PROBLEM], subject).reports)
    return {
        "read": read - begin,
        "frames": perf_counter() - read,
        "peak": peak_megabytes(),
        "rows": rows,
        "spilled": spilled,
    }


if __name__ == "__main__":
    folder, file, memory = sys.argv[1:]
    print(json.dumps(run(load(Path(folder)), Path(file), memory)))
