"""Parts: what a long job has done so far, beside the file it is making, so that a killed job can go on.

Here belong whole writes, the lock and the folder of parts. What is in a part belongs to ``store.outputs``; whether a
folder is this job's belongs to ``services.rescoring``.

A part is there whole or not at all: it is written aside, brought to the disk and renamed. Its name carries a digest
of its bytes and of its job, so that one that is damaged or of another job is made again.
"""

from __future__ import annotations

import hashlib
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from iwscore.errors import Unreachable

__all__ = ["Parts", "digest_of_file", "hold", "locked", "refusing_disk", "replace_whole", "write_whole"]

_JOB, _LOCK, _WHOLE = "job.json", "lock", "whole"
_PART = re.compile(r"(\d{6,})\.([0-9a-f]{32})\.part")
_AT_ONCE = 1 << 20


@contextmanager
def refusing_disk(path: Path) -> Iterator[None]:
    """Turn what the disk refuses while ``path`` is written into a refusal, IW402."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise Unreachable(
            "IW402", "cannot write", str(path), "must be a file in a folder one may write to", f"{reason}."
        ) from error


def digest_of_file(path: Path) -> str:
    """Return the SHA-256 of a file; OSError where it cannot be read."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that after any crash it is there whole, or as it was before."""
    aside = path.with_name(f".{path.name}.new")
    aside.write_bytes(content)
    replace_whole(aside, path)


def replace_whole(aside: Path, path: Path) -> None:
    """Bring a written file to the disk and put it in the place of ``path`` in one step."""
    with aside.open("rb+") as file:
        os.fsync(file.fileno())
    aside.replace(path)
    _sync(path.parent)


def _sync(folder: Path) -> None:
    """Bring the names in a folder to the disk, where the system has a way to."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@dataclass(frozen=True, slots=True)
class Parts:
    """The folder of parts beside an output."""

    folder: Path

    @classmethod
    def beside(cls, out: Path) -> Parts:
        """Return the folder of parts of this output, there or not."""
        return cls(out.with_name(f"{out.name}.parts"))

    @property
    def whole(self) -> Path:
        """Where the output is put together before it takes its place."""
        return self.folder / _WHOLE

    def job(self) -> bytes | None:
        """Return which job the parts are of; None where none was begun."""
        try:
            return (self.folder / _JOB).read_bytes()
        except FileNotFoundError:
            return None

    def begin(self, job: bytes) -> None:
        """Start a job here, and throw away what is left of another."""
        self._empty()
        write_whole(self.folder / _JOB, job)

    def done(self, job: bytes) -> dict[int, Path]:
        """Return this job's parts that are there and sound, by number; what else there is of parts is removed."""
        found: dict[int, Path] = {}
        for path in sorted(self.folder.iterdir()):
            if match := _PART.fullmatch(path.name):
                if _digest(path.read_bytes(), job) == match[2]:
                    found[int(match[1])] = path
                else:
                    path.unlink()
        return found

    def put(self, number: int, content: bytes, job: bytes) -> Path:
        """Keep a part of this job and return where."""
        path = self.folder / f"{number:06d}.{_digest(content, job)}.part"
        write_whole(path, content)
        return path

    def clear(self) -> None:
        """Remove the folder, the name of the job first, so that what a crash leaves is never taken for a job."""
        self._empty()
        (self.folder / _LOCK).unlink(missing_ok=True)
        self.folder.rmdir()

    def _empty(self) -> None:
        (self.folder / _JOB).unlink(missing_ok=True)
        for path in self.folder.iterdir():
            if path.name != _LOCK:
                path.unlink()


def _digest(content: bytes, job: bytes) -> str:
    """Return a digest of a part that no other job's part has."""
    return hashlib.blake2b(content, digest_size=16, key=hashlib.sha256(job).digest()).hexdigest()


@contextmanager
def locked(parts: Parts) -> Iterator[None]:
    """Hold the folder of parts, made where it is not there, and leave it behind only with a job in it.

    Raises
    ------
    Unreachable
        IW452 where another process holds it. A process that is killed lets go.
    """
    handle = _take(parts)
    try:
        yield
    finally:
        if parts.folder.exists() and parts.job() is None:
            parts.clear()
        os.close(handle)


def _take(parts: Parts) -> int:
    lock = parts.folder / _LOCK
    while True:
        parts.folder.mkdir(exist_ok=True)
        # Whoever held it before may be removing the folder with this very lock in it: then it is made anew.
        try:
            handle = os.open(lock, os.O_RDWR | os.O_CREAT, 0o644)
        except FileNotFoundError:
            continue
        if not hold(handle):
            os.close(handle)
            raise Unreachable(
                "IW452", "output is being written", str(parts.folder), "one process at a time may write it",
                "Wait for the other to end.",
            )  # fmt: skip
        with suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(handle), lock.stat()):
                return handle
        os.close(handle)


def hold(handle: int) -> bool:
    """Take the lock of an open file, and return whether it could be had.

    A system without such locks lets everybody in.
    """
    if sys.platform == "win32":
        return True
    import fcntl

    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
