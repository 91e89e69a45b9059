"""Recalling: blocks do not show, and a source's words come back as a file's would."""

import numpy as np
import pytest

from iwscore.errors import Unreachable
from iwscore.store import sqlite
from iwscore.store.drafts import Draft, Drafts
from tests.store.drafting import DAY, NOON, opened, record, sound
from tests.store.tampering import change, unguard


@pytest.mark.parametrize("size", [1, 3, 1000])
def test_blocks_do_not_show(sqlite_url: str, monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    with opened(sqlite_url) as log:
        told = [sound(observed_at=NOON - n * DAY, note="x" * (n % 3), source=f"s{n % 4}") for n in range(10)]
        first, *_ = record(log, *told)
        record(log, Draft(kind="retraction", target=first))
        monkeypatch.setattr(sqlite, "_AT_ONCE", size)
        seen = log.observations()
    assert seen.row.tolist() == list(range(1, 12))
    assert [seen.source[row] for row in range(11)] == [f"s{n % 4}" for n in range(10)] + [""]
    assert seen.source.names == ("", "s0", "s1", "s2", "s3")
    assert seen.texts["note"].tolist() == ["x" * (n % 3) for n in range(10)] + [""]
    assert seen.target.tolist() == [-1] * 10 + [0]


def test_history_stands_where_it_was_told_and_targets_follow(url: str) -> None:
    """A correction told of later but recorded earlier keeps its target, wherever both stand."""
    base = sound(observed_at=NOON - 9 * DAY, reported_at=NOON - DAY)
    early = sound(observed_at=NOON - 9 * DAY, reported_at=NOON - 5 * DAY, note="early")
    fixed = sound(
        kind="correction",
        observed_at=NOON - 9 * DAY,
        reported_at=NOON - 3 * DAY,
        target=base.fingerprint,
        level="absent",
    )
    with opened(url) as log:
        log.append(Drafts.of([base, early, fixed]), author="ann", reason="history", historical=True)
        seen = log.observations()
    assert seen.row.tolist() == [2, 3, 1]
    assert seen.target.tolist() == [-1, 2, -1]
    assert np.diff(seen.known_from).min() > 0
    assert seen.last == NOON - DAY


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        (f"UPDATE entries SET observed_at = {1 << 62}", "a time lies outside the calendar"),
        (f"UPDATE batches SET recorded_at = {-(1 << 62)}", "a time lies outside the calendar"),
        ("UPDATE entries SET grade = 'Z9'", "Z9 is no grade"),
    ],
)
def test_what_no_question_can_be_asked_of_is_refused(url: str, statement: str, said: str) -> None:
    with opened(url) as log:
        record(log, sound())
        unguard(url)
        change(url, statement)
        with pytest.raises(Unreachable, match=rf"^IW416 log is damaged \(.*{said}\); "):
            log.observations()
