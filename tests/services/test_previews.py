"""Previews: the answers an entry would change are those it does change; what its author should know is said."""

import pytest

from iwscore.services import score
from iwscore.services.recording import Desk, prepare_correction, prepare_record, prepare_retraction, write
from tests.services.harbour import recorded, sound

QUIET = "No problem expects this indicator for this subject: no answer changes."
UNCONFIRMED = "Credibility 1 means confirmed by others, but no second origin on file says so."


def answers(desk):
    return [score(desk.catalog, desk.log.observations(), problem="port-closure", at=desk.at)]


PREPARED = {
    "record": lambda desk, name: prepare_record(desk, sound(source="local-news", level="absent")),
    "measure": lambda desk, name: prepare_record(desk, sound(indicator="patrol-boats", level="", value="12")),
    "correct": lambda desk, name: prepare_correction(
        desk, name, {"indicator": "patrol-boats", "level": "few"}, reason="x"
    ),
    "retract": lambda desk, name: prepare_retraction(desk, name, reason="x"),
}


@pytest.mark.parametrize("prepare", PREPARED.values(), ids=PREPARED)
def test_what_is_shown_is_what_comes_about(desk, prepare):
    name = recorded(desk)
    recorded(desk, source="harbour-master", indicator="insurance-withdrawn", level="surcharge")
    before = answers(desk)
    prepared = prepare(desk, name)
    assert answers(desk) == before == [shift.before for shift in prepared.preview.shifts]
    write(desk, prepared, reason="x")
    after = answers(desk)
    assert after == [shift.after for shift in prepared.preview.shifts] != before


def test_a_clock_that_has_gone_back_changes_nothing_of_that(desk, clock):
    recorded(desk)
    clock.now -= 86_400_000_000
    prepared = prepare_record(desk, sound(source="local-news"))
    write(desk, prepared, reason="x")
    seen = desk.log.observations()
    (shift,) = prepared.preview.shifts
    assert score(desk.catalog, seen, problem="port-closure", at=shift.after.at) == shift.after


def remarks(desk, **changes):
    return prepare_record(desk, sound(**changes)).preview.remarks


def test_repeating_is_remarked(desk):
    assert remarks(desk) == ()
    name = recorded(desk, source="harbour-master")
    told = f"harbour-master, C2, 2026-03-30, {name}"
    said = f"harbour-master has said so already ({told}): repeating refreshes, it never adds."
    assert remarks(desk, source="local-news") == remarks(desk, origin="local-news") == (said,)
    assert remarks(desk, source="local-news", level="absent") == remarks(desk) == ()
    assert remarks(Desk(desk.log, desk.catalog, "bob"), source="harbour-master") == (said,)


def test_a_measure_says_the_level_it_sets(desk):
    recorded(desk, indicator="patrol-boats", level="", value="4")
    assert len(remarks(desk, indicator="patrol-boats", level="some")) == 1
    assert remarks(desk, indicator="patrol-boats", level="many") == ()


def test_confirmed_without_a_second_origin_is_remarked(desk):
    assert remarks(desk, grade="C1") == (UNCONFIRMED,)
    recorded(desk, grade="C2")
    assert remarks(desk, grade="C1")[1:] == (UNCONFIRMED,)
    name = recorded(desk, source="local-news")
    assert UNCONFIRMED not in remarks(desk, grade="C1")
    write(desk, prepare_retraction(desk, name, reason="x"), reason="x")
    assert UNCONFIRMED in remarks(desk, grade="C1")


def test_a_correction_does_not_confirm_or_repeat_itself(desk):
    name = recorded(desk)
    assert prepare_correction(desk, name, {"grade": "C1"}, reason="x").preview.remarks == (UNCONFIRMED,)


def test_what_changes_no_answer_says_so(desk):
    assert remarks(desk, subject="quay") == (QUIET,)
