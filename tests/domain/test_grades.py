"""Admiralty grades and the table of trust."""

import pytest
from pydantic import ValidationError

from iwscore.domain.grades import CREDIBILITIES, RELIABILITIES, TrustTable, parse_grade

ROW = (0.5, 0.4, 0.3, 0.2, 0.1, 0.0)
SEVEN = (ROW,) * 7


@pytest.mark.parametrize("letter", RELIABILITIES)
@pytest.mark.parametrize("digit", CREDIBILITIES)
def test_a_grade_is_a_letter_and_a_digit(letter: str, digit: str) -> None:
    assert parse_grade(letter + digit) == ("ABCDEFG".index(letter), int(digit) - 1)
    assert parse_grade(digit) == (-1, int(digit) - 1)


@pytest.mark.parametrize("text", ["", "A", "A0", "A7", "H1", "a1", "1A", "A1 ", "A11", "B2\n", "B\u00b2", "\u0664"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"^not an Admiralty grade: ") as refused:
        parse_grade(text)
    assert str(refused.value) == f"not an Admiralty grade: {text}"


def test_a_table_of_trust_has_a_row_for_each_letter() -> None:
    assert TrustTable(label="mine", table=SEVEN, spread=SEVEN).table[6] == ROW


@pytest.mark.parametrize(("table", "spread"), [(SEVEN[:6], SEVEN), (SEVEN, SEVEN[:6]), (SEVEN + SEVEN, SEVEN)])
def test_a_table_with_other_rows_is_refused(table: tuple[tuple[float, ...], ...], spread: object) -> None:
    with pytest.raises(ValidationError, match="a row for each of A to G is needed"):
        TrustTable.model_validate({"label": "mine", "table": table, "spread": spread})


@pytest.mark.parametrize("worth", [-0.01, 0.991, 1.0, float("nan")])
def test_no_grade_is_worth_less_than_nothing_or_as_much_as_certainty(worth: float) -> None:
    table = ((worth, *ROW[1:]), *SEVEN[1:])
    with pytest.raises(ValidationError, match=r"table\.0\.0"):
        TrustTable.model_validate({"label": "mine", "table": table, "spread": SEVEN})
