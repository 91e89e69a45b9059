"""The cache of columns: a file of pieces beside a log, or in a folder for caches.

Here belong the file, its lock and its places. What is in it can be made anew from the log at any time, so nothing is
brought to the disk with care: whatever is not whole is found by its checksums. A file is written to at its end only,
under a lock; one that is wrong is replaced by another, and whoever still reads it is not disturbed.
"""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock
from typing import BinaryIO

from iwscore.store.parts import hold
from iwscore.store.pieces import Page, Piece, Spoilt, encode, read_page, read_piece

__all__ = ["Cache", "Shelf", "Writer", "cache_of"]

_OWN, _READ_AND_WRITE = 0o600, 0o666


def cache_of(file: Path | None, folder: Path | None, name: str) -> Cache | None:
    """Return the cache of a log: in that folder by the log's name, else beside its file; None where there is neither.

    It may be read and written by whoever may read and write the log's file.
    """
    if folder is not None:
        return Cache(folder / f"{hashlib.sha256(name.encode()).hexdigest()[:32]}.columns", _OWN)
    if file is None:
        return None
    with suppress(OSError):
        return Cache(file.with_name(f"{file.name}-columns"), file.stat().st_mode & _READ_AND_WRITE)
    return None


class Cache:
    """The file at a path, which need not be there; it is made with these permissions."""

    def __init__(self, path: Path, mode: int = _OWN) -> None:
        self.path, self._mode = path, mode

    @contextmanager
    def reading(self) -> Iterator[Shelf]:
        """Open what is in the file; nothing is, where it is not there or may not be read."""
        try:
            file: BinaryIO = self.path.open("rb")
        except OSError:
            file = io.BytesIO()
        with file:
            yield Shelf(file)

    @contextmanager
    def appending(self, shelf: Shelf, *, anew: bool) -> Iterator[Writer]:
        """Open the end of the file, or of another in its place; only while it is still what ``shelf`` has found."""
        handle, refused = None, ""
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle = self._take()
        except OSError as error:
            refused = _said(error)
        if handle is None:
            yield Writer(None, shelf, refused)
            return
        with os.fdopen(handle, "rb+", buffering=0) as file:
            now = Shelf(file)
            if (now.mark, now.end, now.sound) != (shelf.mark, shelf.end, shelf.sound):
                yield Writer(None, shelf)
            elif anew:
                with self._another() as other:
                    yield Writer(other, Shelf(other))
            else:
                yield Writer(file, now)

    def drop(self) -> bool:
        """Remove the file; return whether it was there."""
        there = os.path.lexists(self.path)  # a link to nowhere is there too
        if there:
            self.path.unlink(missing_ok=True)
        return there

    def _take(self) -> int | None:
        """Return the file, locked; None where another process has the lock."""
        while True:
            handle = os.open(self.path, os.O_RDWR | os.O_CREAT, self._mode)
            if not hold(handle):
                os.close(handle)
                return None
            # Whoever held it before may have put another in its place.
            with suppress(FileNotFoundError):
                if os.path.samestat(os.fstat(handle), self.path.stat()):
                    return handle
            os.close(handle)

    @contextmanager
    def _another(self) -> Iterator[io.FileIO]:
        """Put an empty file in the place of this one, locked from the beginning."""
        aside = self.path.with_name(f".{self.path.name}.new")
        handle = os.open(aside, os.O_RDWR | os.O_CREAT | os.O_TRUNC, self._mode)
        with os.fdopen(handle, "rb+", buffering=0) as file:
            hold(handle)
            aside.replace(self.path)
            yield file


class Shelf:
    """The whole pieces of an open file, in order; ``sound`` is false where something else follows them."""

    def __init__(self, file: BinaryIO | io.FileIO) -> None:
        self._file, self._lock = file, Lock()
        self.pages: list[Page] = []
        self.sound, self.mark, self.end, last = True, 0, 0, 0
        self.size = file.seek(0, os.SEEK_END)
        with suppress(Spoilt):
            self.sound = False
            while (page := read_page(file, self.end, self.size, self.mark)) is not None and page.first == last + 1:
                self.pages.append(page)
                self.mark, self.end, last = page.own, page.end, page.last
            self.sound = page is None

    def piece(self, page: Page) -> Piece:
        """Return a piece; many threads may ask.

        Raises
        ------
        Spoilt
            If it is not what was written.
        """
        with self._lock:
            self._file.seek(page.begin)
            raw = self._file.read(page.end - page.begin)
        if len(raw) < page.end - page.begin:
            raise Spoilt
        return read_piece(raw, page)


class Writer:
    """The end of a file, None where it is not to be written to; ``refused`` says what the disk had against it."""

    def __init__(self, file: io.FileIO | None, shelf: Shelf, refused: str = "") -> None:
        self._file, self._mark, self._end = file, shelf.mark, shelf.end
        self.refused = refused

    def add(self, piece: Piece) -> None:
        """Put a piece behind the others; after the first that the disk refuses nothing is written any more."""
        if self._file is None:
            return
        try:
            self._write(self._file, piece)
        except OSError as error:
            with suppress(OSError):
                self._file.truncate(self._end)
            self.refused, self._file = _said(error), None

    def _write(self, file: io.FileIO, piece: Piece) -> None:
        parts, mark = encode(piece, self._mark)
        file.truncate(self._end)  # what a killed writer has left
        end = file.seek(self._end)
        for part in parts:
            end += _write_all(file, part)
        self._mark, self._end = mark, end


def _write_all(file: io.FileIO, part: bytes) -> int:
    view = memoryview(part)
    while view:
        view = view[file.write(view) :]
    return len(part)


def _said(error: OSError) -> str:
    return error.strerror or str(error)
