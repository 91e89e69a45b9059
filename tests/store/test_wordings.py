"""The words of faults: every code is worded and explained once, and a fault stays on one line."""

import re

import pytest

from iwscore.store import rows
from iwscore.store.wordings import WORDINGS, row_fault, shown


def test_every_code_stands_in_the_table_of_the_module_that_judges() -> None:
    judged = [code for code in WORDINGS if not "IW350" < code < "IW360"]  # those are the mappings'
    assert re.findall(r"^IW\d{3}", rows.__doc__ or "", re.MULTILINE) == judged


def test_a_fault_says_where_what_and_what_to_do() -> None:
    fault = row_fault("obs.csv", 7, "IW309", cells=4, columns=5)
    assert str(fault) == "obs.csv:row 7: IW309 row has 4 cells; the header has 5. Check commas and quotes."


@pytest.mark.parametrize(
    ("text", "said"),
    [("plain ü", "plain ü"), ("a\nb\x1b[31m", r"a\nb\x1b[31m"), ("x" * 60, "x" * 60), ("x" * 61, "x" * 59 + "…")],
)
def test_a_value_is_shown_on_one_short_line(text: str, said: str) -> None:
    assert shown(text) == said
