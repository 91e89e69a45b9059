from typing import Any

import pytest

from iwscore.domain.mappings import Cell, Condition
from iwscore.store.conditions import passing
from iwscore.store.terms import read_term
from tests.store.mapped import everything, term, verdicts

COLUMNS = {
    "a": term("RU", "UA", "", "BY", field="a"),
    "b": term("UA", "UA", "UA", "", field="b"),
    "n": term("1", "2.5", "", "-3", field="n"),
}


@pytest.mark.parametrize(
    ("tests", "rows"),
    [
        ([{"column": "a", "among": ("RU", "BY")}], [0, 3]),
        ([{"column": "a", "not_among": ("RU",)}], [1, 3]),
        ([{"column": "a", "matches": "^[RB]"}], [0, 3]),
        ([{"column": "a", "given": True}], [0, 1, 3]),
        ([{"column": "a", "given": False}], [2]),
        ([{"column": "a", "differs_from": "b"}], [0, 2, 3]),
        ([{"column": "n", "at_least": 1}], [0, 1]),
        ([{"column": "n", "at_most": 1}], [0, 3]),
        ([{"column": "n", "at_least": -3}, {"column": "n", "at_most": 1}, {"column": "a", "given": True}], [0, 3]),
        ([], [0, 1, 2, 3]),
    ],
)
def test_a_row_must_pass_every_test(tests: list[dict[str, Any]], rows: list[int]) -> None:
    found = verdicts(4)
    passed = passing([Condition(**test) for test in tests], COLUMNS, everything(4), found)
    assert passed.nonzero()[0].tolist() == rows
    assert found.faults == []


def test_what_cannot_be_tested_is_a_fault_unless_an_earlier_test_took_it_out() -> None:
    columns = {**COLUMNS, "who": read_term(Cell(template="{a}", codes={"RU": "russia"}), COLUMNS, 4, "who")}
    found = verdicts(4)
    tests = [Condition(column="a", not_among=("BY",)), Condition(column="who", among=("russia",))]
    assert passing(tests, columns, everything(4), found).tolist() == [True, False, False, False]
    assert [(fault.code, fault.line, fault.field, fault.value) for fault in found.faults] == [("IW351", 3, "a", "UA")]
    found = verdicts(4)
    assert not passing([Condition(column="a", at_least=0)], columns, everything(4), found).any()
    assert [(fault.code, fault.value) for fault in found.faults] == [("IW325", "RU"), ("IW325", "UA"), ("IW325", "BY")]
