"""Markings are ordered, and a ceiling lets through those up to it."""

import pytest

from iwscore.domain.markings import DEFAULT_MARKING, place_of, reach_of, shown_under
from iwscore.domain.observations import MARKINGS


def test_a_marking_has_its_place_a_blank_one_that_of_the_default() -> None:
    assert [place_of(one) for one in MARKINGS] == [0, 1, 2, 3, 4]
    assert place_of("") == place_of(DEFAULT_MARKING)


def test_what_is_no_marking_is_shown_least() -> None:
    assert place_of("AMBER") == place_of("red")


@pytest.mark.parametrize("ceiling", MARKINGS)
def test_a_ceiling_lets_through_what_stands_up_to_it(ceiling: str) -> None:
    shown = shown_under(ceiling)
    assert reach_of(ceiling) == place_of(ceiling)
    assert {one for one in MARKINGS if place_of(one) <= place_of(ceiling)} == {*shown} - {""}
    assert ("" in shown) == (DEFAULT_MARKING in shown)


def test_a_ceiling_is_a_marking() -> None:
    for asked in (reach_of, shown_under):
        with pytest.raises(ValueError, match=r"^ceiling is 'blue'; it must be one of clear, green, amber, "):
            asked("blue")
