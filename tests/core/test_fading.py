"""Fading: a half after each half-life, exactly 1 where it never fades, exactly 0 in the end."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from iwscore.core.fading import DAY, fading

LIFETIME = 3_155_760_000_000_000_000 // 1000  # a hundred years in microseconds


def left(age: float, half_life_days: float) -> float:
    return float(fading(np.array([int(age)]), np.array([half_life_days]))[0])


@pytest.mark.parametrize(("halvings", "share"), [(0, 1.0), (0.5, 0.5**0.5), (1, 0.5), (2, 0.25), (10, 2.0**-10)])
def test_a_half_is_left_after_each_half_life(halvings: float, share: float) -> None:
    assert left(halvings * 21 * DAY, 21.0) == share


def test_what_never_fades_stays_whole() -> None:
    assert left(200 * LIFETIME, np.inf) == 1.0


def test_in_the_end_nothing_is_left() -> None:
    assert left(LIFETIME, 21.0) == 0.0


@given(st.integers(0, LIFETIME), st.integers(0, LIFETIME), st.floats(1e-6, 1e6))
def test_age_never_adds(age: int, more: int, half_life_days: float) -> None:
    assert 0.0 <= left(age + more, half_life_days) <= left(age, half_life_days) <= 1.0
