"""A refusal tells all that the service said, and whatever else came instead does no harm."""

import pytest

from iwscore.client.refusals import Declined, FaultLine, declined


def test_a_refusal_names_code_detail_and_every_fault() -> None:
    body = (
        b'{"status": 422, "code": "IW301", "detail": "2 at fault.", "request": "ab", "faults": ['
        b'{"code": "IW301", "where": "row 1", "detail": "a"}, '
        b'{"code": "IW302", "where": "row 2", "detail": "b", "x": 1}]}'
    )
    refusal = declined(422, body)
    assert (refusal.status, refusal.code, refusal.request) == (422, "IW301", "ab")
    assert refusal.faults[1] == FaultLine(code="IW302", where="row 2", detail="b")
    assert refusal.document["faults"][1]["x"] == 1
    assert str(refusal) == "422 IW301 2 at fault.\nrow 1: a\nrow 2: b"


@pytest.mark.parametrize("body", [b"", b"<html>", b"[1]", b"\xff"])
def test_what_is_no_problem_document_says_nothing(body: bytes) -> None:
    assert str(declined(502, body)) == "502 No problem document came with it."


def test_a_fault_that_says_where_it_is_says_so_once() -> None:
    fault = {"code": "IW326", "where": "body.level", "detail": "body.level: IW326 is blank."}
    assert str(Declined(422, {"faults": [fault]})) == "422\nbody.level: IW326 is blank."


def test_nothing_of_it_acts_on_a_terminal() -> None:
    assert str(Declined(400, {"detail": "red \x1b[31m"})) == r"400 red \x1b[31m"
