"""The real program, run as people run it, on the built-in example and on small folders."""

import csv
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = Path(sys.executable).with_name("iwscore")
FACTS = ROOT / "examples" / "northern-front-2022.csv"

Run = Callable[..., subprocess.CompletedProcess[str]]


def kill(command: Sequence[str | Path], folder: Path, ready: Callable[[], bool], grace: float = 0) -> int:
    """Start the program, kill it for good a moment after ``ready``, and return how it ended."""
    with subprocess.Popen([PROGRAM, *command], cwd=folder, stdout=subprocess.PIPE) as process:
        while process.poll() is None and not ready():
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=0.002)
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=grace)
        process.kill()
    return process.returncode


def started(*arguments: str | Path, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Return what the program printed, and its exit code."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("IWSCORE_")}
    return subprocess.run(
        [PROGRAM, *arguments],
        cwd=cwd,
        env=plain | {"COLUMNS": "100", "PYTHONWARNINGS": "error"} | environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Return ``run(*arguments)``: what the program printed, and its exit code. It starts in an empty folder."""

    def program(*arguments: str | Path, cwd: Path = tmp_path, **environment: str) -> subprocess.CompletedProcess[str]:
        return started(*arguments, cwd=cwd, **environment)

    return program


@pytest.fixture(scope="session")
def watch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder as ``init`` leaves it: made once, to be copied."""
    home = tmp_path_factory.mktemp("init")
    assert started("init", "watch", cwd=home).returncode == 0
    return home / "watch"


@pytest.fixture
def ask(run: Run) -> Run:
    """Return ``ask(command, *arguments)``: a question about the built-in example at the end of its reports."""

    def question(
        command: str, *arguments: str | Path, observations: Path = FACTS, at: str = "2022-10-12T00:00:00Z"
    ) -> subprocess.CompletedProcess[str]:
        clock = () if command == "trend" else ("--at", at)
        return run(command, "northern-front", "--catalog", ROOT, "--observations", observations, *clock, *arguments)

    return question


@pytest.fixture
def facts() -> list[list[str]]:
    """Return the rows of the built-in example, the header first."""
    with FACTS.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


@pytest.fixture
def write_rows(tmp_path: Path) -> Callable[[str, list[list[str]]], Path]:
    """Return ``write_rows(name, rows)``: a CSV file of these rows."""

    def write(name: str, rows: list[list[str]]) -> Path:
        path = tmp_path / name
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(rows)
        return path

    return write


@pytest.fixture
def desk(run: Run, watch: Path, tmp_path: Path) -> Run:
    """Return ``desk(*arguments)``: the program in a folder as ``init`` leaves it, with an empty log."""
    shutil.copytree(watch, tmp_path / "watch")

    def at_desk(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
        return run(*arguments, cwd=tmp_path / "watch", **environment)

    return at_desk
