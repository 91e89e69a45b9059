"""The reports on one question as the log grows: those a fresh reading gives."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from iwscore.core.bundles import NEVER, Reports
from iwscore.core.hearings import Clocks
from iwscore.services.inquiries import Inquiry
from iwscore.store.drafts import Draft
from tests.services.shelving import DAY, NOON, Shelved, said
from tests.services.streams import Stream

GONE: dict[str, Any] = {"kind": "retraction", "reason": "hoax", "marking": "amber"}


def rows(inquiry: Inquiry) -> list[tuple[int, ...]]:
    return sorted(zip(*(inquiry[name].tolist() for name in Reports.__slots__), strict=True))


@pytest.mark.parametrize("seed", range(3))
def test_reports_that_came_one_by_one_are_those_of_a_fresh_reading(shelved: Shelved, tmp_path: Path, seed: int) -> None:
    inquiry = shelved.inquiry()
    for _ in Stream(seed, shelved.log, shelved.clock, [shelved.catalog], ["here", "there"]).steps(40):
        shelved.catch_up()
        inquiry.catch_up()
        frame = shelved.frame()
        fresh = zip(*(getattr(frame.reports, name).tolist() for name in Reports.__slots__), strict=True)
        assert rows(inquiry) == rows(shelved.inquiry()) == sorted(fresh)
        for day in (0, 9, 30):
            at, known_at = NOON + day * DAY, NOON + 12 * DAY
            observed_at, known_from, until = frame.lost
            wanted = (observed_at <= at) & (known_from <= known_at) & (until > known_at)
            assert inquiry.unplaced(at, known_at) == wanted.sum()


def test_what_is_new_and_what_is_withdrawn_is_said_with_the_first_time_that_knows_it(shelved: Shelved) -> None:
    (first,) = shelved.told(said())
    inquiry = shelved.inquiry()
    regraded = NOON + DAY * 9 // 2
    assert (inquiry.catch_up(), inquiry.settled_at) == (None, regraded)
    shelved.told(Draft(target=first, **GONE), day=6)
    shelved.told(said(day=1, reported_at=NOON + DAY), day=7, historical=True)
    changed = inquiry.catch_up()
    assert changed is not None
    assert (changed.new.tolist(), changed.withdrawn.tolist(), changed.reports.tolist()) == ([1], [0], [1, 0])
    assert (changed.since, inquiry.settled_at) == (NOON + DAY, NOON + 6 * DAY)
    assert inquiry["stands_until"].tolist() == [NOON + 6 * DAY, NEVER]


def test_what_bears_on_no_answer_is_no_change(shelved: Shelved) -> None:
    inquiry = shelved.inquiry()
    shelved.told(said(subject="there"), said(level=7))
    assert inquiry.catch_up() is None
    assert (len(inquiry), inquiry.unplaced(NOON, NOON)) == (0, 1)


def test_voices_hold_their_reports(shelved: Shelved) -> None:
    shelved.told(said(source="a"), said(source="b"), said(source="a", level=0))
    inquiry = shelved.inquiry()
    shelved.told(said(source="a"), said(sign=1))
    inquiry.catch_up()
    voices = inquiry.voices(np.arange(5))
    assert len(set(voices.tolist())) == 3
    assert inquiry.of_voices([int(voices[0])]).tolist() == [0, 2, 3]


def test_reports_are_heard_in_the_order_of_their_knowledge_and_keep_their_places(shelved: Shelved) -> None:
    shelved.told(said(), day=5)
    shelved.told(said(reported_at=NOON), day=6, historical=True)
    heard = shelved.inquiry().hear(np.array([0, 1]), Clocks.known_at(NOON + DAY))
    assert heard.report.tolist() == [1]
