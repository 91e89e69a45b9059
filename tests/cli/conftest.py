"""The real program, run as people run it, on the built-in example and on small folders."""

import csv
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import pytest

from tests.cli.forking import Forking

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = Path(sys.executable).with_name("iwscore")
FACTS = ROOT / "examples" / "northern-front-2022.csv"
ALONE = {"--workers", "--executor", "--scheduler", "serve"}

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


@pytest.fixture(scope="session")
def forking() -> Iterator[Forking]:
    """Return what starts the program without importing everything each time."""
    found = Forking()
    yield found
    found.end()


@pytest.fixture(scope="session")
def program(forking: Forking) -> Run:
    """Return ``program(*arguments, cwd=)``: what the program printed, and its exit code.

    Where other processes are started, or the environment says more than the program's own settings, it is not forked.
    """

    def started(*arguments: str | Path, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
        plain = {name: value for name, value in os.environ.items() if not name.startswith("IWSCORE_")}
        told = plain | {"COLUMNS": "100", "PYTHONWARNINGS": "error"} | environment
        words = list(map(str, arguments))
        if not ALONE.intersection(words) and all(name.startswith("IWSCORE_") for name in environment):
            return forking.start(words, cwd, told)
        return subprocess.run([PROGRAM, *words], cwd=cwd, env=told, capture_output=True, encoding="utf-8", check=False)

    return started


@pytest.fixture
def run(program: Run, tmp_path: Path) -> Run:
    """Return ``run(*arguments)``: what the program printed, and its exit code. It starts in an empty folder."""

    def started(*arguments: str | Path, cwd: Path = tmp_path, **environment: str) -> subprocess.CompletedProcess[str]:
        return program(*arguments, cwd=cwd, **environment)

    return started


@pytest.fixture(scope="session")
def new_folder(program: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder as ``init`` leaves it: made once, to be copied."""
    home = tmp_path_factory.mktemp("init")
    assert program("init", "watch", cwd=home).returncode == 0
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
def desk(run: Run, new_folder: Path, tmp_path: Path) -> Run:
    """Return ``desk(*arguments)``: the program in a folder as ``init`` leaves it, with an empty log."""
    shutil.copytree(new_folder, tmp_path / "watch")

    def at_desk(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
        return run(*arguments, cwd=tmp_path / "watch", **environment)

    return at_desk
