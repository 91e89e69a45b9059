import re

import pytest

from iwscore.catalog import CHECKS, Check
from tests.catalog.conftest import Inspect


def test_names_and_codes_are_given_once() -> None:
    assert len({check.name for check in CHECKS}) == len(CHECKS)
    assert len({check.code for check in CHECKS}) == len(CHECKS)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_a_check_has_a_page_and_a_code_of_its_kind(check: Check) -> None:
    assert re.fullmatch(r"IW[12][5-9]\d", check.code)
    assert check.severity in ("warning", "info")
    assert re.fullmatch(r"[a-z]+(-[a-z]+)+|overconfidence", check.name)
    assert check.summary.endswith(".")
    assert check.page.count("Passes::") == check.page.count("Fails::") == 1


def test_remarks_name_place_code_and_check(look: Inspect) -> None:
    remarks = look("{scenarios/border.yaml: {question: ~, scenarios: [{id: other, catch_all: false}]}}").remarks
    assert [(remark.check, remark.waiver) for remark in remarks] == [("no-question", None), ("no-catch-all", None)]
    assert [str(remark.fault) for remark in remarks] == [
        (
            "scenarios/border.yaml:1:1: IW157 a problem asks no question (border); it must say what is asked. "
            "Add a question."
        ),
        (
            "scenarios/border.yaml:5:1: IW150 a problem has no scenario for everything else (border); "
            "one scenario must have catch_all: true. Add one with a prior."
        ),
    ]
