"""Only the command line reads the clock and the environment: an answer is a function of what is asked."""

import ast
from collections.abc import Iterator

from tests.house.tree import SOURCE, files, parsed, place

READS = {
    "datetime.date.today",
    "datetime.datetime.now",
    "datetime.datetime.today",
    "datetime.datetime.utcnow",
    "os.environ",
    "os.environb",
    "os.getenv",
    "time.gmtime",
    "time.localtime",
    *(f"time.{clock}{unit}" for clock in ("time", "monotonic", "perf_counter") for unit in ("", "_ns")),
}


def names_bound(tree: ast.Module) -> dict[str, str]:
    """Return what the names that a module imports stand for."""
    bound: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for name in node.names:
                top = name.name.partition(".")[0]
                bound[name.asname or top] = name.name if name.asname else top
        elif isinstance(node, ast.ImportFrom):
            bound |= {name.asname or name.name: f"{node.module}.{name.name}" for name in node.names}
    return bound


def dotted(node: ast.AST, bound: dict[str, str]) -> str:
    """Return the full dotted name an expression spells, or nothing."""
    if isinstance(node, ast.Name):
        return bound.get(node.id, "")
    if isinstance(node, ast.Attribute):
        owner = dotted(node.value, bound)
        return owner and f"{owner}.{node.attr}"
    return ""


def readings(tree: ast.Module) -> Iterator[tuple[int, str]]:
    bound = names_bound(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Name | ast.Attribute) and dotted(node, bound) in READS:
            yield node.lineno, dotted(node, bound)
        elif isinstance(node, ast.Call) and dotted(node.func, bound) == "numpy.datetime64":
            yield from (
                (node.lineno, f"numpy.datetime64({word.value!r})")
                for word in node.args
                if isinstance(word, ast.Constant) and word.value in ("now", "today")
            )


def test_only_the_command_line_reads_the_clock_and_the_environment() -> None:
    found = [
        f"{place(path, line)} {name}"
        for path in files(SOURCE)
        if path.suffix == ".py" and path.parent.name != "cli"
        for line, name in readings(parsed(path))
    ]
    assert found == []


def test_readings_are_found_under_any_name() -> None:
    code = (
        "import os, time as t, numpy as np\nfrom datetime import datetime as D\nfrom time import time\n"
        "D.now(), t.monotonic_ns, os.environ['X'], time(), np.datetime64('now'), np.datetime64('2022-02-24')"
    )
    assert sorted(name for _, name in readings(ast.parse(code))) == [
        "datetime.datetime.now",
        "numpy.datetime64('now')",
        "os.environ",
        "time.monotonic_ns",
        "time.time",
    ]
