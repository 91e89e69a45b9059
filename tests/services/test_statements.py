"""Statements: typed cells are judged as a row of a file is, and are the same statement."""

import pytest

from iwscore.errors import QuestionError, RowFaults
from iwscore.services.importing import Terms, import_portions
from iwscore.services.statements import judge_statements, make_statement
from iwscore.store.portions import read_portions
from tests.services.harbour import NOW, commas, micros, sound


def made(catalog, cells, **how):
    return make_statement(catalog, cells, now=micros(NOW), command="record", **how)


def test_it_says_what_was_typed(port):
    statement = made(port, sound(note=" =1 ", level="present"))
    assert (statement.kind, statement.target) == ("observation", "")
    said = [statement.text(name) for name in ("subject", "level", "note", "marking")]
    assert said == ["harbour", "present", "=1", "amber"]


def test_typed_or_read_from_a_file_it_is_one_statement(port, desk, tmp_path):
    done = import_portions(
        Terms(desk.log, port, "ann", historical=False), read_portions(commas(tmp_path / "a.csv", [sound()])), reason="x"
    )
    assert done.added == 1
    assert desk.log.match(made(port, sound()).draft, author="ann").repeated.tolist() == [True]


def test_every_fault_is_told_by_command_and_column(port):
    letters = "it must be a letter A to G and a digit 1 to 6, or a digit"
    with pytest.raises(RowFaults) as refusal:
        made(port, sound(source="brokr", grade="B9", observed_at=""))
    assert str(refusal.value).splitlines() == [
        "record:observed_at: IW320 cell is blank; a row says when it was so. Write the time or the day.",
        f"record:grade: IW327 not an Admiralty grade (B9); {letters}. Write it like B2.",
        'record:source: IW342 source is unknown (brokr); it must be in the register. Did you mean "broker"?',
    ]


@pytest.mark.parametrize("name", ["levl", "kind", "target", "id"])
def test_a_column_that_no_statement_has_is_refused(port, name):
    with pytest.raises(QuestionError, match=rf"IW536 unknown column \({name}\)"):
        made(port, sound(**{name: "x"}))


def test_many_are_judged_at_once_and_are_the_statements_that_each_makes(port):
    rows = [sound(), sound(note="x"), sound(grade="B9")]
    drafts, faults = judge_statements(port, rows, now=micros(NOW), name="rows")
    assert [(fault.line, fault.field) for fault in faults] == [(2, "grade")]
    single = [made(port, row).draft.fingerprint[0] for row in rows[:2]]
    assert drafts.fingerprint[:2].tolist() == single
