"""Events: a stream of what changes, taken up again where it broke.

Here belong the lines of server-sent events and the way back after a break. What an event holds belongs to ``problems``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from iwscore.client.connections import Connection

__all__ = ["Event", "followed", "read_events"]


@dataclass(frozen=True, slots=True)
class Event:
    """One event: ``id`` is where to go on from, ``name`` what kind it is, ``data`` what it says."""

    id: str
    name: str
    data: str


def read_events(lines: Iterable[str], last: str = "") -> Iterator[Event]:
    """Yield the events that lines hold; a comment, as a heartbeat is, is none, and neither is one that breaks off.

    Examples
    --------
    >>> list(read_events([": beat", "id: 7", "event: assessment", "data: {}", "", "data: broken off"]))
    [Event(id='7', name='assessment', data='{}')]
    """
    name, data = "", list[str]()
    for line in lines:
        field, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if not line and data:
            yield Event(last, name or "message", "\n".join(data))
        if not line:
            name, data = "", []
        elif field == "id":
            last = value
        elif field == "event":
            name = value
        elif field == "data":
            data.append(value)


def followed(
    connection: Connection, path: str, params: Mapping[str, Any], *, after: str, quiet: float, attempts: int
) -> Iterator[Event]:
    """Yield events as they come; after a break go on from the last one, until so many attempts in a row bring none.

    Raises
    ------
    Declined
        If the service declines.
    Unreachable
        IW577 if it cannot be reached any more.
    """
    last, failed = after, 0
    while failed < attempts:
        headers = {"Accept": "text/event-stream"} | ({"Last-Event-ID": last} if last else {})
        try:
            with connection.lines(path, params, headers, quiet) as lines:
                for event in read_events(lines, last):
                    last, failed = event.id, 0
                    yield event
        except ConnectionError:
            pass
        connection.wait(failed)
        failed += 1
    raise connection.unreachable()
