"""What every model of the domain has in common."""

from typing import Any

import pytest
from pydantic import ValidationError

from iwscore.domain.models import Model, Slug, Subject


class Watched(Model):
    """A sign of a subject."""

    sign: Slug
    subject: Subject


GIVEN = {"sign": "troop-build-up", "subject": "RU-UA"}


def test_a_model_cannot_be_changed() -> None:
    watched: Any = Watched.model_validate(GIVEN)
    with pytest.raises(ValidationError, match="frozen"):
        watched.subject = "belarus"


def test_a_key_that_a_model_does_not_know_is_refused() -> None:
    with pytest.raises(ValidationError, match="Extra inputs are not permitted"):
        Watched.model_validate({**GIVEN, "subjekt": "belarus"})


@pytest.mark.parametrize("sign", ["a", "t-72", "9", "a" * 80])
def test_an_id_is_lower_case_words_joined_by_hyphens(sign: str) -> None:
    assert Watched(sign=sign, subject="belarus").sign == sign


@pytest.mark.parametrize(
    "sign", ["", "A", "a_b", "-a", "a-", "a--b", "a b", "a\n", "é", "a" * 81, "troop-build-up\n", "../a"]
)
def test_anything_else_is_no_id(sign: str) -> None:
    with pytest.raises(ValidationError, match="sign"):
        Watched(sign=sign, subject="belarus")


@pytest.mark.parametrize("subject", ["", " x", "x ", "two\nlines", "R" * 201])
def test_a_subject_is_any_name_without_loose_ends(subject: str) -> None:
    assert Watched(sign="a", subject="RU-UA").subject == "RU-UA"
    assert Watched(sign="a", subject="South Korea").subject == "South Korea"
    with pytest.raises(ValidationError, match="subject"):
        Watched(sign="a", subject=subject)
