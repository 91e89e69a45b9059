"""Pieces: what questions read of consecutive entries, as small columns with checksums.

Here belong their form in memory and as bytes. How entries become pieces belongs to ``store.piecing``, the file that
holds them to ``store.caches``.

A piece is a preamble, a page of JSON that says what it is, and its columns one behind the other. Each piece names the
checksum of the page before it, so that pieces of two files never mix.
"""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

__all__ = ["NAMED", "Page", "Piece", "Spoilt", "encode", "read_page", "read_piece"]

NAMED = ("subject", "indicator", "level", "source", "origin", "grade")
_FORM = 1  # of pieces; one of another form is made anew
_PREAMBLE = struct.Struct("<8sII")
_MAGIC = b"iwscore\0"
_MOST_BYTES = 1 << 30  # of a page: more is none of ours


class Spoilt(Exception):
    """What is in the file is not what was written there."""


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """The reports among the entries from ``first`` to ``last``: R rows in the order of the log.

    Attributes
    ----------
    batch, digest
        Number and digest of the batch of the last entry: the chain up to there is what the piece was made of.
    names
        For each column of names those that no piece before has.
    columns
        ``NAMED`` as numbers of names, counted over all pieces; ``value``, ``observed_at``, ``known_from``, ``kind``;
        each of shape (R,), or (1,) where all rows are alike. ``skipped``: places of the entries that are no reports,
        ascending. ``linked`` and ``target``: the place of each correction and retraction and of what it is about.
    """

    first: int
    last: int
    batch: int
    digest: str
    names: Mapping[str, tuple[str, ...]]
    columns: Mapping[str, NDArray[Any]]

    def __len__(self) -> int:
        """Return R."""
        return self.last - self.first + 1 - len(self.columns["skipped"])

    def upto(self, last: int) -> int:
        """Return how many of the rows are of entries up to that place."""
        return min(last, self.last) - self.first + 1 - int(np.searchsorted(self.columns["skipped"], last, "right"))


@dataclass(frozen=True, slots=True)
class Page:
    """What a piece in a file says of itself, and where it lies; ``own`` is the checksum of the page."""

    first: int
    last: int
    batch: int
    digest: str
    names: Mapping[str, tuple[str, ...]]
    columns: Mapping[str, tuple[str, int, int]]  # type, length, checksum
    begin: int
    end: int
    own: int

    def __len__(self) -> int:
        """Return how many rows the piece has."""
        return self.last - self.first + 1 - self.columns["skipped"][1]


def encode(piece: Piece, after: int) -> tuple[list[bytes], int]:
    """Return a piece as bytes to be written one behind the other, and the checksum of its page."""
    columns = {name: (array.dtype.str, len(array), array.tobytes()) for name, array in piece.columns.items()}
    said = {
        "form": _FORM,
        "after": after,
        "first": piece.first,
        "last": piece.last,
        "batch": piece.batch,
        "digest": piece.digest,
        "names": piece.names,
        "columns": {name: (kind, count, zlib.crc32(raw)) for name, (kind, count, raw) in columns.items()},
    }
    page = json.dumps(said, separators=(",", ":")).encode()
    own = zlib.crc32(page)
    return [_PREAMBLE.pack(_MAGIC, len(page), own), page, *(raw for _, _, raw in columns.values())], own


def read_page(file: BinaryIO, begin: int, size: int, after: int) -> Page | None:
    """Return the page that begins there in a file of that size, None where no whole piece follows.

    Raises
    ------
    Spoilt
        If there is a piece, but one of another form.
    """
    file.seek(begin)
    preamble = file.read(_PREAMBLE.size)
    if len(preamble) < _PREAMBLE.size:
        return None
    magic, length, own = _PREAMBLE.unpack(preamble)
    if magic != _MAGIC or begin + _PREAMBLE.size + length > size:
        return None
    raw = file.read(length)
    if zlib.crc32(raw) != own:
        return None
    try:
        said = json.loads(raw)
        if (said["form"], said["after"]) != (_FORM, after):
            raise Spoilt
        page = _page(said, begin + _PREAMBLE.size + length, own)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise Spoilt from error
    return page if page.end <= size else None


def _page(said: Mapping[str, Any], begin: int, own: int) -> Page:
    columns = {
        name: (str(kind), int(count), int(checksum)) for name, (kind, count, checksum) in said["columns"].items()
    }
    end = begin + sum(np.dtype(kind).itemsize * count for kind, count, _ in columns.values())
    names = {name: tuple(texts) for name, texts in said["names"].items()}
    return Page(said["first"], said["last"], said["batch"], said["digest"], names, columns, begin, end, own)


def read_piece(raw: bytes, page: Page) -> Piece:
    """Return the piece whose columns these are, each held against its checksum.

    Raises
    ------
    Spoilt
        If one of them is not what was written.
    """
    columns, view = {}, memoryview(raw)
    for name, (kind, count, checksum) in page.columns.items():
        size = np.dtype(kind).itemsize * count
        if zlib.crc32(view[:size]) != checksum:
            raise Spoilt
        columns[name] = np.frombuffer(view[:size], dtype=kind)
        view = view[size:]
    return Piece(page.first, page.last, page.batch, page.digest, page.names, columns)
