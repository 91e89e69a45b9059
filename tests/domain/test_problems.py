"""Problems: what is asked and expected."""

from typing import Any

import pytest
from pydantic import ValidationError

from iwscore.domain.problems import Ladder, Problem, Rung

LADDER = Ladder(adverse=("war", "raid"), rungs=(Rung(id="calm", raise_at=0, clear_at=0),))
GIVEN: dict[str, Any] = {
    "id": "front",
    "title": "Front",
    "horizon": "90d",
    "subjects": ("belarus", "RU-UA"),
    "scenarios": [{"id": name, "title": name, "prior": 0.25} for name in ("raid", "peace", "war", "other")],
    "expectations": (),
}


def test_scenarios_keep_the_order_of_the_catalog() -> None:
    assert Problem.model_validate(GIVEN).scenario_ids == ("raid", "peace", "war", "other")


def test_the_adverse_scenarios_are_those_of_the_ladder() -> None:
    assert Problem.model_validate({**GIVEN, "ladder": LADDER}).adverse == (0, 2)
    assert Problem.model_validate(GIVEN).adverse == ()


def test_a_ladder_left_bare_is_folded_daily_and_slow_to_clear_in_the_dark() -> None:
    assert (LADDER.coverage_floor, LADDER.blind_hold_days, LADDER.every_days) == (0.2, 30.0, 1.0)
    assert LADDER.rungs[0].hold_days == 0.0


@pytest.mark.parametrize(
    ("model", "wrong"),
    [
        (Ladder, {"adverse": ("war",), "rungs": (), "coverage_floor": 1.1}),
        (Ladder, {"adverse": ("war",), "rungs": (), "blind_hold_days": -1}),
        (Ladder, {"adverse": ("war",), "rungs": (), "every_days": 0}),
        (Rung, {"id": "calm", "raise_at": 1.1, "clear_at": 0}),
        (Rung, {"id": "calm", "raise_at": 0, "clear_at": 0, "hold_days": -1}),
        (Problem, {**GIVEN, "subjects": (" RU",)}),
    ],
)
def test_what_lies_beyond_its_bounds_is_refused(model: Any, wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match=f"1 validation error for {model.__name__}"):
        model.model_validate(wrong)
