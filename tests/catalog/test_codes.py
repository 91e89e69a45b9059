"""Texts of errors are written alike, and no code of an error is also one of a check."""

import re

import pytest

from iwscore.catalog import CHECKS
from iwscore.catalog.codes import CODES


def test_codes_are_one_document_or_several_and_never_those_of_checks() -> None:
    assert all(re.fullmatch(r"IW[12]\d\d", code) for code in CODES)
    assert not set(CODES) & {check.code for check in CHECKS}


@pytest.mark.parametrize("code", CODES)
def test_a_text_says_what_is_what_must_be_and_what_to_do(code: str) -> None:
    what, must, remedy = CODES[code]
    assert what[0].islower() or what.startswith("clear_at")
    assert not what.endswith(".")
    assert not must.endswith(".")
    assert remedy.endswith(".") or re.fullmatch(r"\{\w+\}", remedy)
