"""Targets: each names one row of the file, however it is named, and chains have an end."""

from collections.abc import Callable

import pytest

from iwscore.domain.observations import Observations
from tests.store.sheets import CORRECTION, FULL, RETRACTION, SOUND, Row, as_commas, sound

CIRCLE = (
    "row {}:target: IW336 targets run in a circle ({}); {} must not lead back to the start. Correct one of the targets."
)
LOST = (
    "row {}:target: IW333 target is not in this file ({}); it must be a row's id or external_id. "
    "Add the row, or correct the target."
)
AMBIGUOUS = "row {}:target: IW334 target is ambiguous (r-1); {} go by this name. Give the id of one of them."
RETRACTED = "row 4:target: IW335 target is a retraction (z); a retraction stands for good. Record the observation anew."
TWICE = (
    "row {}:external_id: IW337 external_id is there twice (r-1); row {} has it with other content. "
    "Use one external_id a report."
)

Faults = Callable[..., list[str]]


def correction(name: str, target: str) -> dict[str, str]:
    return sound(kind="correction", external_id=name, target=target)


@pytest.mark.parametrize("name", ["external_id", "id", "digest"])
def test_a_target_is_named_by_external_id_id_or_digest(read: Callable[..., Observations], name: str) -> None:
    named = read(as_commas([FULL])).id[0].decode() if name == "digest" else FULL[name]
    rows = [{**RETRACTION, "target": named}, sound(external_id="r-2"), FULL, {**CORRECTION, "target": named}]
    observations = read(as_commas(rows))
    places = {observations.texts["external_id"][place] for place in observations.target if place >= 0}
    assert places == {"r-1"}
    assert observations.target.tolist().count(-1) == 2


def test_a_target_may_stand_anywhere_and_twice(read: Callable[..., Observations]) -> None:
    rows = [correction("c", "b"), correction("b", "a"), sound(external_id="a"), sound(external_id="a")]
    observations = read(as_commas(rows))
    names = observations.texts["external_id"]
    assert {(names[row], names[place]) for row, place in enumerate(observations.target) if place >= 0} == {
        ("c", "b"),
        ("b", "a"),
    }


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([SOUND, correction("c", "nowhere")], [LOST.format(3, "nowhere")]),
        ([correction("a", "a")], [CIRCLE.format(2, "a", "row 2")]),
        (
            [
                correction("a", "b"),
                correction("x", "a"),
                correction("b", "c"),
                correction("c", "a"),
                correction("y", "x"),
            ],
            [CIRCLE.format(2, "b", "rows 2, 4, 5")],
        ),
        (
            [correction(str(n), str((n + 1) % 10)) for n in range(10)],
            [CIRCLE.format(2, "1", "rows 2, 3, 4, 5, 6, 7, 8, 9, …")],
        ),
        (
            [FULL, {**RETRACTION, "external_id": "z"}, {**RETRACTION, "target": "z"}],
            [RETRACTED],
        ),
        ([FULL, sound(external_id="e", id="r-1"), CORRECTION], [AMBIGUOUS.format(4, "rows 2, 3")]),
        ([sound(external_id="r-1"), sound(external_id="r-1", note="x")], [TWICE.format(3, 2)]),
        (
            [sound(external_id="r-1", note=note) for note in ("", "x", "", "y")],
            [TWICE.format(3, 2), TWICE.format(5, 2)],
        ),
        ([sound(external_id="r-1"), correction("r-1", "r-1")], [TWICE.format(3, 2)]),
    ],
)
def test_each_fault_between_rows_is_said(faults: Faults, rows: list[Row], said: list[str]) -> None:
    assert faults(as_commas(rows)) == said


def test_each_author_has_external_ids_of_their_own(read: Callable[..., Observations], faults: Faults) -> None:
    rows = [sound(external_id="r-1", author="ann"), sound(external_id="r-1", author="bob", note="x")]
    assert len(read(as_commas(rows))) == 2
    assert faults(as_commas([*rows, CORRECTION])) == [AMBIGUOUS.format(4, "rows 2, 3")]


def test_nothing_is_said_of_a_target_that_may_be_among_the_lost_rows(faults: Faults) -> None:
    (said,) = faults(as_commas([correction("c", "r-1")]) + b"r-1,\r\n")
    assert "IW309" in said


def test_a_row_at_fault_can_be_a_target(faults: Faults) -> None:
    (said,) = faults(as_commas([sound(external_id="r-1", grade="Z9"), CORRECTION]))
    assert "IW327" in said
