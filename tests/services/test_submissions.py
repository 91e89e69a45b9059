"""Submissions: judged at once, recorded as one batch, and once by name or by request."""

import pytest

from iwscore.errors import DraftFaults, RowFaults
from iwscore.services.recording import Desk
from iwscore.services.submissions import submit
from iwscore.store.receipts import Request
from tests.services.harbour import sound

REQUEST = Request("k", b"d" * 32)


def rows(*changes):
    return [sound(**change) for change in changes]


def test_rows_are_one_batch_and_told_in_their_order(desk):
    done = submit(desk, rows({"note": "a"}, {"note": "b", "external_id": "x"}, {"note": "a"}), reason="watch")
    assert [entry.note for entry in done.entries] == ["a", "b", "a"]
    assert (done.added, done.repeated, len({entry.id for entry in done.entries})) == (3, 0, 3)
    assert {entry.batch for entry in done.entries} == {2}
    again = submit(desk, rows({"note": "c"}, {"note": "b", "external_id": "x"}), reason="watch")
    assert (again.added, again.repeated, again.entries[1]) == (1, 1, done.entries[1])


def test_every_fault_is_placed_by_row_and_column(desk):
    with pytest.raises(RowFaults) as refusal:
        submit(desk, rows({}, {"level": "many"}, {"external_id": "x"}, {"external_id": "x", "note": "n"}), reason="w")
    assert [(one.code, one.line, one.field) for one in refusal.value.faults] == [
        ("IW341", 1, "level"), ("IW337", 3, "external_id"),
    ]  # fmt: skip
    assert desk.log.head().entries == 0


def test_nobody_records_what_they_may_not_see(desk):
    under = Desk(desk.log, desk.catalog, "ann", "green")
    with pytest.raises(RowFaults) as refusal:
        submit(under, rows({"marking": "green"}, {}, {"marking": "amber+strict"}), reason="watch")
    assert [str(fault) for fault in refusal.value.faults] == [
        f"observations:row {row}:marking: IW362 marking is above the ceiling ({marking}); nobody records what they may "
        "not see; the ceiling is green. Mark it green or lower, or ask for another token."
        for row, marking in ((1, "amber"), (2, "amber+strict"))
    ]


def test_a_name_that_stands_for_something_else_is_refused_by_row(desk):
    submit(desk, rows({"external_id": "x"}), reason="watch")
    with pytest.raises(DraftFaults) as refusal:
        submit(desk, rows({}, {"external_id": "y"}, {"external_id": "x", "note": "n"}), reason="watch")
    assert [(one.code, one.line, one.field) for one in refusal.value.faults] == [("IW420", 2, "external_id")]
    with pytest.raises(DraftFaults) as blank:
        submit(desk, rows({}), reason=" ")
    assert [(one.code, one.line, one.field) for one in blank.value.faults] == [("IW427", 0, "reason")]


def test_what_the_log_does_not_take_is_placed_by_row(desk):
    with pytest.raises(DraftFaults) as refusal:
        submit(Desk(desk.log, desk.catalog, "\ud800"), rows({}), reason="watch")
    assert [one.field for one in refusal.value.faults] == ["author"]


def test_a_request_made_again_is_not_judged_anew(desk):
    asked = rows({}, {"external_id": "x"}, {})
    first = submit(desk, asked, reason="watch", request=REQUEST)
    asked[0]["level"] = "no level any more"
    assert submit(desk, asked, reason="watch", request=REQUEST) == first
    assert desk.log.head().entries == 4


def test_a_request_that_added_nothing_stays_so(desk):
    submit(desk, rows({"external_id": "x"}), reason="watch")
    for _ in range(2):
        done = submit(desk, rows({"external_id": "x"}), reason="watch", request=REQUEST)
        assert (done.added, done.repeated, done.entries[0].external_id) == (0, 1, "x")
