"""Refusing: exact texts of what the log does not take."""

from typing import Any

import pytest

from iwscore.errors import DraftFaults
from iwscore.store.drafts import Draft, Drafts
from tests.store.drafting import DAY, NOON, Clock, opened, record, sound

LATE = {"observed_at": NOON + 1}


def refused(url: str, *drafts: Draft, **options: Any) -> list[str]:
    with opened(url, Clock()) as log:
        record(log, sound(external_id="r-1"), Draft(kind="catalog", content="{}"))
        with pytest.raises(DraftFaults) as refusal:
            log.append(Drafts.of(drafts), **{"author": "ann", "reason": "watch"} | options)
        assert log.head().batch == 1
    assert refusal.value.exit_code == 1
    return [str(fault) for fault in refusal.value.faults]


def test_what_has_not_happened_yet(sqlite_url: str) -> None:
    assert refused(sqlite_url, sound(observed_at=NOON), sound(observed_at=NOON + 2)) == [
        (
            "drafts:row 2:observed_at: IW423 observed_at lies in the future (2022-10-05T20:00:00.000002Z); "
            "it must not lie after 2022-10-05T20:00:00.000001Z. Correct the time."
        )
    ]


def test_what_nobody_has_said_yet(sqlite_url: str) -> None:
    late = [sound(reported_at=NOON), sound(reported_at=NOON + DAY), Draft(kind="retraction", reported_at=NOON + DAY)]
    assert [said[:36] for said in refused(sqlite_url, *late)] == [
        f"drafts:row {place}:reported_at: IW425 repo" for place in (2, 3)
    ]


def test_what_history_needs(sqlite_url: str) -> None:
    told = [{}, {"reported_at": NOON + DAY}, {"reported_at": NOON - 2 * DAY}, {"reported_at": NOON - DAY}]
    assert refused(sqlite_url, *(sound(**times) for times in told), historical=True) == [
        (
            "drafts:row 1:reported_at: IW424 reported_at is missing; history counts as known from it. "
            "Fill in when the source said so."
        ),
        (
            "drafts:row 2:reported_at: IW425 reported_at lies in the future (2022-10-06T20:00:00Z); "
            "it must not lie after 2022-10-05T20:00:00.000001Z. Correct the time."
        ),
        (
            "drafts:row 3:reported_at: IW426 reported_at lies before observed_at (2022-10-03T20:00:00Z); "
            "nothing is known before it is so. Correct one of the two times."
        ),
    ]


def test_history_is_told_of_a_retraction_too(sqlite_url: str) -> None:
    gone = Draft(kind="retraction", target="0" * 32)
    assert [said[:35] for said in refused(sqlite_url, gone, historical=True)] == ["drafts:row 1:reported_at: IW424 rep"]


@pytest.mark.parametrize("target", ["", "r-1", "0" * 32, "0" * 31 + "g"])
def test_targets_that_are_not_there(sqlite_url: str, target: str) -> None:
    shown = f" ({target})"
    assert refused(sqlite_url, sound(), sound(kind="correction", target=target)) == [
        f"drafts:row 2:target: IW421 target is not in the log{shown}; it must be there before. Correct the target."
    ]


@pytest.mark.parametrize("kind", ["correction", "retraction"])
def test_targets_that_stand_for_good(sqlite_url: str, kind: str) -> None:
    catalog = Draft(kind="catalog", content="{}").fingerprint
    changes = {"note": "x"} if kind == "retraction" else {"level": "absent"}
    assert refused(sqlite_url, sound(kind=kind, target=catalog, **changes)) == [
        (
            f"drafts:row 1:target: IW422 target cannot be corrected or withdrawn ({catalog}); "
            "it must be an observation, a correction or, to be withdrawn, an outcome. Record the observation anew."
        )
    ]


@pytest.mark.parametrize("name", ["author", "reason"])
def test_a_batch_is_signed(sqlite_url: str, name: str) -> None:
    assert refused(sqlite_url, sound(), **{name: " "}) == [
        f"drafts:{name}: IW427 {name} is blank; every batch says who and why. Give the {name}."
    ]


@pytest.mark.parametrize("text", ["a\0b", "\ud800"])
def test_text_that_cannot_be_kept(sqlite_url: str, text: str) -> None:
    said = "IW428 text cannot be kept; it must be Unicode without NUL. Remove the character."
    assert refused(sqlite_url, sound(), author=text) == [f"drafts:author: {said}"]


def test_text_of_a_draft_that_cannot_be_kept(sqlite_url: str) -> None:
    drafts = [sound(), sound(note="a\0b"), sound(note="fine")]
    assert refused(sqlite_url, *drafts) == [
        "drafts:row 2:note: IW428 text cannot be kept; it must be Unicode without NUL. Remove the character."
    ]
