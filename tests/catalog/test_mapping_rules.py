from collections.abc import Callable

from iwscore.catalog.mapping_rules import check_rules, conditions, setting
from iwscore.catalog.sheets import Sheet

Read = Callable[[str], Sheet]


def test_a_setting_is_that_of_the_observation_before_that_of_all(sheet: Read) -> None:
    made = sheet("{grade: B2, observations: [{grade: A1}, {}]}")
    assert setting(made, ("observations", 0), "grade") == ("observations", 0, "grade")
    assert setting(made, ("observations", 1), "grade") == ("grade",)
    assert setting(made, ("observations", 1), "source") is None


def test_conditions_are_found_wherever_they_stand(sheet: Read) -> None:
    made = sheet("{where: [a], observations: [{where: [b, c]}, {count: {where: [d]}}]}")
    assert [made.at(*path) for path in conditions(made)] == ["a", "b", "c", "d"]


def test_of_what_has_a_fault_of_shape_nothing_more_is_said(sheet: Read) -> None:
    made = sheet("{time: 1, source: {colum: a}, covers: 2, where: [x], observations: [y]}")
    for path in (("time",), ("source",), ("covers",), ("where", 0), ("observations", 0)):
        made.marred.add(path)
    check_rules(made)
    assert made.faults == []


def test_an_empty_file_breaks_no_rule(sheet: Read) -> None:
    made = sheet("")
    check_rules(made)
    assert [fault.code for fault in made.faults] == ["IW110"]
