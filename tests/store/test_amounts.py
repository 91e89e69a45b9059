import math
from typing import Any

import pytest

from iwscore.domain.mappings import Amount
from iwscore.store.amounts import read_amounts, read_whole_numbers
from tests.store.mapped import everything, term, verdicts


def numbers(*texts: str, **kept: Any) -> tuple[list[float], list[bool], list[str]]:
    found = verdicts(len(texts))
    amount = Amount(column="c", unit="x", **kept)
    values, goes_on = read_amounts(amount, term(*texts), everything(len(texts)), found)
    return values.tolist(), goes_on.tolist(), [str(fault).partition(";")[0] for fault in found.faults]


@pytest.mark.parametrize(
    ("text", "kept", "value"),
    [
        ("0.37", {}, 0.37),
        ("-1e3", {}, -1000.0),
        # In floats, 0.29 * 100 and 1.1 + 2.2 are off by one in the last place.
        ("0.29", {"times": 100}, 29.0),
        ("1.1", {"plus": 2.2}, 3.3),
        ("98.6", {"times": 0.5, "plus": -17.5}, 31.8),
        ("0.2999999999999998", {"decimals": 6}, 0.3),
        ("-0.4000000000000057", {"decimals": 1}, -0.4),
        ("2.5", {"decimals": 0}, 2.0),
        ("0.0123456", {"times": 100, "decimals": 3}, 1.235),
        ("1,5", {"decimal": ","}, 1.5),
        ("1.234.567,5", {"decimal": ",", "thousands": "."}, 1234567.5),
        ("-1,234", {"thousands": ","}, -1234.0),
        ("12 345", {"thousands": " "}, 12345.0),
        ("1234", {"thousands": ","}, 1234.0),
    ],
)
def test_a_number_is_read_and_converted_exactly(text: str, kept: dict[str, Any], value: float) -> None:
    assert numbers(text, **kept) == ([value], [True], [])


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("abc", {}),
        ("nan", {}),
        ("1e999", {}),
        ("1e999999999", {"times": 10}),
        ("1e40", {"decimals": 6}),
        ("1,5", {}),
        ("1.5", {"decimal": ","}),
        ("1,5", {"thousands": ","}),
        ("1234,567", {"thousands": ","}),
        ("1.5.2", {"decimal": ",", "thousands": "."}),
    ],
)
def test_what_is_no_number_here_is_a_fault_rather_than_a_guess(text: str, kept: dict[str, Any]) -> None:
    _, goes_on, said = numbers(text, **kept)
    assert (goes_on, said) == ([False], [f"feed.csv:row 2:c: IW325 value is not a finite number ({text})"])


@pytest.mark.parametrize(("blank", "goes_on"), [("keep", [True, True]), ("skip", [False, True])])
def test_a_blank_number_is_kept_or_skipped_as_the_mapping_says(blank: str, goes_on: list[bool]) -> None:
    values, those, said = numbers("", "1", blank=blank)
    assert math.isnan(values[0])
    assert (those, said) == (goes_on, [])


def test_events_are_counted_in_whole_numbers() -> None:
    texts = ("0", "12", "3.0", "2.5", "-1", "", "many", "1e300")
    found = verdicts(len(texts))
    values, said = read_whole_numbers(term(*texts), everything(len(texts)), found)
    assert values.tolist() == [0, 12, 3, 0, 0, 0, 0, 0]
    assert said.tolist() == [True] * 3 + [False] * 5
    assert str(found.faults[0]) == (
        "feed.csv:row 5:c: IW355 not a number of events (2.5); it must be a whole number, 0 or more. "
        "Correct it, or give it as a value."
    )
    assert [fault.line for fault in found.faults] == [5, 6, 7, 8, 9]
