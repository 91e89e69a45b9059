"""A whole history of one job from a log and from a file of the same rows: whole processes, in turn, told as medians.

The job is that of ``bench_parquet``: one subject, a hundred indicators, five hundred sources, twenty years of days. The
log is asked with its cache of columns dropped before, and with it.

    python -m benchmarks.bench_history [--rows N] [--rounds N] [--folder DIR]
"""

import argparse
import tempfile
from collections import defaultdict
from contextlib import ExitStack
from pathlib import Path
from statistics import median

import pyarrow as pa
from pyarrow import parquet

from benchmarks.bench_log import Run, run
from benchmarks.parquet_rows import PROBLEM, ZONED, write_catalog, write_rows
from iwscore.store.keeping import drop_cache

SPAN = ("--from", "2004-01-01", "--to", "2023-12-31", "--overwrite")


def make(folder: Path, rows: int) -> None:
    """Make the catalog, the file and the log, where they are not there yet."""
    log, file = str(folder / "log.db"), folder / "rows.parquet"
    if not file.exists():
        write_catalog(folder)
        write_rows(folder / "untold.parquet", rows)
        tell(folder / "untold.parquet", file)
        run("log", "create", "--database", log)
        history = ("--historical", "--reason", "benchmark", "--author", "ann", "--catalog", str(folder))
        run("import", str(file), *history, "--database", log)


def tell(path: Path, told: Path) -> None:
    """Write the rows again, each reported when it was so: history counts from then."""
    source = parquet.ParquetFile(path)
    with parquet.ParquetWriter(told, source.schema_arrow.append(pa.field("reported_at", ZONED))) as writer:
        for batch in source.iter_batches(1 << 20):
            table = pa.Table.from_batches([batch])
            writer.write_table(table.append_column("reported_at", table["observed_at"]))
    path.unlink()


def measured(folder: Path, rounds: int) -> dict[str, list[Run]]:
    log, out = str(folder / "log.db"), folder / "history.parquet"
    of_log, of_file = ("--database", log), ("--observations", str(folder / "rows.parquet"))
    works = {"log, no cache yet": of_log, "log, from the cache": of_log, "Parquet": of_file}
    found = defaultdict(list)
    for _ in range(rounds):
        for name, place in works.items():
            if name == "log, no cache yet":
                drop_cache(log, None)
            words = ("rescore", PROBLEM, "--subject", "all", "--catalog", str(folder), *place, *SPAN)
            found[name].append(run(*words, "--out", str(out)))
    return found


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rows", type=int, default=10_000_000)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--folder", type=Path, help="where the log and the file are, or are to be kept")
    asked = options.parse_args()
    with ExitStack() as stack:
        folder = asked.folder or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="iwscore-bench-")))
        make(folder, asked.rows)
        found = measured(folder, asked.rounds)
    bar, bar_cpu = (median(getattr(one, name) for one in found["Parquet"]) for name in ("seconds", "cpu"))
    print(f"{asked.rows:,} reports, whole process{'':14}{'seconds':>9}{'ratio':>7}{'cpu':>8}{'ratio':>7}{'MB':>8}")
    for name, runs in found.items():
        seconds, cpu, peak = (median(getattr(one, each) for one in runs) for each in ("seconds", "cpu", "peak"))
        print(f"{name:42}{seconds:9.2f}{seconds / bar:7.2f}{cpu:8.2f}{cpu / bar_cpu:7.2f}{peak:8.0f}")


if __name__ == "__main__":
    main()
