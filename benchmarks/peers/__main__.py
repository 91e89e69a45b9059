"""Run it: ``python -m benchmarks.peers``, behind ``make bench-peers`` and ``make bench-smoke``."""

from __future__ import annotations

import argparse
import warnings

from benchmarks.peers import smoke

PARTS = ("evidence", "likelihoods", "bands", "processes", "costs")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.peers", description=__doc__)
    parser.add_argument("--smoke", action="store_true", help="only hold small answers against each other")
    parser.add_argument("--rows", type=int, default=10_000_000, help="reports in the job")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS, help="parts to run")
    parser.add_argument("--write", action="store_true", help="put the figures into docs/performance.md")
    asked = parser.parse_args()
    if asked.smoke:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            print(f"{smoke.run()} answers are equal")
    else:
        # Not everything that the figures need is installed where only the answers are checked.
        from benchmarks.peers import figures

        figures.run(asked.only, asked.rows, asked.rounds, write=asked.write)


if __name__ == "__main__":
    main()
