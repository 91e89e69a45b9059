"""Faults of segments: one that says something else than the entries is found, as questions read it."""

import pytest

from iwscore.store import appending, verifying
from iwscore.store.databases import database_at
from iwscore.store.segments import read_segments
from iwscore.store.verifying import verify_log
from tests.store.drafting import opened, record, sound
from tests.store.tampering import change, unguard

OTHER = "UPDATE segments SET columns = (SELECT columns FROM segments WHERE first = 6) WHERE first = 1"
ASK = "Find out who changed it, and compare with a dump."


@pytest.fixture
def filled(url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Make a log of two segments of five entries, and an entry between that has none."""
    monkeypatch.setattr(appending, "LEAST", 5)
    with opened(url) as log:
        for batch in ("a", "b"):
            record(log, *(sound(note=f"{batch}{n}") for n in range(5)))
        record(log, sound())
    unguard(url)
    return url


@pytest.mark.parametrize("size", [1, 3, 1000])
@pytest.mark.parametrize(
    ("statement", "places"),
    [
        ("SELECT 1", []),
        (OTHER, [1]),
        ("UPDATE segments SET first = 2, entries = 4 WHERE first = 1", [2]),
        ("UPDATE segments SET entries = 6 WHERE first = 6", [6]),
        ("UPDATE segments SET first = 60 WHERE first = 6", [60]),
        ("UPDATE segments SET columns = substr(columns, 9)", [1, 6]),
        ("DELETE FROM segments", []),
    ],
)
def test_a_segment_that_differs_is_found(
    filled: str, monkeypatch: pytest.MonkeyPatch, size: int, statement: str, places: list[int]
) -> None:
    monkeypatch.setattr(verifying, "_ENTRIES_AT_ONCE", size)
    if statement != "SELECT 1":
        change(filled, statement)
    faults = [fault for fault in verify_log(filled).faults if fault.code != "IW448"]
    assert [str(fault).removeprefix(f"{fault.file}:") for fault in faults] == [
        f"row {first}:segments: IW449 segment differs; it must say what the entries from {first} on say. {ASK}"
        for first in places
    ]


def test_an_altered_entry_no_longer_fits_its_segment(filled: str) -> None:
    change(filled, "UPDATE entries SET level = 'absent' WHERE seq = 7")
    codes = [(fault.code, fault.line) for fault in verify_log(filled).faults if fault.code != "IW448"]
    assert codes == [("IW440", 7), ("IW449", 6)]
    database = database_at(filled)
    with database.reading() as connection:
        assert [first for first, _, _ in read_segments(connection)] == [1, 6]
    database.dispose()
