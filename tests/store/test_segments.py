"""Segments: they say what the entries say, wherever batches begin and end."""

from collections.abc import Iterator

import numpy as np
import pytest
import sqlalchemy as sa

from iwscore.domain.observations import Observations
from iwscore.errors import Unreachable
from iwscore.store import appending, segments
from iwscore.store.databases import database_at
from iwscore.store.drafts import Draft, Drafts
from iwscore.store.logs import Log, open_log
from iwscore.store.segments import cover, read_segments, unpack
from iwscore.store.verifying import verify_log
from tests.store.drafting import DAY, NOON, Clock, opened, record, sound
from tests.store.tampering import change, unguard


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let segments have a few entries only."""
    for module in (appending, segments):
        monkeypatch.setattr(module, "SIZE", 8)
        monkeypatch.setattr(module, "LEAST", 4)


def fill(log: Log) -> None:
    """Record batches of many sizes, with everything that a column can hold."""
    first, *_ = record(log, sound(note='"ü"\n'), sound(level="", value=0.1), sound(origin="ministry", url="u"))
    for size in (1, 5, 2, 4, 1, 1, 9, 3):
        told = [sound(observed_at=NOON - n * DAY, note=f"{size}-{n}" if n % 2 else "") for n in range(size)]
        record(log, *told, author=f"w{size}")
    record(log, Draft(kind="outcome", content="{}"), *(sound(kind="correction", target=first) for _ in range(4)))
    record(log, Draft(kind="retraction", target=first, reason="hoax"))


def columns(seen: Observations) -> Iterator[list[object]]:
    """Yield every column of the bundle as plain values."""
    for name in ("id", "row", "observed_at", "known_from", "reliability", "credibility", "kind", "target"):
        yield getattr(seen, name).tolist()
    for name in ("subject", "indicator", "level", "source", "origin"):
        names = getattr(seen, name)
        yield [*names.names, *(names[row] for row in range(len(seen)))]
    yield np.nan_to_num(seen.value, nan=-1).tolist()
    yield from (column.tolist() for column in seen.texts.values())


def spans(url: str) -> list[tuple[int, int]]:
    """Return the first entry and the number of entries of each segment."""
    database = database_at(url)
    with database.reading() as connection:
        found = [(first, count) for first, count, _ in read_segments(connection)]
    database.dispose()
    return found


def test_what_is_read_does_not_depend_on_segments(url: str) -> None:
    with opened(url) as log:
        fill(log)
        packed = list(columns(log.observations()))
    assert spans(url) == [(1, 4), (5, 5), (10, 2), (12, 4), (16, 1), (17, 1), (18, 9), (27, 3), (30, 5)]
    assert verify_log(url).faults == ()
    unguard(url)
    change(url, "DELETE FROM segments WHERE first IN (10, 16, 30)")
    with open_log(url, clock=Clock()) as log:
        assert list(columns(log.observations())) == packed
        change(url, "DELETE FROM segments")
        assert list(columns(log.observations())) == packed


def test_small_batches_are_covered_together(url: str) -> None:
    with opened(url) as log:
        for _ in range(17):
            record(log, sound())
    assert spans(url) == [(1, 8), (9, 8)]


def test_a_log_from_before_is_covered_as_it_grows(url: str) -> None:
    with opened(url) as log:
        for _ in range(15):
            record(log, sound())
        unguard(url)
        change(url, "DELETE FROM segments")
        record(log, sound(), sound())
    assert spans(url) == [(1, 8), (9, 8), (17, 1)]


def test_covering_what_is_covered_does_nothing(sqlite_url: str) -> None:
    with opened(sqlite_url) as log:
        log.append(Drafts.of([sound(note=str(n)) for n in range(6)]), author="ann", reason="watch")
    database = database_at(sqlite_url)
    with database.writing() as connection:
        cover(database, connection, 6)
        assert connection.execute(sa.text("SELECT count(*) FROM segments")).scalar() == 1
    database.dispose()


@pytest.mark.parametrize("packed", [b"", b"not Arrow", bytes(64)])
def test_what_is_no_segment_is_refused(packed: bytes) -> None:
    with pytest.raises(ValueError, match=r"^not a segment: "):
        unpack(packed)


def test_a_log_with_a_spoilt_segment_is_damaged(sqlite_url: str) -> None:
    with opened(sqlite_url) as log:
        record(log, *(sound() for _ in range(4)))
        unguard(sqlite_url)
        change(sqlite_url, "UPDATE segments SET columns = x'00'")
        with pytest.raises(Unreachable) as refusal:
            log.observations()
    assert str(refusal.value) == (
        f"IW416 log is damaged ({sqlite_url}: segment 1); must be a whole database. Restore it from a dump."
    )
