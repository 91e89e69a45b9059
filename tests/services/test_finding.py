"""Finding: a report with its chain, and reports by what they say, as far as a ceiling reaches."""

import pytest

from iwscore.errors import QuestionError
from iwscore.services.finding import find_report, find_reports
from iwscore.services.following import Live
from iwscore.services.recording import prepare_correction, write
from iwscore.store.searching import Search
from tests.services.harbour import recorded


def corrected(desk, name, **cells):
    return write(desk, prepare_correction(desk, name, cells, reason="why"), reason="why").id


def lived(desk, ceiling):
    live = Live(desk.log, desk.catalog, ceiling=ceiling)
    live.follow()
    return live


def test_a_chain_is_told_as_far_as_it_may_be(desk):
    name = recorded(desk)
    hidden = corrected(desk, name, level="absent", marking="red")
    shown = corrected(desk, name, note="x", marking="green")
    red = find_report(desk.log, lived(desk, "red"), hidden)
    assert [(one.entry.id, one.target) for one in red] == [
        (hidden, name), (name, ""), (hidden, name), (shown, hidden),
    ]  # fmt: skip
    amber = find_report(desk.log, lived(desk, "amber"), shown)
    assert [(one.entry.id, one.target, one.until is None) for one in amber] == [
        (shown, "", True), (name, "", False), (shown, "", True),
    ]  # fmt: skip
    with pytest.raises(QuestionError, match=f"IW530 no such entry .{hidden}"):
        find_report(desk.log, lived(desk, "amber"), hidden)


def test_what_came_later_than_the_head_is_not_among_them(desk):
    first, second = recorded(desk, note="a"), recorded(desk, note="b")
    live = lived(desk, "red")
    recorded(desk, note="c")
    every = find_reports(desk.log, live, Search(), after=None, limit=9, head=live.head.entries)
    assert [one.entry.id for one in every] == [second, first]
    rest = find_reports(desk.log, live, Search(), after=second, limit=9, head=live.head.entries)
    assert [one.entry.id for one in rest] == [first]
