"""Core is arithmetic: it can be shipped to a worker that has Python and numpy and nothing else."""

import ast
import sys
from collections.abc import Iterator

from tests.house.tree import SOURCE, files, parsed, place

ALLOWED = {"numpy", *sys.stdlib_module_names}


def imported(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, name.name) for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.lineno, "." * node.level + (node.module or "")


def test_core_imports_numpy_and_the_standard_library_alone() -> None:
    found = [
        f"{place(path, line)} {name}"
        for path in files(SOURCE / "core")
        if path.suffix == ".py"
        for line, name in imported(parsed(path))
        if name.partition(".")[0] not in ALLOWED and not f"{name}.".startswith("iwscore.core.")
    ]
    assert found == []
