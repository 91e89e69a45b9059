"""Values: decimal digits and finite, and one number whatever way it is written."""

from collections.abc import Callable

import pytest

from iwscore.domain.observations import Observations
from tests.store.sheets import MEASURED, as_commas


@pytest.mark.parametrize(
    "text",
    ["nan", "inf", "-Infinity", "1e999", "1,5", "1 500", "1_000", "0x10", "\u0661\u0662", "high", "--1", "e5", "."],
)
def test_what_is_not_a_finite_number_is_refused(faults: Callable[..., list[str]], text: str) -> None:
    (said,) = faults(as_commas([{**MEASURED, "value": text}]))
    assert said == (
        f"row 2:value: IW325 value is not a finite number ({text}); it must be written in decimal digits. "
        "Write it like 1500 or 0.25."
    )


@pytest.mark.parametrize(
    "texts", [["1500", "1500.0", "+1.5e3", "1500.", "15E2"], ["0", "-0", "0.000", "-0.0e5", "1e-400"]]
)
def test_one_number_is_one_value_whatever_way_it_is_written(
    read: Callable[..., Observations], texts: list[str]
) -> None:
    observations = read(as_commas([{**MEASURED, "value": text} for text in texts]))
    assert observations.value.tolist() == [float(texts[0])]


def test_no_digit_of_a_value_is_lost(read: Callable[..., Observations]) -> None:
    texts = ["0.1", "123456789012345678901234567890", "5e-324", "0.30000000000000004"]
    observations = read(as_commas([{**MEASURED, "value": text} for text in texts]))
    assert sorted(observations.value.tolist()) == sorted(map(float, texts))
