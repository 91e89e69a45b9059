"""Streams are read as the standard says, and go on from where they broke."""

import itertools

import pytest

from iwscore.client.events import Event, followed, read_events
from iwscore.client.refusals import Declined
from iwscore.errors import Unreachable
from tests.client.scripted import Script, said, scripted

ONE = b"retry: 3000\n\nid: 1\nevent: assessment\ndata: {}\n\n"
STREAM = {"content-type": "text/event-stream"}


def events(server: Script, count: int, after: str = "") -> list[Event]:
    found = followed(server.connection(), "/s", {}, after=after, quiet=5, attempts=3)
    return list(itertools.islice(found, count))


def test_fields_comments_and_several_lines_of_data() -> None:
    lines = ["\ufeff", ":\n", "", "data: a", "data:b", "id: 2", "", "id: 3", "", "event: x", "data", "data: late", ""]
    assert list(read_events(lines)) == [Event("2", "message", "a\nb"), Event("3", "x", "\nlate")]


def test_after_a_break_it_goes_on_from_the_last_event() -> None:
    broken = (200, STREAM, ONE + b"id: 2\ndata: half")
    with scripted(broken, (503, {}, b""), (200, STREAM, b": beat\n\nid: 2\ndata: whole\n\n")) as server:
        assert events(server, 2) == [Event("1", "assessment", "{}"), Event("2", "message", "whole")]
    assert [headers.get("last-event-id") for _, _, headers, _ in server.asked] == [None, "1", "1"]


def test_who_may_not_listen_is_told_so() -> None:
    with scripted(said({"code": "IW562"}, 401)) as server, pytest.raises(Declined, match="401 IW562"):
        events(server, 1)


def test_attempts_that_bring_nothing_come_to_an_end() -> None:
    silent = [*[(200, STREAM, b": beat\n\n")] * 2, (200, {"content-length": "9"}, b"")]
    with scripted(*silent) as server, pytest.raises(Unreachable, match="IW577"):
        events(server, 1)
    assert server.pauses == [0.1, 0.2, 0.4]
