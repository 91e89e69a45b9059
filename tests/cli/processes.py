"""The service as a process of its own: started as people start it, asked over the network, and what it says."""

from __future__ import annotations

import os
import re
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Condition, Event, Thread

import httpx

from tests.cli.conftest import PROGRAM

PATIENCE = 60.0


@dataclass
class Process:
    """A service that runs, and the lines it has written to stderr."""

    running: subprocess.Popen[str]
    lines: list[str] = field(default_factory=list)
    changed: Condition = field(default_factory=Condition)

    def read(self) -> None:
        """Read what it says to the end."""
        assert self.running.stderr is not None
        for line in self.running.stderr:
            with self.changed:
                self.lines.append(line)
                self.changed.notify_all()

    def says(self, pattern: str, times: int = 1) -> re.Match[str]:
        """Wait until it has said that so often; return the last."""
        with self.changed:
            assert self.changed.wait_for(lambda: len(self._found(pattern)) >= times, PATIENCE), "".join(self.lines)
            return self._found(pattern)[-1]

    def _found(self, pattern: str) -> list[re.Match[str]]:
        return [found for line in self.lines if (found := re.search(pattern, line))]

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Tell it to stop; return how it ended."""
        self.running.send_signal(number)
        return self.running.wait(PATIENCE)


@contextmanager
def started(folder: Path, *arguments: str | Path, **environment: str) -> Iterator[Process]:
    """Start the service in a folder on a port that is free."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("IWSCORE_")}
    with subprocess.Popen(
        [PROGRAM, "serve", "--port", "0", *arguments], cwd=folder, env=plain | environment, stderr=subprocess.PIPE,
        encoding="utf-8",
    ) as running:  # fmt: skip
        process = Process(running)
        reading = Thread(target=process.read)
        reading.start()
        try:
            yield process
        finally:
            if running.poll() is None:
                running.terminate()
                with suppress(subprocess.TimeoutExpired):
                    running.wait(PATIENCE)
                running.kill()
            reading.join()


@contextmanager
def asked(ask: Callable[[], httpx.Response]) -> Iterator[list[httpx.Response]]:
    """Ask again and again from another thread; return every answer there is."""
    answers: list[httpx.Response] = []
    done = Event()

    def go_on() -> None:
        while not done.is_set():
            answers.append(ask())

    thread = Thread(target=go_on)
    thread.start()
    try:
        yield answers
    finally:
        done.set()
        thread.join()


def until(ask: Callable[[], httpx.Response], met: Callable[[httpx.Response], bool]) -> httpx.Response:
    """Ask until an answer meets that; one minute at most."""
    for _ in range(100_000):
        answer = ask()
        if met(answer):
            return answer
    raise AssertionError(answer.text)
