"""One measured process: a Parquet input read within a budget and put on the axes of its problem, subject by subject.

python -m benchmarks.parquet_job parts|whole CATALOG INPUT MEMORY
"""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

from benchmarks.parquet_rows import PROBLEM
from iwscore.catalog import load
from iwscore.cli.app import app
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


def answered(catalog: Path, path: Path, memory: str) -> dict[str, float]:
    """Do the whole job as the command does it: twenty years of days, likelihoods, scores, coverage and rungs."""
    out = path.with_name("history.parquet")
    span = ("--from", "2004-01-01", "--to", "2023-12-31", "--out", str(out), "--memory", memory, "--overwrite")
    begin = perf_counter()
    asked = ["rescore", PROBLEM, "--catalog", str(catalog), "--observations", str(path), "--subject", "all", *span]
    app(asked, standalone_mode=False)
    seconds = perf_counter() - begin
    out.unlink()
    return {"seconds": seconds, "peak": peak_megabytes()}


if __name__ == "__main__":
    which, folder, file, memory = sys.argv[1:]
    if which == "whole":
        print(json.dumps(answered(Path(folder), Path(file), memory)))
    else:
        print(json.dumps(run(load(Path(folder)), Path(file), memory)))
