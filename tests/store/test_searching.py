"""Searching: reports alone, newest first, by all of what is asked."""

from functools import partial

from iwscore.store.logs import read
from iwscore.store.searching import Search, search
from tests.store.drafting import NOON, Clock, opened, record, sound


def found(log, markings=None, before=100, limit=10, **asked):
    page = read(log, partial(search, asked=Search(**asked), markings=markings, before=before, limit=limit))
    return [entry.note for entry in page]


def test_reports_are_found_newest_first(url):
    clock = Clock()
    with opened(url, clock) as log:
        record(log, sound(note="a"), sound(note="b", marking="red", source="x"))
        clock.now += 1000
        record(log, sound(note="c", marking=""), sound(kind="outcome", note="d", content="{}"))
        assert found(log) == ["c", "b", "a"]
        assert found(log, limit=1) == ["c"]
        assert found(log, before=3) == ["b", "a"]
        assert found(log, markings=("", "amber")) == ["c", "a"]
        assert found(log, texts={"source": "x", "author": "ann"}) == ["b"]
        assert found(log, texts={"source": "x\0"}) == []
        assert found(log, since=NOON + 1000) == ["c"]
        assert found(log, until=NOON) == ["b", "a"]
