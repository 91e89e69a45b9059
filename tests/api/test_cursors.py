"""Cursors lead to their place, and to no other question's."""

import pytest
from fastapi import Request

from iwscore.api.cursors import LENGTH, Place, cursor_of, next_link, place_in
from iwscore.errors import QuestionError

HERE = Place(5000, -62_135_596_800_000_000, 253_402_300_799_999_999)


def asked(query: str, path: str = "/v1/problems/a b/trend") -> Request:
    return Request({"type": "http", "path": path, "query_string": query.encode()})


def test_a_cursor_leads_to_its_place() -> None:
    cursor = cursor_of(asked("step=1d&limit=3"), HERE)
    assert len(cursor) == LENGTH
    for query in ("step=1d", "limit=9&step=1d", f"step=1d&cursor={cursor}"):
        assert place_in(asked(query), cursor) == HERE


@pytest.mark.parametrize("query", ["", "step=2d", "step=1d&vintage=true", "step=1d&step=1d", "step=", "cursor=step"])
def test_another_question_does_not_take_it(query: str) -> None:
    with pytest.raises(QuestionError, match="IW564"):
        place_in(asked(query), cursor_of(asked("step=1d"), HERE))


def test_nor_does_the_same_question_about_something_else() -> None:
    with pytest.raises(QuestionError, match="IW564"):
        place_in(asked("", "/v1/problems/b/trend"), cursor_of(asked(""), HERE))


@pytest.mark.parametrize("cursor", ["", "ümlaut", "A" * LENGTH, "A" * 39, "*" * LENGTH, "A" * 400])
def test_what_is_no_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(QuestionError, match=r"^IW564 not a cursor of this question; must be given back"):
        place_in(asked(""), cursor)


def test_no_letter_of_a_cursor_can_be_changed() -> None:
    cursor = cursor_of(asked(""), HERE)
    for place in range(LENGTH):
        forged = cursor[:place] + ("A" if cursor[place] != "A" else "B") + cursor[place + 1 :]
        with pytest.raises(QuestionError, match="IW564"):
            place_in(asked(""), forged)


def test_a_link_has_the_question_and_one_cursor() -> None:
    link = next_link(asked("step=1d&from=2022-10-04T00%3A00%3A00%2B02%3A00&cursor=old"), "new=")
    assert link == (
        '</v1/problems/a%20b/trend?step=1d&from=2022-10-04T00%3A00%3A00%2B02%3A00&cursor=new%3D>; rel="next"'
    )
