"""What the pages show of a terminal is what the program says: their sessions are run, line by line."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.tree import files, place

FENCE = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"(?:.*\\\n)*.*\n")
# What no two runs have in common: ids and digests, and when something was recorded.
PASSING = re.compile(r"\b[0-9a-f]{32,64}\b|\b\d{4}-\d\d-\d\dT[\d:]+\.\d+Z")
PAGES = [path for path in files() if path.suffix == ".md" and FENCE.search(path.read_text(encoding="utf-8"))]


def steps(page: str) -> list[tuple[str, str]]:
    """Return the commands of a page, each with what is shown below it; a line ending in a backslash goes on."""
    told: list[tuple[str, str]] = []
    for block in FENCE.findall(page):
        for step in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command = "".join(COMMAND.findall(step)[:1])
            told.append((command, step.removeprefix(command)))
    return told


def run(commands: list[str], folder: Path, **environment: str) -> list[str]:
    """Run commands in one shell and return what each prints on both streams."""
    script = "exec 2>&1 </dev/null\n" + "".join(f"{command}printf '\\036'\n" for command in commands)
    (folder / "session.sh").write_text(script, encoding="utf-8")
    plain = {name: value for name, value in os.environ.items() if not name.startswith("IWSCORE_")}
    plain["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{plain['PATH']}"
    ran = subprocess.run(
        ["bash", "session.sh"], cwd=folder, env=plain | {"COLUMNS": "100"} | environment, capture_output=True,
        encoding="utf-8", check=False,
    )  # fmt: skip
    return ran.stdout.split("\036")[:-1]


def agrees(said: str, shown: str) -> bool:
    """Return whether a page may show this; a line "…" there stands for any lines."""
    parts = re.split(r"^…\n", PASSING.sub("#", shown), flags=re.MULTILINE)
    return re.fullmatch("(?:.*\n)*".join(map(re.escape, parts)), PASSING.sub("#", said)) is not None


@pytest.mark.parametrize("page", PAGES, ids=place)
def test_every_session_comes_out_as_the_page_says(page: Path, tmp_path: Path, postgresql_url: str) -> None:
    told = steps(page.read_text(encoding="utf-8"))
    said = run([command for command, _ in told], tmp_path, PG=postgresql_url)
    assert len(said) == len(told)
    for (command, shown), output in zip(told, said, strict=True):
        assert agrees(output, shown), f"$ {command}{output}"


def test_the_log_has_a_session() -> None:
    assert "docs/log.md" in [place(page) for page in PAGES]


@pytest.mark.parametrize(
    ("said", "shown", "right"),
    [
        ("a\n", "a\n", True),
        ("a\nb\nc\n", "a\n…\nc\n", True),
        ("a\nc\n", "a\n…\nc\n", True),
        ("a\nb\n", "a\n", False),
        (f"Head: {'0' * 64}\n", f"Head: {'f' * 64}\n", True),
        ("0.5\n", "0.6\n", False),
        ("2026-03-31T08:00:00Z\n", "2026-03-31T09:00:00Z\n", False),
        ("2026-03-31T08:00:00.5Z\n", "2026-04-01T08:00:00.25Z\n", True),
    ],
)
def test_what_differs_is_found(said: str, shown: str, right: bool) -> None:
    assert agrees(said, shown) is right


def test_commands_share_a_shell(tmp_path: Path) -> None:
    ((command, shown), *others) = steps("```console\n$ a=1; echo \\\n  x\nx\n$ echo $a >&2\n1\n```\n")
    assert (command, shown) == ("a=1; echo \\\n  x\n", "x\n")
    assert run([command, *(other for other, _ in others)], tmp_path) == ["x\n", "1\n"]
