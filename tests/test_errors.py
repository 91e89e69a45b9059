"""Faults and refusals: their one-line form, their order, their exit codes."""

from dataclasses import replace

import pytest

from iwscore.errors import DocumentFaults, Fault, QuestionError, Refusal, RowFaults, SettingFaults, Unreachable, nearest

FAULT = Fault("a.yaml", 3, 5, "IW117", "not an id", "Troops", "an id must be lower-case", "Write it like troops.")


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (FAULT, "a.yaml:3:5: IW117 not an id (Troops); an id must be lower-case. Write it like troops."),
        (replace(FAULT, value=None), "a.yaml:3:5: IW117 not an id; an id must be lower-case. Write it like troops."),
        (replace(FAULT, value=""), "a.yaml:3:5: IW117 not an id (); an id must be lower-case. Write it like troops."),
    ],
)
def test_a_fault_says_where_what_and_what_to_do(fault: Fault, said: str) -> None:
    assert str(fault) == said


@pytest.mark.parametrize(
    ("place", "where"),
    [
        (("a.yaml", 3, 5, ""), "a.yaml:3:5"),
        (("a.yaml", 0, 0, ""), "a.yaml"),
        (("seen.csv", 7, 0, "grade"), "seen.csv:row 7:grade"),
        (("seen.csv", 7, 0, ""), "seen.csv:row 7"),
        (("seen.csv", 0, 0, "grade"), "seen.csv:grade"),
    ],
)
def test_a_place_is_a_line_and_column_or_a_row_and_field(place: tuple[str, int, int, str], where: str) -> None:
    file, line, column, field = place
    assert replace(FAULT, file=file, line=line, column=column, field=field).where == where


@pytest.mark.parametrize("refusal", [DocumentFaults, RowFaults])
def test_faults_are_told_once_each_in_the_order_of_their_places(refusal: type[DocumentFaults | RowFaults]) -> None:
    places = [("b.yaml", 1, 1), ("a.yaml", 10, 2), ("a.yaml", 9, 30), ("a.yaml", 9, 4)]
    faults = [replace(FAULT, file=file, line=line, column=column) for file, line, column in places]
    refused = refusal(iter([*faults, *faults]))
    assert list(refused.faults) == faults[::-1]
    assert str(refused).splitlines() == [str(fault) for fault in refused.faults]


def test_faults_of_one_place_come_in_one_order_however_they_were_found() -> None:
    values = ["b", None, "a", "c", "d", "e"]
    found = [replace(FAULT, value=value) for value in values]
    orders = {DocumentFaults(found[n:] + found[:n]).faults for n in range(len(found))}
    assert len(orders) == 1
    assert [fault.value for fault in orders.pop()] in ([None, *"abcde"], [*"abcde", None])


@pytest.mark.parametrize(
    ("refusal", "exit_code"),
    [
        (DocumentFaults([FAULT]), 1),
        (RowFaults([FAULT]), 1),
        (SettingFaults([FAULT]), 2),
        (QuestionError("IW501", "unknown problem", "x", "must be known", "Name one."), 2),
        (Unreachable("IW590", "no such folder", "x", "must be there", "Make it."), 3),
    ],
    ids=lambda one: type(one).__name__,
)
def test_every_refusal_has_its_exit_code(refusal: Refusal, exit_code: int) -> None:
    assert refusal.exit_code == exit_code


@pytest.mark.parametrize(("value", "shown"), [("x", " (x)"), (None, ""), ("", " ()")])
def test_a_refused_question_reads_like_a_fault_without_a_place(value: str | None, shown: str) -> None:
    refused = QuestionError("IW501", "unknown problem", value, "must be known", "Name one.")
    assert str(refused) == f"IW501 unknown problem{shown}; must be known. Name one."
    assert refused.code == "IW501"


MANY = [f"sign-{n}" for n in range(9)]


@pytest.mark.parametrize(
    ("name", "known", "hint"),
    [
        ("trops", ["troops", "flights"], 'Did you mean "troops"?'),
        ("tanks", ["troops", "flights", "troops"], "There are: flights, troops."),
        ("x", MANY[:8], "There are: sign-0, sign-1, sign-2, sign-3, sign-4, sign-5, sign-6, sign-7."),
        ("x", MANY, "There are 9: sign-0, sign-1, sign-2, sign-3, sign-4, sign-5, sign-6, sign-7, …."),
        ("x", [], "There are none yet."),
    ],
)
def test_a_hint_names_the_nearest_or_what_there_is(name: str, known: list[str], hint: str) -> None:
    assert nearest(name, known) == hint


def test_what_a_terminal_would_act_on_is_shown_as_an_escape() -> None:
    refusal = QuestionError("IW501", "unknown problem", "a\x1b[31mred\u202e", "must be one", "None.")
    assert str(refusal) == "IW501 unknown problem (a\\x1b[31mred\\u202e); must be one. None."


def test_among_many_names_only_those_alike_at_first_sight_are_compared() -> None:
    names = [f"sign-{n}" for n in range(500)]
    assert nearest("sing-7", names).startswith('Did you mean "sign-')
    assert nearest("other", names).startswith("There are 500: ")
