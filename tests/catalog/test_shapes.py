from collections.abc import Callable

from iwscore.catalog.documents import IndicatorsFile, SourcesFile
from iwscore.catalog.shapes import check_shape
from iwscore.catalog.sheets import Sheet

Read = Callable[[str], Sheet]


def test_a_right_shape_has_no_fault(sheet: Read) -> None:
    made = sheet("indicators: [{id: troops, half_life: {absent: never, present: 21d}, common_error: 0}]")
    check_shape(made, IndicatorsFile)
    assert made.faults == []


def test_of_a_value_that_could_not_be_read_nothing_more_is_said(sheet: Read) -> None:
    made = sheet("sources: [{id: *name, title: .inf, kind: , party: !x 7, origin: 7}]")
    check_shape(made, SourcesFile)
    assert [fault.code for fault in made.faults] == ["IW107", "IW113", "IW141", "IW108", "IW116"]


def test_a_key_named_like_a_branch_of_a_union_does_no_harm(sheet: Read) -> None:
    made = sheet("indicators: [{id: troops, half_life: {<levels>: soon}, <word>: 1}]")
    check_shape(made, IndicatorsFile)
    assert [(fault.code, fault.value) for fault in made.faults] == [("IW121", "soon"), ("IW114", "<word>")]
    assert [fault.column for fault in made.faults] == [49, 56]
