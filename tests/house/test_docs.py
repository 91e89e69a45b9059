"""What is written for people is true of the code: commands, check codes, links, the README's two commands."""

import ast
import itertools
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.tree import ROOT, SOURCE, files, parsed, place

CODE = re.compile(r"\bIW[1-5]\d\d\b")
FENCE = re.compile(r"^```[^\n]*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^#+ +(.*?) *#*$", re.MULTILINE)
LINK = re.compile(r"\[[^\]]*\]\(<?([^)\s>]+)>?[^)]*\)")
PAGES = [path for path in files() if path.suffix == ".md"]


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def headings(page: str) -> set[str]:
    return {heading.replace("`", "") for heading in HEADING.findall(FENCE.sub("", page))}


def anchors(page: str) -> set[str]:
    """Return the fragments that a page's headings answer to."""
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings(page)}


def commands() -> Iterator[str]:
    """Yield the commands: the files of ``cli/`` that define a function of their own name."""
    for path in files(SOURCE / "cli"):
        if path.suffix == ".py":
            defined = {node.name for node in parsed(path).body if isinstance(node, ast.FunctionDef)}
            if path.stem in defined:
                yield path.stem.rstrip("_")


def test_every_command_has_a_heading_in_the_reference() -> None:
    documented = {heading.removeprefix("iwscore ") for heading in headings(text("docs/cli.md"))}
    present = set(commands())
    assert present
    assert present - documented == set()


def test_the_codes_of_the_code_are_the_codes_of_the_reference() -> None:
    modules = [path.read_text(encoding="utf-8") for path in files(SOURCE) if path.suffix == ".py"]
    raised = {code for module in modules for code in CODE.findall(module)}
    assert raised
    assert raised ^ set(CODE.findall(text("docs/checks.md"))) == set()


def test_the_readme_shows_what_the_demo_prints() -> None:
    blocks = [re.sub(r"\A\$ .*\n", "", block).strip() for block in FENCE.findall(text("README.md"))]
    assert text("tests/golden/demo.txt").strip() in blocks


@pytest.mark.parametrize("verb", ["make demo", "make test"])
def test_the_readme_names_both_commands(verb: str) -> None:
    assert any(verb in block for block in FENCE.findall(text("README.md")))


def test_ci_runs_the_readmes_test_command() -> None:
    assert "make test" in text(".ci/run").splitlines()


@pytest.mark.parametrize("page", PAGES, ids=place)
def test_every_link_leads_somewhere(page: Path) -> None:
    targets = LINK.findall(FENCE.sub("", page.read_text(encoding="utf-8")))
    broken = []
    for target in itertools.filterfalse(re.compile(r"[a-z]+:").match, targets):
        name, _, fragment = target.partition("#")
        linked = page.parent / name if name else page
        if not linked.exists() or (fragment and fragment not in anchors(linked.read_text(encoding="utf-8"))):
            broken.append(target)
    assert broken == []
