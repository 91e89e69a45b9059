"""Whole processes from the same Parquet file: a history by ``iwscore rescore``, the evidence part alone by duckdb."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import numpy as np

from benchmarks.peers import folders, ours
from benchmarks.peers.jobs import Job, job
from benchmarks.peers.rounds import Timing, say

HISTORY, EVIDENCE = "history.parquet", "evidence.npy"
SCENARIO_TOLERANCE = 1e-7  # duckdb's sums cancel; a likelihood moves by what the evidence moves


def processes(rows: int, rounds: int) -> list[Timing]:
    """Return what each process took for each report; the first writes likelihoods, scores, coverage and rungs too."""
    made = job(rows, step=1)  # a file holds no row twice
    taken: dict[tuple[str, int], list[float]] = {}
    peaks: dict[tuple[str, int], int] = {}
    with TemporaryDirectory() as name:
        folder = Path(name)
        file = folders.write(folder, made)
        for number in range(rounds):
            # A finished history would be left as it is.
            out = folder / str(number)
            out.mkdir()
            for which, command in commands(folder, file, out, made).items():
                seconds, peak = ended(command, folder / "held")
                taken.setdefault(which, []).append(seconds / rows)
                peaks[which] = max(peak, peaks.get(which, 0))
            hold(out, made)
            say(f"whole processes, {rows} reports: round {number + 1} of {rounds}")
    return [Timing(*which, tuple(seconds), peaks[which]) for which, seconds in taken.items()]


def commands(folder: Path, file: Path, out: Path, made: Job) -> dict[tuple[str, int], list[str]]:
    """Return what is run, by name and threads."""
    begin, end = folders.first_and_last(made)
    question = [folders.PROBLEM, "--catalog", str(folder), "--observations", str(file), "--out", str(out / HISTORY)]
    rescore = ["iwscore.cli.app:main", "rescore", *question, "--from", begin, "--to", end, "--step", "1d"]
    alone = {
        ("duckdb, evidence alone", threads): ["benchmarks.peers.from_file:main", str(file), str(threads)]
        for threads in (1, 2)
    }
    written = {which: [*command, str(out / EVIDENCE)] for which, command in alone.items()}
    return {("iwscore rescore", 1): rescore, **written}


def ended(command: list[str], note: Path) -> tuple[float, int]:
    """Run it until it ends; return the seconds and the most memory held."""
    begin = perf_counter()
    called = [sys.executable, "-m", "benchmarks.peers.held", str(note), *command]
    subprocess.run(called, stdout=subprocess.DEVNULL, check=True)
    return perf_counter() - begin, int(note.read_text(encoding="ascii"))


def hold(out: Path, made: Job) -> None:
    expected = ours.likelihoods(np.load(out / EVIDENCE), ours.problem(made))
    np.testing.assert_allclose(folders.answers(out / HISTORY, made), expected, rtol=0, atol=SCENARIO_TOLERANCE)
