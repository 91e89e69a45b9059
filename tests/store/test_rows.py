"""Rows: each thing a row must hold is asked of it, and said exactly where it is missing."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from iwscore.domain.catalogs import Catalog
from iwscore.domain.observations import Observations
from iwscore.domain.times import from_micros, print_instant
from tests.store.sheets import CORRECTION, FORMATS, FULL, MEASURED, RETRACTION, SOUND, Row, as_commas, sound

BLANK = "{}: IW320 cell is blank; {}. {}"
GRADE = (
    "grade: IW327 not an Admiralty grade ({}); it must be a letter A to G and a digit 1 to 6, or a digit. "
    "Write it like B2."
)
ALONE = (
    "grade: IW328 digit stands alone (3); {} has no reliability in force at observed_at. "
    "Write the letter too, or add a row to the source's grades."
)
EARLY = (
    "{}: IW324 knowledge time lies before observed_at ({}); it must not lie before 2022-10-04T12:00:00Z. "
    "Correct one of the two times."
)
MARKING = "marking: IW330 marking is unknown ({}); it must be a TLP 2.0 label. {}"
KIND = (
    "kind: IW331 kind is unknown (retract); it must be observation, correction or retraction. "
    'Did you mean "retraction"?'
)
PURPOSELESS = (
    "target: IW332 an observation has a target (x); only corrections and retractions have one. "
    "Remove it, or set the kind."
)
UNREADABLE = (
    "recorded_at: IW321 time cannot be read (today); it must be ISO 8601 and a day of the calendar. "
    "Write it like 2022-10-04T12:00:00Z."
)
SUBJECT = BLANK.format("subject", "it may be blank only where the catalog names one subject", "Name the subject.")
TIMELESS = BLANK.format("observed_at", "a retraction needs a time", "Fill in known_from, reported_at or observed_at.")
TARGETLESS = BLANK.format(
    "target", "a correction or retraction says of what", "Write the id or external_id of that row."
)

Read = Callable[..., Observations]
Faults = Callable[..., list[str]]


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize(
    ("row", "said"),
    [
        (sound(observed_at=""), BLANK.format("observed_at", "a row says when it was so", "Write the time or the day.")),
        (sound(indicator=""), BLANK.format("indicator", "a row says which sign it is about", "Name the indicator.")),
        (sound(source=""), BLANK.format("source", "a row says who reported", "Name the source.")),
        (
            sound(grade=""),
            BLANK.format("grade", "a missing grade is never assumed", "Write the report's grade, such as B2."),
        ),
        (
            sound(level=""),
            "level: IW326 level and value are both blank; a row has one of the two. Fill in one of the two.",
        ),
        (
            sound(value="2"),
            "level: IW326 level and value are both given; a row has one of the two. Remove one of the two.",
        ),
        (sound(grade="H2"), GRADE.format("H2")),
        (sound(grade="b2"), GRADE.format("b2")),
        (sound(grade="7"), GRADE.format("7")),
        (sound(grade="B"), GRADE.format("B")),
        (sound(grade="3"), ALONE.format("osint")),
        (sound(grade="3", source="minister", observed_at="2022-05-31T23:59:59.999999Z"), ALONE.format("minister")),
        (sound(reported_at="2022-10-03"), EARLY.format("reported_at", "2022-10-03T23:59:59.999999Z")),
        (
            sound(known_from="2022-10-04T11:59:59.999999Z", reported_at="2023-01-01"),
            EARLY.format("known_from", "2022-10-04T11:59:59.999999Z"),
        ),
        (sound(marking="TLP:AMBER"), MARKING.format("TLP:AMBER", 'Did you mean "amber"?')),
        (sound(marking="white"), MARKING.format("white", "There are: amber, amber+strict, clear, green, red.")),
        (sound(kind="retract"), KIND),
        (
            sound(target="x"),
            PURPOSELESS,
        ),
        (sound(kind="correction"), TARGETLESS),
        ({"kind": "retraction", "known_from": "2022-10-08"}, TARGETLESS),
        (
            sound(recorded_at="today"),
            UNREADABLE,
        ),
    ],
)
def test_each_fault_of_a_row_is_said(faults: Faults, suffix: str, row: Row, said: str) -> None:
    number = 3 if suffix == ".csv" else 2
    assert faults(FORMATS[suffix]([SOUND, row]), suffix) == [f"row {number}:{said}"]


def test_every_fault_of_every_row_is_said_at_once(faults: Faults) -> None:
    rows = [{"indicator": "x"}, SOUND, sound(grade="Z9", marking="white", observed_at="x", kind="?")]
    assert [said.split(" ")[1:3] for said in faults(as_commas(rows))] == [
        ["2:grade:", "IW320"],
        ["2:observed_at:", "IW320"],
        ["2:source:", "IW320"],
        ["2:level:", "IW326"],
        ["4:observed_at:", "IW321"],
        ["4:grade:", "IW327"],
        ["4:marking:", "IW330"],
        ["4:kind:", "IW331"],
    ]


def test_a_blank_subject_is_the_only_one_of_the_catalog(
    read: Read, faults: Faults, catalog: Catalog, wide_catalog: Catalog
) -> None:
    content = as_commas([SOUND, sound(subject="belarus")])
    assert read(content, against=catalog).subject.names == ("belarus",)
    assert len(read(content, against=catalog)) == 1
    assert faults(content, against=wide_catalog) == [f"row 2:{SUBJECT}"]


def test_names_the_catalog_does_not_know_are_kept(read: Read) -> None:
    unknown = sound(indicator="No such", level="4", source="nobody", origin="who?", grade="3", subject="atlantis")
    observations = read(as_commas([unknown]))
    names = [getattr(observations, name)[0] for name in ("indicator", "level", "source", "origin", "subject")]
    assert names == ["No such", "4", "nobody", "who?", "atlantis"]
    assert (observations.reliability[0], observations.credibility[0]) == (-1, 2)


def test_a_lone_digit_stands_once_the_register_has_a_letter(read: Read) -> None:
    observations = read(as_commas([sound(source="minister", grade="3", observed_at="2022-06-01")]))
    assert (observations.reliability[0], observations.credibility[0]) == (-1, 2)


@pytest.mark.parametrize(
    ("changes", "known_from"),
    [
        ({}, "2022-10-04T12:00:00Z"),
        ({"observed_at": "2022-10-04"}, "2022-10-04T23:59:59.999999Z"),
        ({"reported_at": "2022-10-04"}, "2022-10-04T23:59:59.999999Z"),
        ({"reported_at": "2022-10-05T01:00:00+02:00"}, "2022-10-04T23:00:00Z"),
        ({"reported_at": "2022-10-05", "known_from": "2022-10-09"}, "2022-10-09T23:59:59.999999Z"),
        ({"reported_at": "2022-10-01", "known_from": "2022-10-04T12:00:00Z"}, "2022-10-04T12:00:00Z"),
        ({"recorded_at": "2023-01-01"}, "2022-10-04T12:00:00Z"),
    ],
)
def test_the_knowledge_time_is_the_first_of_the_three_that_is_given(
    read: Read, changes: dict[str, str], known_from: str
) -> None:
    observations = read(as_commas([{**SOUND, **changes}]))
    assert [print_instant(from_micros(micros)) for micros in observations.known_from] == [known_from]
    assert observations.last == observations.known_from[0]


def test_defaults_are_filled_in(read: Read) -> None:
    plain = read(as_commas([SOUND]))
    written = read(as_commas([sound(marking="amber", kind="observation", subject="belarus")]))
    assert (plain.texts["marking"].tolist(), plain.kind.tolist()) == (["amber"], [0])
    assert plain.id.tolist() == written.id.tolist()


def test_a_correction_needs_all_that_an_observation_needs(faults: Faults) -> None:
    rows = [FULL, {"kind": "correction", "target": "r-1", "known_from": "2022-10-09", "level": "absent"}]
    assert [said.split(":")[1] for said in faults(as_commas(rows))] == ["grade", "indicator", "observed_at", "source"]


@pytest.mark.parametrize("time", ["observed_at", "reported_at", "known_from"])
def test_a_retraction_needs_a_target_and_a_time(read: Read, faults: Faults, time: str) -> None:
    bare = {"kind": "retraction", "target": "r-1"}
    assert faults(as_commas([FULL, bare])) == [f"row 3:{TIMELESS}"]
    observations = read(as_commas([FULL, {**bare, time: "2022-10-08"}]))
    assert print_instant(from_micros(observations.known_from[1])) == "2022-10-08T23:59:59.999999Z"
    assert observations.observed_at[1] == observations.known_from[1]


def test_what_a_retraction_states_is_not_kept(read: Read) -> None:
    bare = read(as_commas([FULL, RETRACTION]))
    stating = read(as_commas([FULL, {**SOUND, "subject": "x", "origin": "y", "value": "3", **RETRACTION}]))
    assert bare.id.tolist() == stating.id.tolist()
    kept: dict[str, Any] = {"reliability": -1, "credibility": -1, "kind": 2, "target": 0}
    for observations in (bare, stating):
        assert {name: getattr(observations, name)[1] for name in kept} == kept
        assert observations.value[1] != observations.value[1]
        for name in ("subject", "indicator", "level", "source", "origin"):
            assert getattr(observations, name)[1] == ""
        assert [observations.texts[name][1] for name in ("grade", "reason", "marking")] == ["", "hoax", "amber"]


def test_a_value_stands_instead_of_a_level(read: Read) -> None:
    observations = read(as_commas([MEASURED, CORRECTION | {"external_id": "c"}, sound(external_id="r-1")]))
    levels = [observations.level[row] for row in range(3)]
    assert dict(zip(levels, observations.value.tolist(), strict=True))[""] == 1500.25
    assert np.isnan(observations.value).sum() == 2
