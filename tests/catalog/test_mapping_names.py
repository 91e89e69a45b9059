from collections.abc import Callable

import pytest

from iwscore.catalog import load
from iwscore.catalog.mapping_names import check_names
from iwscore.catalog.sheets import Sheet
from tests.catalog.conftest import Write

Read = Callable[[str], Sheet]
# What a column may hold is not known before the file is read, and "unknown" is a level of every indicator.
OPEN = [
    "{indicator: {column: a}, source: {column: b}, level: {text: 'x-{c}'}}",
    "{indicator: '{a}', source: '{b}', level: '{c}'}",
    "{indicator: talks, source: ministry, level: {column: a, codes: {x: y}, otherwise: keep}}",
    "{indicator: talks, source: ministry, level: {column: a, codes: {x: unknown, y: present, z: ''}}}",
    "{indicator: troops, source: ministry, value: {unit: boots}, levels: {names: [absent, unknown]}}",
]


@pytest.mark.parametrize("observation", OPEN)
def test_only_names_that_are_written_out_are_held_against_the_catalog(
    observation: str, sheet: Read, write: Write, example: dict[str, object]
) -> None:
    made = sheet(f"observations: [{observation}]")
    check_names(made, load(write(example)))
    assert made.faults == []


def test_names_of_a_list_are_faulty_in_the_list(sheet: Read, write: Write, example: dict[str, object]) -> None:
    made = sheet("lists: {l: {a: ministri}}\nsource: {column: b, codes: l}\nobservations: [{indicator: talks}]")
    check_names(made, load(write(example)))
    assert [str(fault) for fault in made.faults] == [
        'a.yaml:1:16: IW211 the source is unknown (ministri); it must be in the register. Did you mean "ministry"?'
    ]
