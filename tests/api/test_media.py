"""Which form an answer is sent in."""

import pytest

from iwscore.api.media import CSV, JSON, VEGA, chosen
from iwscore.errors import QuestionError

OFFERED = (JSON, CSV, VEGA)


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        ("", JSON),
        (" , ", JSON),
        ("*/*", JSON),
        ("text/csv", CSV),
        ("TEXT/CSV; charset=utf-8", CSV),
        ("text/*;q=0.3, */*;q=0.1", CSV),
        ("text/csv;q=0.5,application/json;q=0.5", JSON),
        ("application/json;q=0.2, */*;q=0.8", CSV),
        ("application/json;q=0, */*", CSV),
        ("text/csv;q=1.0;header=present, application/json;q=0.999", CSV),
        ("text/csv;q=, application/json;q=0.001", JSON),
        ("text/csv;q=2, application/json;q=0.001", JSON),
        ("text/csv;q=nan, */*;q=0.1", JSON),
        ("application/*", JSON),
    ],
)
def test_the_form_that_is_liked_best_is_sent(accept: str, form: str) -> None:
    assert chosen(accept, OFFERED) == form


@pytest.mark.parametrize("accept", ["image/png", "*/*;q=0", "text/plain, text/csv;q=0", "nonsense"])
def test_where_no_form_suits_there_is_no_answer(accept: str) -> None:
    with pytest.raises(QuestionError, match=r"^IW563 no such form of the answer \(.*\); must be one of app"):
        chosen(accept, OFFERED)
