"""Publishers: the present answer to a question, made once for all who listen to it, and who they are.

Here belongs when an answer is made anew and who is told. What goes over the wire belongs to ``streams``.

A listener holds no queue: it is told that there is something, and takes what is then the newest. So one that is slow
skips what it missed, and costs no more than one that is quick.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
from contextlib import suppress
from dataclasses import dataclass
from threading import Lock

from iwscore.api.answers import json_bytes, present
from iwscore.api.problems import AssessmentAsked, assessed
from iwscore.api.readers import Reader
from iwscore.api.stations import Stamp, Station
from iwscore.domain.times import to_micros
from iwscore.errors import Refusal

__all__ = ["Frame", "Listener", "Publisher", "Publishers", "Question"]

_ROUND_SECONDS = 1.0  # between two looks at the minute, the tokens and who has heard nothing for long
_BEAT_SECONDS = 15.0
_IDLE = 64  # publishers kept though nobody listens
_BEAT = b":\n\n"
_NAME_BYTES = 18


@dataclass(frozen=True, slots=True)
class Question:
    """What is listened to, and from under which ceiling."""

    ceiling: str
    problem: str
    subject: str | None


@dataclass(frozen=True, slots=True)
class Frame:
    """An answer as an event; its name is a digest of its bytes, so that it is the same wherever it is made."""

    name: str
    event: bytes

    @classmethod
    def of(cls, content: bytes) -> Frame:
        """Return an answer, which is one line, as an event."""
        name = base64.urlsafe_b64encode(hashlib.sha256(content).digest()[:_NAME_BYTES]).decode()
        return cls(name, b"id: %b\nevent: assessment\ndata: %b\n\n" % (name.encode(), content))


class Publisher:
    """The present answer to one question."""

    def __init__(self, station: Station, reader: Reader, question: Question) -> None:
        self._station, self._reader, self.question = station, reader, question
        self._asked = AssessmentAsked(subject=question.subject)
        self._lock = Lock()
        self._key: tuple[Stamp, int] | None = None
        self.frame: Frame | None = None
        self.made = 0
        self.listeners: set[Listener] = set()

    @property
    def due(self) -> bool:
        """Whether the answer may be another one by now."""
        return self._key != (self._station.stamp(self.question.ceiling), self._station.now())

    def fresh(self) -> None:
        """Make the answer anew where it is due; whoever comes meanwhile waits for it.

        Raises
        ------
        Refusal
            Where the question cannot be asked.
        """
        with self._lock:
            if self.due:
                with present(self._station, self._reader) as moment:
                    content = json_bytes(assessed(moment, self.question.problem, self._asked))
                self._key, self.frame = (moment.stamp, to_micros(moment.at)), Frame.of(content)
                self.made += 1


class Listener:
    """Somebody who listens: what they have, and whether there is more."""

    def __init__(self, reader: Reader, has: str, now: float) -> None:
        self.reader, self.ended, self.wake = reader, False, asyncio.Event()
        self._has, self._heard_at, self._beat = has, now, False

    def end(self) -> None:
        """Let nothing more be heard."""
        self.ended = True
        self.wake.set()

    def tell(self, frame: Frame | None, now: float) -> None:
        """Wake the listener where there is something to hear: a new answer, or after long silence a beat."""
        self._beat = now - self._heard_at >= _BEAT_SECONDS
        if self._beat or (frame is not None and frame.name != self._has):
            self.wake.set()

    def take(self, frame: Frame | None, now: float) -> bytes:
        """Return what there is to hear, which then is heard; empty where there is nothing."""
        new = frame is not None and frame.name != self._has
        if not new and not self._beat:
            return b""
        self._heard_at, self._beat = now, False
        if frame is None or not new:
            return _BEAT
        self._has = frame.name
        return frame.event


class Publishers:
    """All publishers of a process, and the one task that keeps them up to date while somebody listens."""

    def __init__(self, station: Station) -> None:
        self._station, self._lock = station, Lock()
        self._all: dict[Question, Publisher] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._told, self._ended = asyncio.Event(), False
        self._task: asyncio.Task[None] | None = None
        station.listen(self._tell)

    def publisher(self, reader: Reader, problem: str, subject: str | None) -> Publisher:
        """Return the publisher of a question, with its present answer.

        Raises
        ------
        Refusal
            Where the question cannot be asked.
        """
        question = Question(reader.ceiling, problem, subject)
        with self._lock:
            idle = [key for key, one in self._all.items() if not one.listeners and key != question]
            for key in idle[: len(idle) - _IDLE + 1] if len(idle) >= _IDLE else ():
                del self._all[key]
            found = self._all.setdefault(question, Publisher(self._station, reader, question))
        found.fresh()
        return found

    def join(self, publisher: Publisher, reader: Reader, has: str) -> tuple[Publisher, Listener]:
        """Let somebody listen who has the answer of that name; call it from the event loop."""
        self._loop = asyncio.get_running_loop()
        listener = Listener(reader, has, self._loop.time())
        with self._lock:
            publisher = self._all.setdefault(publisher.question, publisher)
            publisher.listeners.add(listener)
        if self._ended:
            listener.end()
        elif self._task is None:
            self._told = asyncio.Event()
            self._task = self._loop.create_task(self._keep_up(), name="iwscore-publishing")
        return publisher, listener

    def leave(self, publisher: Publisher, listener: Listener) -> None:
        """Let somebody listen no more."""
        with self._lock:
            publisher.listeners.discard(listener)

    def end(self) -> None:
        """End every stream, for the process is about to stop; any thread may call it."""
        self._ended = True
        self._tell()

    def _tell(self) -> None:
        if self._loop is not None:
            with suppress(RuntimeError):  # the loop is closed; nobody listens
                self._loop.call_soon_threadsafe(self._told.set)

    async def _keep_up(self) -> None:
        heard = self._heard()
        try:
            while heard and not self._ended:
                self._told.clear()
                await self._round(heard)
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._told.wait(), _ROUND_SECONDS)
                heard = self._heard()
        finally:
            self._task = None
            for publisher in self._heard():
                _end(publisher)

    def _heard(self) -> list[Publisher]:
        with self._lock:
            return [one for one in self._all.values() if one.listeners]

    async def _round(self, publishers: list[Publisher]) -> None:
        """Make due answers anew, tell who listens, and end who may not listen any more."""
        loop, clock = asyncio.get_running_loop(), self._station.log.clock()
        let_in = set(self._station.readers.values())
        for publisher in publishers:
            for listener in tuple(publisher.listeners):
                if listener.reader not in let_in or _expired(listener.reader, clock):
                    listener.end()
            if publisher.due:
                try:
                    await loop.run_in_executor(None, publisher.fresh)
                except Refusal:  # another catalog does not ask it; whoever asks again is told so
                    _end(publisher)
            now = loop.time()
            for listener in tuple(publisher.listeners):
                listener.tell(publisher.frame, now)


def _end(publisher: Publisher) -> None:
    for listener in tuple(publisher.listeners):
        listener.end()


def _expired(reader: Reader, clock: int) -> bool:
    return reader.expires_at is not None and reader.expires_at <= clock
