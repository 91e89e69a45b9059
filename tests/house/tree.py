"""The files the house rules speak of: everything that is written by hand, nothing that a tool made."""

import ast
import functools
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "iwscore"
MADE = {"build", "dist", "htmlcov", "uv.lock", "pylock.toml"}
KEPT = {".ci", ".gitignore"}


def files(folder: Path = ROOT) -> Iterator[Path]:
    """Yield every file under ``folder`` that is kept in the repository, in order."""
    for path in sorted(folder.iterdir()):
        dotted = path.name.startswith(".") and path.name not in KEPT
        if dotted or path.name in MADE or path.name == "__pycache__" or path.name.endswith(".egg-info"):
            continue
        if path.is_dir():
            yield from files(path)
        else:
            yield path


def python_files() -> list[Path]:
    """Return the Python files of the package, its tests and its benchmarks."""
    folders = [ROOT / name for name in ("src", "tests", "benchmarks")]
    return [path for folder in folders if folder.is_dir() for path in files(folder) if path.suffix == ".py"]


def place(path: Path, line: int = 0) -> str:
    """Return where something stands, from the root of the repository."""
    name = path.relative_to(ROOT).as_posix()
    return f"{name}:{line}" if line else name


@functools.cache
def parsed(path: Path) -> ast.Module:
    """Return the syntax tree of a file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))
