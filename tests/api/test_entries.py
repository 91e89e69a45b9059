"""Entries: told whole, but for their places in the log."""

from iwscore.api.entries import EntryLine, entry_line
from tests.store.drafting import NOON, opened, record, sound


def test_an_entry_is_told_without_its_place(sqlite_url):
    with opened(sqlite_url) as log:
        record(log, sound(note="=1+1", value=2.5, level=""))
        (entry,) = log.entries()
    told = entry_line(entry)
    assert EntryLine(**told).model_dump() == told
    assert (told["note"], told["value"], told["reported_at"], told["reason"]) == ("=1+1", 2.5, None, "watch")
    assert told["recorded_at"].timestamp() * 1e6 == told["known_from"].timestamp() * 1e6 == NOON
    assert not {"seq", "batch", "historical"} & told.keys()
