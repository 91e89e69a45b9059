"""The columns that questions read: pieces of the cache, and what the log holds beyond them.

Here belong the choice of what may be believed, and putting pieces together. A piece counts only where the log has the
batch, by number and digest, that the piece was made of: its chain stands for everything up to there.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import sqlalchemy as sa

from iwscore.domain.columns import Columns
from iwscore.store.assembling import Whole
from iwscore.store.caches import Cache, Shelf, Writer, cache_of
from iwscore.store.databases import Database, damaged
from iwscore.store.entries import Head
from iwscore.store.overlaps import Behind
from iwscore.store.pieces import Page, Piece, Spoilt
from iwscore.store.piecing import read_pieces
from iwscore.store.schema import batches

__all__ = ["LEAST", "cache_in", "collect", "trusted"]

LEAST = 1 << 12  # entries that are worth a piece; fewer are read from the log each time


def cache_in(database: Database, connection: sa.Connection, folder: Path | None) -> Cache | None:
    """Return the cache of a log: in that folder by place and first batch, else beside its file, else none."""
    first = connection.execute(sa.select(batches.c.digest).where(batches.c.number == 1)).scalar()
    return cache_of(database.file, folder, f"{database.place} {bytes(first or b'').hex()}")


def collect(
    database: Database,
    connection: sa.Connection,
    head: Head,
    cache: Cache | None,
    *,
    progress: Callable[[int, int], None] | None = None,
    refused: Callable[[str], None] | None = None,
) -> Columns:
    """Return the columns of the log up to that head, and let the cache have what it lacks of them.

    ``progress`` is told how many entries of those that the cache lacks are done; ``refused`` why it cannot be written
    to.

    Raises
    ------
    Unreachable
        If the log is damaged.
    """
    whole, after = Whole(head.entries), 0
    with ExitStack() as stack:
        writer = None
        if cache is not None:
            shelf = stack.enter_context(cache.reading())
            found = _load(connection, shelf, head)
            if found is not None:
                whole, after = found
            more = found is None or after == (shelf.pages[-1].last if shelf.pages else 0)
            if head.entries - after >= LEAST and more:
                writer = stack.enter_context(cache.appending(shelf, anew=found is None))
        names = whole.names
        behind = stack.enter_context(Behind())
        for piece in read_pieces(database, connection, after=after, last=head.entries, names=names, progress=progress):
            behind.put(partial(_keep, piece, whole, writer))
    if cache is not None and writer is not None and writer.refused and refused:
        refused(f"{cache.path}: {writer.refused}")
    try:
        return whole.columns(head.digest)
    except ValueError as error:
        raise damaged(database, str(error)) from error


def _keep(piece: Piece, whole: Whole, writer: Writer | None) -> None:
    whole.add(piece)
    if writer is not None:
        writer.add(piece)


def _load(connection: sa.Connection, shelf: Shelf, head: Head) -> tuple[Whole, int] | None:
    """Return what the file has up to that head, and up to which entry; None where the file is wrong."""
    pages = trusted(connection, shelf)
    if pages is None:
        return None
    wanted = [page for page in pages if page.first <= head.entries]
    whole = Whole(head.entries)
    try:
        whole.load(shelf, wanted)
    except Spoilt:
        return None
    return whole, wanted[-1].last if wanted else 0


def trusted(connection: sa.Connection, shelf: Shelf) -> list[Page] | None:
    """Return the pages that this state of the log stands for, from the first on; None where the file is wrong.

    Pages of batches that this state does not have yet are left out.
    """
    if not shelf.sound:
        return None
    newest = connection.execute(sa.select(sa.func.max(batches.c.number))).scalar() or 0
    pages = [page for page in shelf.pages if page.batch <= newest]
    if pages:
        query = sa.select(batches.c.digest).where(batches.c.number == pages[-1].batch)
        if bytes(connection.execute(query).scalar() or b"").hex() != pages[-1].digest:
            return None
    return pages
