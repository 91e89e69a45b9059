"""Files, functions, classes and folders stay small, and names say what a thing is."""

import ast
import re
from collections.abc import Iterator

from tests.house.tree import ROOT, SOURCE, parsed, place, python_files

FILE_LINES = 500
FUNCTION_LINES = 60
CLASS_METHODS = 12
VAGUE_MODULES = {"base", "common", "helper", "helpers", "manager", "misc", "shared", "util", "utils"}
VAGUE_CLASS = re.compile(r"(Manager|Handler|Helper|Util|Utils|Processor|Engine\d+|Data|Info|Base)$")
Function = ast.FunctionDef | ast.AsyncFunctionDef


def nodes() -> Iterator[tuple[str, ast.AST]]:
    for path in python_files():
        for node in ast.walk(parsed(path)):
            yield place(path, getattr(node, "lineno", 0)), node


def test_no_file_is_too_long() -> None:
    lengths = {place(path): len(path.read_text(encoding="utf-8").splitlines()) for path in python_files()}
    assert {name: length for name, length in lengths.items() if length >= FILE_LINES} == {}


def test_no_function_is_too_long() -> None:
    lengths = {
        where: (node.end_lineno or node.lineno) - node.lineno + 1
        for where, node in nodes()
        if isinstance(node, Function)
    }
    assert {where: length for where, length in lengths.items() if length >= FUNCTION_LINES} == {}


def test_no_class_has_too_many_methods() -> None:
    counts = {
        where: sum(isinstance(member, Function) for member in node.body)
        for where, node in nodes()
        if isinstance(node, ast.ClassDef)
    }
    assert {where: count for where, count in counts.items() if count > CLASS_METHODS} == {}


def test_no_folder_lies_deeper_than_one_below_the_package() -> None:
    deep = [path for path in SOURCE.rglob("*.py") if len(path.relative_to(SOURCE).parts) > 2]
    assert [place(path) for path in deep] == []


def test_no_module_has_a_vague_name() -> None:
    vague = [path for path in python_files() if {path.stem, path.parent.name} & VAGUE_MODULES]
    assert [path.relative_to(ROOT).as_posix() for path in vague] == []


def test_no_class_has_a_vague_name() -> None:
    classes = {where: node.name for where, node in nodes() if isinstance(node, ast.ClassDef)}
    assert {where: name for where, name in classes.items() if VAGUE_CLASS.search(name)} == {}
