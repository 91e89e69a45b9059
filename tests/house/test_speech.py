"""No file names a machine's folders or a package registry's hosts: the project speaks of itself alone."""

import re
from pathlib import Path

import pytest

from tests.house.tree import files, place

# Written so that this file does not say them itself.
FOLDERS = r"(?<![\w.*-])/(?:work|tmp|home|root|opt|farm|Users)/|[A-Z]:\\Users"
HOSTS = r"pypi\.org|pytho[n]hosted|registry\.npmjs|deb\.debian|anaconda\.org"
UNSAID = re.compile(f"{FOLDERS}|{HOSTS}")


def said(path: Path) -> list[str]:
    """Return the places where a file says what no file should; files that are not text say nothing."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError:
        return []
    return [f"{place(path, number)} {line.strip()}" for number, line in enumerate(lines, 1) if UNSAID.search(line)]


def test_no_file_names_a_machine_or_a_registry() -> None:
    assert [line for path in files() for line in said(path)] == []


@pytest.mark.parametrize("parts", [["see ", "tmp", "x"], ["'", "home", "me"], ["", ".".join(("pypi", "org"))]])
def test_such_words_are_found(parts: list[str]) -> None:
    assert UNSAID.search("/".join(parts))


@pytest.mark.parametrize("parts", [["https:", "", "example.org", "work", "1"], ["tests", "tmp", "x"], ["pip", "uv"]])
def test_other_words_are_left_alone(parts: list[str]) -> None:
    assert not UNSAID.search("/".join(parts))
