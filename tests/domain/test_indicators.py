"""Indicators: what a sign is."""

from typing import Any, get_args

import pytest
from pydantic import ValidationError

from iwscore.domain.indicators import CATEGORIES, Category, Indicator, Status

GIVEN: dict[str, Any] = {"id": "troop-build-up", "title": "Troop build-up", "half_life_days": (21.0, float("inf"))}


def test_a_sign_left_bare_is_yes_or_no_active_and_wrong_in_2_of_100() -> None:
    sign = Indicator.model_validate(GIVEN)
    assert (sign.levels, sign.status, sign.common_error) == (("absent", "present"), "active", 0.02)


@pytest.mark.parametrize(("status", "scored"), [("draft", False), ("active", True), ("deprecated", True)])
def test_only_drafts_are_not_scored(status: Status, scored: bool) -> None:
    assert Indicator.model_validate({**GIVEN, "status": status}).scored is scored


@pytest.mark.parametrize(
    "wrong",
    [
        {"half_life_days": (0.0, 1.0)},
        {"half_life_days": (float("nan"),)},
        {"common_error": 0.51},
        {"common_error": -0.01},
        {"category": "nautical"},
        {"status": "gone"},
        {"id": "Troops"},
    ],
    ids=str,
)
def test_a_sign_beyond_its_bounds_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match=next(iter(wrong))):
        Indicator.model_validate({**GIVEN, **wrong})


def test_the_categories_are_those_of_the_type() -> None:
    assert get_args(Category) == CATEGORIES
