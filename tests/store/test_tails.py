"""What the log has taken since a head: as a fresh reading has it, on both databases."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from iwscore.domain.catalogs import Catalog
from iwscore.domain.observations import Names
from iwscore.errors import Unreachable
from iwscore.store.drafts import Draft
from iwscore.store.entries import Head
from iwscore.store.logs import Log, tail_of
from iwscore.store.rolls import NO_TARGET
from iwscore.store.segments import LEAST
from iwscore.store.tails import NAMED, Tail
from tests.store.drafting import DAY, NOON, opened, record, some, sound
from tests.store.tampering import change, unguard


@pytest.fixture
def log(url: str) -> Iterator[Log]:
    with opened(url) as log:
        yield log


def tail(log: Log, after: Head | None = None) -> Tail:
    found = tail_of(log, after or Head())
    assert found is not None
    return found


def said(found: Tail, name: str) -> list[str]:
    return [getattr(piece, name)[row] for piece in found.pieces for row in range(len(piece))]


def numbers(found: Tail, name: str) -> list[int]:
    return [one for piece in found.pieces for one in getattr(piece, name).tolist()]


def test_where_nothing_is_new_there_is_no_tail(log: Log) -> None:
    assert tail_of(log, Head()) is None
    record(log, sound())
    assert tail_of(log, log.head()) is None


@pytest.mark.parametrize("count", [3, 700])
def test_a_tail_is_what_a_fresh_reading_has_more(log: Log, count: int) -> None:
    """Few rows or many: they are read in different ways."""
    record(log, sound(), sound(level="", value=7.5, grade="3"))
    before = log.head()
    log.append(some(count, source="other", origin="ministry"), author="ann", reason="watch")
    seen = log.observations()
    for found, first in ((tail(log), 0), (tail(log, before), 2)):
        assert (found.head, found.anew, found.catalogs) == (log.head(), first == 0, None)
        assert numbers(found, "seq") == seen.row[first:].tolist()
        for name in ("kind", "observed_at", "known_from", "reliability", "credibility"):
            assert numbers(found, name) == getattr(seen, name)[first:].tolist()
        np.testing.assert_array_equal(numbers(found, "value"), seen.value[first:])
        for name in NAMED:
            assert said(found, name) == [getattr(seen, name)[row] for row in range(first, len(seen))]


def test_words_that_no_row_has_are_no_fault(log: Log) -> None:
    """Whoever read the rows may have met more words, and a segment keeps each; they need not be grades."""
    drafts = some(LEAST)
    grade = drafts.texts["grade"]
    met = {"grade": Names(grade.codes + 1, ("grade", *grade.names))}
    log.append(replace(drafts, texts={**drafts.texts, **met}), author="ann", reason="watch")
    assert set(numbers(tail(log), "reliability")) == {1}


def test_targets_are_places_in_the_log(log: Log) -> None:
    base = sound()
    first, _ = record(log, base, sound(kind="correction", target=base.fingerprint, level="absent"))
    before = log.head()
    record(log, Draft(kind="retraction", target=first))
    assert numbers(tail(log), "target") == [NO_TARGET, 1, 1]
    found = tail(log, before)
    assert (numbers(found, "target"), numbers(found, "kind")) == ([1], [2])
    assert numbers(found, "observed_at") == numbers(found, "known_from")


def test_outcomes_and_what_is_about_them_are_left_out(log: Log) -> None:
    (outcome,) = record(log, Draft(kind="outcome", subject="belarus", content="{}"))
    before = log.head()
    record(log, Draft(kind="retraction", target=outcome))
    assert (tail(log).pieces, tail(log, before).pieces) == ((), ())


def test_history_counts_from_when_it_was_told(log: Log) -> None:
    record(log, sound(reported_at=NOON - DAY // 2), historical=True)
    assert numbers(tail(log), "known_from") == [NOON - DAY // 2]


def test_catalogs_come_with_the_tail_they_are_in(log: Log, catalog: Catalog) -> None:
    record(log, sound())
    before = log.head()
    log.register(catalog, author="ann", reason="first use")
    found = tail(log, before)
    assert (found.pieces, found.catalogs) == ((), ((log.head().recorded_at, catalog.digest),))


def test_a_log_that_never_stood_at_the_head_is_read_anew(log: Log) -> None:
    record(log, sound())
    for head in (Head("ab" * 32, 1, 1, NOON), Head("ab" * 32, 7, 9, NOON)):
        found = tail(log, head)
        assert (found.anew, len(found.pieces)) == (True, 1)


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        (f"UPDATE entries SET observed_at = {1 << 62}", "a time lies outside the calendar"),
        ("UPDATE entries SET grade = 'Z9'", "not an Admiralty grade: Z9"),
    ],
)
def test_what_was_tampered_with_is_refused(log: Log, url: str, statement: str, said: str) -> None:
    record(log, sound())
    unguard(url)
    change(url, statement)
    with pytest.raises(Unreachable, match=rf"^IW416 log is damaged \(.*{said}\); "):
        tail(log)
