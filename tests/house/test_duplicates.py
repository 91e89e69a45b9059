"""No two places say the same thing in six lines or more."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from tests.house.tree import ROOT, parsed, place, python_files

LINES = 6
Line = tuple[int, str]


def spoken(path: Path) -> list[Line]:
    """Return the numbered lines that say something: no blanks, comments, imports or lone punctuation."""
    imports = {
        number
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for number in range(node.lineno, (node.end_lineno or node.lineno) + 1)
    }
    lines = enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
    return [
        (number, " ".join(line.split()))
        for number, line in lines
        if re.search(r"\w", line) and not line.lstrip().startswith("#") and number not in imports
    ]


def repeated(files: Iterable[tuple[str, list[Line]]]) -> list[str]:
    """Return each stretch of LINES lines or more that stands in several places, named by the places."""
    numbered = dict(files)
    seen: dict[tuple[str, ...], list[tuple[str, int]]] = defaultdict(list)
    for name, lines in numbered.items():
        for start in range(len(lines) - LINES + 1):
            places = seen[tuple(line for _, line in lines[start : start + LINES])]
            # A run of one line over and over overlaps itself; that is one place.
            if not places or places[-1][0] != name or start - places[-1][1] >= LINES:
                places.append((name, start))
    found = [places for places in seen.values() if len(places) > 1]
    # Of a longer stretch, only its first lines are named.
    begun = [places for places in found if [(name, start - 1) for name, start in places] not in found]
    return [" = ".join(f"{name}:{numbered[name][start][0]}" for name, start in places) for places in begun]


def test_no_six_lines_stand_in_two_places() -> None:
    assert repeated((place(path), spoken(path)) for path in python_files()) == []


def test_repeated_lines_are_found_across_files_and_within_one() -> None:
    stretch = [f"line {number}" for number in range(LINES)]
    once = list(enumerate(stretch, 1))
    twice = list(enumerate([*stretch, "between", *stretch], 1))
    assert repeated([("a", once), ("b", once[:-1])]) == []
    assert repeated([("a", once), ("b", once)]) == ["a:1 = b:1"]
    assert repeated([("a", [*once, (9, "more")]), ("b", [*once, (9, "more")])]) == ["a:1 = b:1"]
    assert repeated([("a", twice)]) == ["a:1 = a:8"]
    assert repeated([("a", [(number, "0.5,") for number in range(1, LINES + 3)])]) == []


def test_what_says_nothing_is_left_out() -> None:
    lines = dict(spoken(ROOT / "tests" / "house" / "test_duplicates.py"))
    assert lines[1] == '"""No two places say the same thing in six lines or more."""'
    assert 3 not in lines
