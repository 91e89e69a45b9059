"""The one place where meaning becomes arithmetic: names, levels, grades and letters to places."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from iwscore.core.bundles import NEVER, Reports
from iwscore.domain.times import to_micros
from iwscore.services.frames import columns_of, make_frame
from tests.oracle.plain import AT, SUBJECT, report, world, yes_no
from tests.oracle.reports import Row
from tests.oracle.worlds import World
from tests.services.telling import Told

Tell = Callable[[World], Told]
THREE = [[0.5, 0.3, 0.2], [0.2, 0.3, 0.5]]
SOURCES: list[dict[str, Any]] = [
    {"id": "zoe", "grades": []},
    {
        "id": "agency",
        "origin": "minister",
        "grades": [{"from": "2022-01-01", "reliability": "C"}, {"from": "2022-10-04", "reliability": "B"}],
        "regraded": [
            {"known_from": "2022-11-01", "reliability": "G"},
            {"known_from": "2022-12-01", "reliability": "E"},
        ],
    },
    {"id": "minister", "origin": "cabinet", "grades": [{"from": "2022-01-01", "reliability": "D"}]},
    {"id": "cabinet", "grades": [{"from": "2022-10-04", "reliability": "E"}]},
]


def framed(tell: Tell, *rows: Row, **more: Any) -> Told:
    """Two signs, one yes/no and one of three levels, and the register above."""
    signs = {"flights": yes_no([0.8, 0.2]), "troops": THREE}
    return tell(world([0.5, 0.5], signs, list(rows), **{"sources": SOURCES, **more}))


def test_columns_alone_make_the_same_arrays(tell: Tell) -> None:
    told = framed(tell, report("troops", 2, "zoe", "B3"), report("flights", 0, "minister", "A1"))
    frame = told.frame()
    again = make_frame(told.catalog, columns_of(told.observations), frame.problem, SUBJECT)
    for one, other in zip(_columns(frame.reports), _columns(again.reports), strict=True):
        np.testing.assert_array_equal(one, other)


def _columns(reports: Reports) -> list[Any]:
    return [getattr(reports, name) for name in Reports.__slots__]


def test_names_become_places(tell: Tell) -> None:
    frame = framed(tell, report("troops", 2, "zoe", "B3"), report("flights", 0, "minister", "A1")).frame()
    assert frame.sources == ("agency", "cabinet", "minister", "zoe")
    assert [one.id for one in frame.indicators] == ["flights", "troops"]
    named = {frame.sources[s]: n for n, s in enumerate(frame.reports.source.tolist())}
    troops, flights = frame.reports.take(np.array([named["zoe"]])), frame.reports.take(np.array([named["minister"]]))
    assert (troops.indicator.tolist(), troops.level.tolist(), troops.channel.tolist()) == ([1], [2], [4])
    assert (troops.letter.tolist(), troops.digit.tolist(), troops.cap.tolist()) == ([1], [2], [-1])
    assert troops.source.tolist() == troops.origin.tolist() == [3]
    assert (flights.indicator.tolist(), flights.level.tolist(), flights.channel.tolist()) == ([0], [0], [0])
    assert flights.origin.tolist() == [1]
    assert frame.reports.observed_at.tolist() == frame.reports.known_from.tolist() == [to_micros(AT)] * 2
    assert frame.reports.stands_until.tolist() == [NEVER] * 2
    assert frame.expectations.offsets.tolist() == [0, 2, 5]


@pytest.mark.parametrize(
    ("source", "origin", "end"),
    [
        ("agency", "", "cabinet"),
        ("minister", "", "cabinet"),
        ("cabinet", "", "cabinet"),
        ("zoe", "", "zoe"),
        ("zoe", "agency", "cabinet"),
        ("agency", "zoe", "zoe"),
        ("agency", "agency", "cabinet"),
    ],
)
def test_origins_are_followed_to_their_end(tell: Tell, source: str, origin: str, end: str) -> None:
    frame = framed(tell, report("flights", 1, source, "A1", origin=origin)).frame()
    assert frame.sources[int(frame.reports.origin[0])] == end


@pytest.mark.parametrize(
    ("days", "grade", "letter", "cap"),
    [(-1, "1", 2, -1), (-1, "A1", 0, -1), (0, "1", 1, 4), (0, "G1", 6, 4), (30, "1", 1, 4)],
    ids=["the first letter", "a grade of its own", "the letter from that day on", "G", "the last letter"],
)
def test_letters_are_those_in_force_when_it_was_so(tell: Tell, days: int, grade: str, letter: int, cap: int) -> None:
    """Of the agency until 4 October C, then B; of the cabinet, the end of its chain, none, then E."""
    frame = framed(tell, report("flights", 1, "agency", grade, AT + timedelta(days=days))).frame()
    assert (frame.reports.letter.tolist(), frame.reports.cap.tolist()) == ([letter], [cap])


def test_nobody_is_bounded_by_himself(tell: Tell) -> None:
    assert framed(tell, report("flights", 1, "cabinet", "A1")).frame().reports.cap.tolist() == [-1]


def test_the_register_ascends_in_time(tell: Tell) -> None:
    register = framed(tell).frame().register
    assert register.trust.shape == (7, 6)
    assert register.regraded_source.tolist() == [0, 0]
    assert register.regraded_letter.tolist() == [6, 4]
    day_end = to_micros(datetime(2022, 11, 1, 23, 59, 59, 999_999, tzinfo=UTC))
    assert register.regraded_from[0] == day_end


LOST = [
    {"indicator": "tanks"},
    {"level": "level-9"},
    {"level": "", "value": "12"},
    {"source": "stranger"},
    {"origin": "stranger"},
]


@pytest.mark.parametrize("lost", LOST, ids=str)
def test_what_the_catalog_does_not_know_is_not_placed(tell: Tell, lost: Row) -> None:
    told = framed(tell, {**report("flights", 1, "zoe", "A1"), **lost}, report("flights", 1, "zoe", "A1"))
    assert len(told.frame().reports) == 1
    assert told.frame().lost.tolist() == [[to_micros(AT)], [to_micros(AT)], [NEVER]]
    assert len(told.frame("elsewhere").reports) == 0
    assert told.frame("elsewhere").lost.shape == (3, 0)


def test_unknown_drafts_and_signs_without_expectation_are_neither_scored_nor_lost(tell: Tell) -> None:
    draft = {
        "problem": {
            "expectations": {
                "troops": {
                    "given": {"s0": dict(zip(LEVELS, THREE[0], strict=True))},
                    "otherwise": dict(zip(LEVELS, THREE[1], strict=True)),
                }
            }
        }
    }
    told = framed(tell, report("flights", 1, "zoe", "A1"), unknown("troops"), unknown("flights"), **draft)
    assert len(told.frame().reports) == 0
    assert told.frame().lost.shape == (3, 0)
    assert [one.id for one in told.frame().indicators] == ["troops"]


LEVELS = ("level-0", "level-1", "level-2")


def unknown(sign: str) -> Row:
    """Somebody looked and could not tell."""
    return {**report(sign, 0, "zoe", "A1"), "level": "unknown"}


def test_a_draft_is_known_but_not_scored(tell: Tell) -> None:
    frame = framed(tell, report("flights", 1, "zoe", "A1"), indicators={"status": "draft"}).frame()
    assert (frame.indicators, len(frame.reports), frame.lost.shape) == ((), 0, (3, 0))
    assert frame.expectations.offsets.tolist() == [0]


@pytest.mark.parametrize(
    ("value", "level"), [("-1", 0), ("1499.9", 0), ("1500", 1), ("7999", 1), ("8000", 2), ("1e9", 2)]
)
def test_a_measured_value_stands_on_the_level_of_the_cuts_it_reaches(tell: Tell, value: str, level: int) -> None:
    measured = {"measure": {"unit": "troops", "cuts": [1500, 8000]}}
    rows = [{**report("troops", 0, "zoe", "A1"), "level": "", "value": value}]
    told = tell(world([0.5, 0.5], {"troops": THREE}, rows, sources=SOURCES, indicators=measured))
    assert told.frame().reports.level.tolist() == [level]


def test_corrections_and_retractions_end_what_they_name(tell: Tell) -> None:
    later = AT + timedelta(days=2)
    first = report("flights", 1, "zoe", "A1", external_id="first")
    second = report("flights", 0, "zoe", "A1", kind="correction", target="first", known_from=later.isoformat())
    gone = {"kind": "retraction", "target": "third", "observed_at": later.isoformat()}
    third = report("flights", 1, "minister", "A1", external_id="third")
    frame = framed(tell, first, second, third, gone).frame()
    until = dict(zip(frame.reports.source.tolist(), frame.reports.stands_until.tolist(), strict=False))
    assert len(frame.reports) == 3
    assert frame.reports.correction.sum() == 1
    assert until[2] == to_micros(later)
    assert sorted(frame.reports.stands_until.tolist()) == [to_micros(later), to_micros(later), NEVER]


def test_groups_hold_the_places_of_their_scored_members(tell: Tell) -> None:
    groups = [{"id": "both", "indicators": ["troops", "flights"], "correlation": 0.3}]
    expectations = framed(tell, problem={"groups": groups}).frame().expectations
    assert [(members.tolist(), rho) for members, rho in expectations.groups] == [([0, 1], 0.3)]
    drafts = framed(tell, problem={"groups": groups}, indicators={"status": "draft"}).frame().expectations
    assert drafts.groups == ()


def test_tables_are_as_unsure_as_the_catalog_says(tell: Tell) -> None:
    """A word has its own band's width, a number that of its word, and stated cases are taken as they are."""
    rows = {name: dict(zip(LEVELS, THREE[n], strict=True)) for n, name in enumerate(("s0", "s1"))}
    expectations = {"flights": {"given": {"s0": "remote"}, "otherwise": 0.5}, "troops": {"given": rows, "cases": 7}}
    table = {letter: [0.95, 0, 0.5, 0.5, 0.5, 0.5] for letter in "ABCDEFG"}
    told = framed(tell, problem={"expectations": expectations}, trust=table)
    widths = told.frame().widths()
    remote, even = 12 * 0.03 * 0.97 / 0.04**2 - 1, 12 * 0.5 * 0.5 / 0.1**2 - 1
    assert [each.tolist() for each in widths.cases] == [[pytest.approx(remote), pytest.approx(even)], [7, 7]]
    assert [each.tolist() for each in widths.judgments] == [[0, 1], [0, 1]]
    assert widths.spread[0].tolist() == pytest.approx([0.04, 0, 0.1, 0.1, 0.1, 0.1])
    assert widths.trust.tolist() == told.frame().register.trust.tolist()


def test_a_signs_stream_is_its_names_own(tell: Tell) -> None:
    """Kept as it is, or every band would change with the next version."""
    flights, troops = framed(tell).frame().widths().streams
    assert flights == 14469863974732682146
    assert troops != flights


def test_rows_of_other_subjects_are_not_there(tell: Tell) -> None:
    told = framed(tell, report("flights", 1, "zoe", "A1", subject="south"), problem={"subjects": [SUBJECT, "south"]})
    assert len(told.frame("south").reports) == 1
    assert len(told.frame().reports) == 0
