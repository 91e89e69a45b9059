"""Wordings of the log: filled in, on one line, with their place."""

import re

from iwscore.store.log_wordings import DRAFT_WORDINGS, LOG_WORDINGS, draft_fault, log_fault


def test_a_drafts_fault_names_its_place_from_one() -> None:
    assert str(draft_fault(0, "external_id", "IW420", "a\nb")).startswith("drafts:row 1:external_id: IW420 ")
    assert "(a\\nb)" in str(draft_fault(0, "external_id", "IW420", "a\nb"))
    assert draft_fault(-1, "author", "IW427", name="author").where == "drafts:author"


def test_a_logs_fault_names_table_and_row() -> None:
    assert log_fault("my.db", "batches", 3, "IW445", None).where == "my.db:row 3:batches"


def test_codes_are_in_order_and_no_one_has_two_meanings() -> None:
    codes = [*DRAFT_WORDINGS, *LOG_WORDINGS]
    assert codes == sorted(codes)
    assert all(re.fullmatch(r"IW4[245]\d", code) for code in codes)
