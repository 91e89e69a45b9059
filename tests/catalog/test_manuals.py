import pytest

from iwscore.catalog import CHECKS, Check, manual
from iwscore.catalog.codes import CODES
from iwscore.catalog.manuals import examples, lay_over
from tests.catalog.conftest import Inspect


def test_every_check_and_error_is_in_the_manual() -> None:
    assert all(check.code in manual() and check.name in manual() for check in CHECKS)
    assert all(f"| {code} |" in manual() for code in CODES)


def test_the_example_has_nothing_worth_a_remark(look: Inspect) -> None:
    assert look().remarks == ()


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_a_check_passes_and_fails_its_own_examples(check: Check, look: Inspect) -> None:
    passes, fails = examples(check)
    assert passes != fails
    assert (passes.strip(), fails.strip()) != ("", "")
    passed = look(passes)
    assert passed.catalog is not None
    assert check.name not in {remark.check for remark in passed.remarks}


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_a_check_finds_what_is_wrong_in_its_failing_example(check: Check, look: Inspect) -> None:
    found = look(examples(check)[1])
    assert found.catalog is not None
    faults = [remark.fault for remark in found.remarks if remark.check == check.name]
    assert [(fault.code, fault.severity) for fault in faults] == [(check.code, check.severity)]


def test_what_is_laid_over_replaces_joins_and_takes_out() -> None:
    below = {"a": [{"id": "x", "p": 1}, {"id": "y"}], "b": [1, 2], "c": 1}
    above = {"a": [{"id": "x", "q": 2}, {"id": "z"}], "b": [3], "c": None, "d": {"e": 1, "f": None}}
    assert lay_over(below, above) == {
        "a": [{"id": "x", "p": 1, "q": 2}, {"id": "y"}, {"id": "z"}],
        "b": [3],
        "d": {"e": 1},
    }
