"""The cache of columns as people see it: how much is kept, whether it says what the log says, and being rid of it.

Here belongs looking at a cache. Using one belongs to ``store.collecting``.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import sqlalchemy as sa

from iwscore.errors import Fault, Unreachable
from iwscore.store.appending import head_of
from iwscore.store.caches import Cache
from iwscore.store.collecting import cache_in, trusted
from iwscore.store.databases import Database, database_at, guarded, require_log
from iwscore.store.log_wordings import log_fault
from iwscore.store.pieces import NAMED, Piece, Spoilt
from iwscore.store.piecing import read_pieces

__all__ = ["Kept", "cache_faults", "drop_cache", "kept"]

_PLACES = ("skipped", "linked", "target")


@dataclass(frozen=True, slots=True)
class Kept:
    """What is in the cache of a log: so many of its entries; ``path`` is None where the log has no place for one.

    Nothing is trusted of a cache that is of another log, of another version, or damaged: it will be made anew.
    """

    path: Path | None
    trusted: bool
    entries: int
    of: int
    pieces: int
    size: int


def kept(url: str, caches: Path | None) -> Kept:
    """Return what the cache of the log at that URL has."""
    with _opened(url, caches) as (_, connection, cache):
        of = head_of(connection).entries
        if cache is None:
            return Kept(None, False, 0, of, 0, 0)
        with cache.reading() as shelf:
            pages = trusted(connection, shelf)
        there = pages or []
        return Kept(cache.path, pages is not None, there[-1].last if there else 0, of, len(there), shelf.size)


def drop_cache(url: str, caches: Path | None) -> bool:
    """Remove the cache of the log at that URL; return whether there was one."""
    with _opened(url, caches) as (_, _, cache):
        try:
            return cache is not None and cache.drop()
        except OSError as error:
            raise Unreachable(
                "IW402", "cannot write", error.filename, "must be a file in a folder one may write to",
                f"{error.strerror}.",
            ) from error  # fmt: skip


def cache_faults(url: str, caches: Path | None) -> list[Fault]:
    """Return where the cache says something else than the log at that URL, piece by piece.

    What a question would not trust is no fault: it is made anew. Memory is bounded.

    Raises
    ------
    Unreachable
        If the log cannot be read.
    """
    with _opened(url, caches) as (database, connection, cache):
        if cache is None:
            return []
        with cache.reading() as shelf:
            names: dict[str, list[str]] = {name: [] for name in NAMED}
            faults = []
            for page in trusted(connection, shelf) or ():
                try:
                    piece = shelf.piece(page)
                except Spoilt:
                    break
                made = read_pieces(database, connection, after=page.first - 1, last=page.last, names=names)
                if not _fits(piece, made, names):
                    faults.append(log_fault(str(cache.path), "columns", page.first, "IW458", None, {"last": page.last}))
                for name in NAMED:
                    names[name] += page.names[name]
            return faults


def _fits(piece: Piece, made: Iterator[Piece], names: dict[str, list[str]]) -> bool:
    try:
        return _same(piece, made, names)
    except (IndexError, ValueError):  # what could never have been written
        return False


def _same(piece: Piece, made: Iterator[Piece], names: dict[str, list[str]]) -> bool:
    """Return whether a piece says what the pieces made of the same entries say."""
    begin, more = 0, {name: list(texts) for name, texts in names.items()}
    held = {name: np.array([*names[name], *piece.names[name], ""], dtype=object) for name in NAMED}
    places: dict[str, list[int]] = {name: [] for name in _PLACES}
    for part in made:
        end = begin + len(part)
        for name, column in part.columns.items():
            if name in _PLACES:
                places[name] += column.tolist()
                continue
            told = np.broadcast_to(piece.columns[name], len(piece))[begin:end]
            column = np.broadcast_to(column, len(part))
            if name in NAMED:
                more[name] += part.names[name]
                told, column = held[name][told], np.array([*more[name], ""], dtype=object)[column]
            if not np.array_equal(told, column, equal_nan=name == "value"):
                return False
        begin = end
    return begin == len(piece) and all(piece.columns[name].tolist() == told for name, told in places.items())


@contextmanager
def _opened(url: str, caches: Path | None) -> Iterator[tuple[Database, sa.Connection, Cache | None]]:
    database = database_at(url)
    try:
        require_log(database)
        with guarded(database), database.reading() as connection:
            yield database, connection, cache_in(database, connection, caches)
    finally:
        database.dispose()
