"""Budgets of memory: sizes as people write them, and refusals that say the least that would do."""

import pytest

from iwscore.errors import QuestionError
from iwscore.store.budgets import LEAST, parse_memory, refuse_more, rows_within


@pytest.mark.parametrize(("text", "size"), [("2GiB", 2 << 30), ("1.5 GB", 1_500_000_000), ("800MB", 800_000_000)])
def test_sizes_are_read(text: str, size: int) -> None:
    assert parse_memory(text) == size


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "lots",
            "IW541 --memory is not a size (lots); must be a number and MiB, GiB, MB or GB. Write for instance 2GiB.",
        ),
        ("100MiB", "IW542 too little memory (100MiB); must be 512MiB at least. Give more --memory."),
    ],
)
def test_other_sizes_are_refused(text: str, said: str) -> None:
    with pytest.raises(QuestionError) as refusal:
        parse_memory(text)
    assert str(refusal.value) == said


def test_a_refusal_says_what_would_be_enough() -> None:
    rows = rows_within(LEAST)
    refuse_more(LEAST, rows)
    with pytest.raises(QuestionError, match=r"must be 513MiB at least"):
        refuse_more(LEAST, rows + 1)
    assert rows_within(parse_memory("513MiB")) > rows + 1
