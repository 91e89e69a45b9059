"""What a request asks about, read strictly."""

import pytest
from pydantic import ValidationError

from iwscore.api.questions import Asked, Drawn, foreseen, instant
from iwscore.domain.times import from_micros, parse_instant
from iwscore.errors import QuestionError
from tests.store.drafting import DAY, NOON


def test_a_bare_date_is_its_beginning_but_as_knowledge_its_end() -> None:
    asked = Asked(at="2022-10-01", known_at="2022-10-01")
    assert (asked.when(), asked.known()) == (
        parse_instant("2022-10-01T00:00:00Z"),
        parse_instant("2022-10-01T23:59:59.999999Z"),
    )


def test_left_out_both_clocks_are_open() -> None:
    assert (Asked().when(), Asked().known()) == (None, None)


def test_what_is_no_time_is_named() -> None:
    with pytest.raises(QuestionError, match=r"^IW507 at is not a time \(noon\); must be ISO 8601"):
        Asked(at="noon").when()
    with pytest.raises(QuestionError, match="IW507 to"):
        instant("2022-10-01T00:00", "to")


@pytest.mark.parametrize("extra", [{"knwon_at": "2022-10-01"}, {"at": "x" * 41}, {"subject": "x" * 201}])
def test_unknown_names_and_long_texts_are_refused(extra: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        Asked(**extra)


@pytest.mark.parametrize("extra", [{"draws": -1}, {"draws": 10_001}, {"seed": -1}, {"seed": 2**63}])
def test_draws_and_seeds_have_bounds(extra: dict[str, int]) -> None:
    with pytest.raises(ValidationError):
        Drawn(**extra)


def test_ten_years_ahead_is_as_far_as_one_may_ask() -> None:
    foreseen(from_micros(NOON + 3653 * DAY), NOON)
    with pytest.raises(QuestionError, match=r"^IW565 time lies too far ahead \(2032-10-05T20:00:00.000001Z\)"):
        foreseen(from_micros(NOON + 3653 * DAY + 1), NOON)
