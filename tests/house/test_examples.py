"""Every example in a page of documentation comes out as the page says."""

import doctest
import re
from pathlib import Path

import pytest

from iwscore.catalog.sources import house_trust
from tests.house.tree import ROOT, files, place

BLOCK = re.compile(r"^( *)```python\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
PROMPT = re.compile(r"^ *>>> ", re.MULTILINE)
PAGES = [path for path in files() if path.suffix == ".md" and PROMPT.search(path.read_text(encoding="utf-8"))]


def session(text: str, name: str) -> doctest.DocTest:
    """Return a page's examples as one session: what one block names, the later ones know."""
    parser, examples = doctest.DocTestParser(), []
    for block in BLOCK.finditer(text):
        first = text.count("\n", 0, block.start(2))
        for example in parser.get_examples(block[2], name):
            example.lineno += first
            examples.append(example)
    return doctest.DocTest(examples, {"__name__": "__main__"}, name, name, 0, text)


def failures(test: doctest.DocTest) -> list[str]:
    """Run a session and return what did not come out as written."""
    report: list[str] = []
    doctest.DocTestRunner(verbose=False).run(test, out=report.append)
    return report


@pytest.mark.parametrize("page", PAGES, ids=place)
def test_every_example_comes_out_as_the_page_says(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    test = session(text, place(page))
    assert len(test.examples) == len(PROMPT.findall(text))
    assert "".join(failures(test)) == ""


def test_the_method_has_examples() -> None:
    assert "docs/method.md" in [place(page) for page in PAGES]


def test_the_method_shows_the_house_values_of_trust() -> None:
    text = (ROOT / "docs" / "method.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| [A-G] [a-z ]+ \|((?: \.\d\d \|){6})$", text, re.MULTILINE)
    assert tuple(tuple(map(float, row.split("|")[:-1])) for row in rows) == house_trust().table


def test_a_wrong_example_is_found() -> None:
    page = "Text.\n\n```python\n>>> a = 1\n```\n\n- in a list:\n\n  ```python\n  >>> a + 1\n  3\n  ```\n"
    (told,) = failures(session(page, "page.md"))
    assert 'File "page.md", line 10' in told
    assert "Got:\n    2" in told
