"""Appending: parts and blocks do not show, and what a batch refuses names the draft's place."""

from collections.abc import Iterator

import pytest

from iwscore.errors import DraftFaults
from iwscore.store import appending
from iwscore.store.drafts import Draft, Drafts
from iwscore.store.verifying import verify_log
from tests.store.drafting import Clock, opened, record, some, sound


@pytest.mark.parametrize("size", [1, 3, 100])
def test_parts_do_not_show(url: str, monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setattr(appending, "_AT_ONCE", size)
    base = sound(note="base")
    later = sound(kind="correction", target=base.fingerprint, level="absent")
    with opened(url) as log:
        record(log, base, *(sound(note=str(number)) for number in range(6)), later)
        assert log.entries()[-1].target == log.entries()[0].id
        head = log.head()
        with pytest.raises(DraftFaults, match=r"^drafts:row 6:external_id: IW420"):
            record(log, *(sound(external_id=f"r-{number % 5}", note=str(number)) for number in range(6)))
        assert log.head() == head
    assert verify_log(url).faults == ()


def test_of_a_large_part_the_database_finds_what_is_taken(url: str) -> None:
    with opened(url) as log:
        log.append(some(1000), author="ann", reason="watch")
        more = Drafts.of([sound(external_id=f"m-{n}" if n % 500 else f"r-{n + 1}") for n in range(1000)])
        with pytest.raises(DraftFaults) as refusal:
            log.append([some(0), more], author="ann", reason="watch")
        assert [fault.line for fault in refusal.value.faults] == [1, 501]
        assert log.append(more, author="bob", reason="watch").entries == 1000
    assert verify_log(url).faults == ()


def test_names_no_row_uses_are_left_behind(sqlite_url: str) -> None:
    """A block of a large file shares the names of the whole file."""
    with opened(sqlite_url) as log:
        drafts = some(1000)
        log.append(
            (drafts.part(slice(start, start + 10)) for start in range(0, 1000, 10)), author="ann", reason="watch"
        )
        assert [entry.external_id for entry in log.entries(limit=2000)] == [f"r-{n}" for n in range(1, 1001)]


def test_nothing_to_add_is_no_batch(url: str) -> None:
    with opened(url) as log:
        receipt = log.append(Drafts.of([]), author="ann", reason="watch")
        assert (receipt.batch, receipt.entries, receipt.head.batch) == (None, 0, 0)


def test_a_clock_that_goes_back_meanwhile_is_not_followed(sqlite_url: str) -> None:
    """The draft was held against the clock when the batch began; its stamp is never earlier."""
    clock = Clock()
    with opened(sqlite_url, clock) as log:
        now = clock.now

        def late() -> Iterator[Drafts]:
            yield Drafts.of([sound(observed_at=now)])
            clock.now = now - 1000

        assert log.append(late(), author="ann", reason="watch").recorded_at == now


def test_the_stamp_is_taken_when_the_batch_is_closed(sqlite_url: str) -> None:
    clock = Clock()
    with opened(sqlite_url, clock) as log:
        begun = clock.now

        def slow() -> Iterator[Drafts]:
            yield Drafts.of([sound()])
            clock.now = begun + 1_000_000

        assert log.append(slow(), author="ann", reason="watch").recorded_at == begun + 1_000_000


def test_a_retraction_goes_by_the_fingerprint_of_what_it_withdraws(sqlite_url: str) -> None:
    base = sound(note="base")
    gone = Draft(kind="retraction", target=base.fingerprint)
    with opened(sqlite_url) as log:
        record(log, base)
        assert log.append(Drafts.of([gone]), author="ann", reason="watch", once=True).entries == 1
        assert log.append(Drafts.of([gone]), author="ann", reason="watch", once=True).repeated == 1
