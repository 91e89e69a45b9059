"""How long large Parquet inputs take to read and to put on the axes of a problem, and how much memory.

Every measurement is a process of its own. Sizes are run in turn, several times; the slope is that of the logarithm
of the least seconds on that of the rows. The bomb is 20 million equal rows.

    python -m benchmarks.bench_parquet [--rows N …] [--subjects S …] [--memory SIZE …] [--runs R] [--folder DIR]
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from benchmarks.parquet_rows import write_bomb, write_catalog, write_rows

HEADER = f"{'rows':>12}{'subjects':>10}{'memory':>8}{'file MB':>9}{'read s':>8}{'frames s':>10}{'peak MB':>9}  on disk"


def measured(which: str, catalog: Path, path: Path, memory: str) -> dict[str, float]:
    words = [sys.executable, "-m", "benchmarks.parquet_job", which, str(catalog), str(path), memory]
    said = subprocess.run(words, check=True, stdout=subprocess.PIPE, text=True).stdout
    found: dict[str, float] = json.loads(said.splitlines()[-1])
    return found


def show(rows: int, subjects: int, memory: str, path: Path, found: dict[str, float]) -> None:
    size = path.stat().st_size / 1e6
    times = f"{found['read']:8.2f}{found['frames']:10.2f}{found['peak']:9.0f}"
    print(f"{rows:12,}{subjects:10}{memory:>8}{size:9.1f}{times}  {'yes' if found['spilled'] else 'no'}", flush=True)


def slope(seconds: dict[int, float]) -> float:
    rows, least = (np.log(list(column)) for column in (seconds.keys(), seconds.values()))
    return float(np.polyfit(rows, least, 1)[0])


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rows", type=int, nargs="+", default=[1_000_000, 10_000_000])
    options.add_argument("--subjects", type=int, nargs="+", default=[1])
    options.add_argument("--memory", nargs="+", default=["4GiB", "1GiB"])
    options.add_argument("--whole", action="store_true", help="measure rescore, the whole process")
    options.add_argument("--runs", type=int, default=3)
    options.add_argument("--folder", type=Path, help="where the files go; they are removed again")
    options.add_argument("--bomb", type=int, default=20_000_000)
    asked = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="iwscore-bench-", dir=asked.folder) as made:
        folder = Path(made)
        write_catalog(folder / "catalog")
        print(HEADER)
        for subjects in asked.subjects:
            least: dict[str, dict[int, float]] = {memory: {} for memory in asked.memory}
            for rows in asked.rows:
                path = folder / "rows.parquet"
                write_rows(path, rows, subjects)
                for memory in asked.memory * asked.runs:
                    if asked.whole:
                        found = measured("whole", folder / "catalog", path, memory)
                        print(
                            f"{rows:12,}{subjects:10}{memory:>8}{found['seconds']:8.2f} s{found['peak']:9.0f} MB",
                            flush=True,
                        )
                        least[memory][rows] = min(found["seconds"], least[memory].get(rows, np.inf))
                        continue
                    found = measured("parts", folder / "catalog", path, memory)
                    assert found["rows"] == rows
                    show(rows, subjects, memory, path, found)
                    seconds = found["read"] + found["frames"]
                    least[memory][rows] = min(seconds, least[memory].get(rows, seconds))
                path.unlink()
            for memory, taken in least.items() if len(asked.rows) > 1 else ():
                print(f"{subjects} subjects within {memory}: slope {slope(taken):.2f}")
        bomb = folder / "bomb.parquet"
        write_bomb(bomb, asked.bomb)
        show(asked.bomb, 1, asked.memory[-1], bomb, measured("parts", folder / "catalog", bomb, asked.memory[-1]))


if __name__ == "__main__":
    main()
