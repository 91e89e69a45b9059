"""What the cache of columns is worth: reading a long log with it and without, and questions asked of both.

Reading is timed in one process, questions in processes of their own, as people ask them; everything in turn, round by
round, and told as medians. The yardstick of reading is all columns of the log's own segments, unpacked and thrown
away; that of questions is the same rows in a file of Parquet.

    python -m benchmarks.bench_columns [--rows N] [--rounds N] [--log FILE]
"""

import argparse
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter

from benchmarks.bench_log import ROOT, run
from benchmarks.log_rows import write_reports
from iwscore.catalog import load
from iwscore.store.databases import database_at
from iwscore.store.keeping import drop_cache, kept
from iwscore.store.logs import open_log
from iwscore.store.segments import read_columns

QUESTION = ("northern-front", "--subject", "belarus", "--catalog", str(ROOT))
SPAN = ("--from", "2022-01-01", "--to", "2023-12-31")


def seconds(work: Callable[[], object]) -> float:
    begin = perf_counter()
    work()
    return perf_counter() - begin


def make(folder: Path, rows: int) -> Path:
    """Return a log of so many rows, known since they were reported, so that a file of them has the same answers."""
    reports, log = folder / "reports.csv", folder / "log.db"
    write_reports(reports, rows, load(ROOT))
    run("log", "create", "--database", str(log))
    history = ("--historical", "--reason", "benchmark", "--author", "ann", "--catalog", str(ROOT))
    run("import", str(reports), *history, "--database", str(log))
    reports.unlink()
    return log


def table(title: str, works: dict[str, Callable[[], float]], rows: int, rounds: int) -> None:
    """Do everything in turn and tell the medians; the last work is the yardstick."""
    took: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            took[name].append(work())
    bar = median(took[list(works)[-1]])
    print(f"\n{title:42}{'seconds':>9}{'rows/s':>14}{'ratio':>7}")
    for name, times in took.items():
        print(f"{name:42}{median(times):9.2f}{rows / median(times):14,.0f}{median(times) / bar:7.2f}", flush=True)


def reading(log: str, rows: int, rounds: int) -> None:
    with open_log(log, clock=lambda: 0) as opened:
        database = database_at(log)

        def cold() -> float:
            drop_cache(log, None)
            return seconds(opened.columns)

        def bulk() -> float:
            with database.reading() as connection:
                return seconds(lambda: [None for _ in read_columns(database, connection)])

        works = {
            "columns, no cache yet": cold,
            "columns, from the cache": lambda: seconds(opened.columns),
            "segments, all columns": bulk,
        }
        table("reading", works, rows, rounds)
        database.dispose()
        print(f"{'observations, in full (once)':42}{seconds(opened.observations):9.2f}")
    print(f"{'size of the cache, MB':42}{kept(log, None).size / 1e6:9.0f}")


def asking(log: str, file: Path, rows: int, rounds: int) -> None:
    of_log, of_file = ("--database", log), ("--observations", str(file))
    out = file.parent / "history.parquet"

    def history(*place: str) -> float:
        for made in file.parent.glob("history.*"):
            made.unlink()
        return run("rescore", *QUESTION, *SPAN, *place, "--out", str(out)).seconds

    def cold() -> float:
        drop_cache(log, None)
        return history(*of_log)

    def score(*place: str) -> float:
        return run("score", *QUESTION, "--at", "2023-12-31T00:00:00Z", "--draws", "0", *place).seconds

    works = {
        "rescore, log, no cache yet": cold,
        "rescore, log, from the cache": lambda: history(*of_log),
        "score, log, from the cache": lambda: score(*of_log),
        "score, Parquet": lambda: score(*of_file),
        "rescore, Parquet": lambda: history(*of_file),
    }
    table("questions, whole process", works, rows, rounds)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rows", type=int, default=2_000_000)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--log", type=Path, help="a log made before, to be used again")
    asked = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="iwscore-bench-") as made:
        log = asked.log or make(Path(made), asked.rows)
        file = Path(made) / "log.parquet"
        run("export", str(file), "--database", str(log))
        print(f"{asked.rows:,} rows")
        reading(str(log), asked.rows, asked.rounds)
        asking(str(log), file, asked.rows, asked.rounds)


if __name__ == "__main__":
    main()
