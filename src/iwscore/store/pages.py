"""The reports of a log in the columns of an export, as Arrow tables of some ten thousand rows.

Here belongs the way from entries to those columns. Their form in a file belongs to ``store.exports``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import sqlalchemy as sa
from numpy.typing import NDArray
from pyarrow import types

from iwscore.domain.observations import COLUMNS, KINDS
from iwscore.store.appending import head_of
from iwscore.store.databases import database_at, guarded, require_log
from iwscore.store.digests import Block, hexadecimal
from iwscore.store.entries import OUTCOME, RETRACTION, Head
from iwscore.store.schema import batches
from iwscore.store.segments import read_columns

__all__ = ["EXPORTED", "PAGE", "export_pages", "page_schema"]

EXPORTED = (*COLUMNS, "id", "recorded_at", "known_from", "author")
_TIMES = ("observed_at", "reported_at", "recorded_at", "known_from")
_HEXADECIMAL = ("id", "target")
_MOMENT = pa.timestamp("us", tz="UTC")
_NAMES = pa.dictionary(pa.int32(), pa.string())
_LEAST = 1 << 15  # rows of a page but the last


def page_schema(*, names: Any = _NAMES) -> Any:
    """Return the columns of a page with their types; ``names`` is that of text other than ids."""
    special = dict.fromkeys(_TIMES, _MOMENT) | {"value": pa.float64()} | dict.fromkeys(_HEXADECIMAL, pa.string())
    return pa.schema([(name, special.get(name, names)) for name in EXPORTED])


PAGE = page_schema()


def export_pages(url: str) -> Iterator[tuple[Head, int, Any]]:
    """Yield the head of the log, how many of its entries are seen to, and a page of reports.

    Retractions of outcomes are left out, as outcomes are. A log that is not there is refused as when it is opened.
    """
    database = database_at(url)
    try:
        require_log(database)
        with guarded(database), database.reading() as connection:
            head, made = head_of(connection), _Pages(connection)
            held, seen = [], 0
            for block in read_columns(database, connection):
                seen += len(block["seq"])
                held.append(made.page(block))
                if sum(map(len, held)) >= _LEAST:
                    yield head, seen, _joined(held)
                    held = []
            yield head, seen, _joined(held)
    finally:
        database.dispose()


def _joined(pages: list[Any]) -> Any:
    if len(pages) == 1:
        return pages[0]
    return pa.concat_tables(pages).unify_dictionaries().combine_chunks() if pages else PAGE.empty_table()


class _Pages:
    """Makes pages of blocks that come in order; what holds for a whole batch is read once."""

    def __init__(self, connection: sa.Connection) -> None:
        columns = batches.c
        query = sa.select(columns.number, columns.recorded_at, columns.historical, columns.author, columns.reason)
        rows = [tuple(row) for row in connection.execute(query.order_by(columns.number))]
        number, recorded_at, historical, author, reason = zip(*rows, strict=True) if rows else [()] * 5
        self._number = np.array(number, dtype=np.int64)
        self._recorded_at = np.array(recorded_at, dtype=np.int64)
        self._historical = np.array(historical, dtype=bool)
        self._author, self._reason = _coded(author), _coded(reason)
        self._outcomes: list[bytes] = []

    def page(self, block: Block) -> Any:
        """Return the reports of a block."""
        block = self._reports(block)
        place = np.searchsorted(self._number, block["batch"].to_numpy(zero_copy_only=False))
        recorded_at, historical = self._recorded_at[place], self._historical[place]
        reported = block["reported_at"].fill_null(0).to_numpy(zero_copy_only=False)
        columns = {
            **{name: block[name] for name in ("observed_at", "reported_at", "value")},
            **{name: _text(block[name]) for name in COLUMNS if name in block and PAGE.field(name).type == _NAMES},
            **{name: hexadecimal(block[name]).cast(pa.string()) for name in _HEXADECIMAL},
            "kind": _coded(KINDS).take(block["kind"]),
            "reason": _first(_text(block["reason"]), self._reason.take(pa.array(place))),
            "recorded_at": pa.array(recorded_at),
            "known_from": pa.array(np.where(historical, reported, recorded_at)),
            "author": self._author.take(pa.array(place)),
        }
        return pa.table([columns[name].cast(PAGE.field(name).type) for name in EXPORTED], schema=PAGE)

    def _reports(self, block: Block) -> Block:
        """Return the rows of a block that are reports, or retractions of such."""
        kind: NDArray[np.int64] = block["kind"].to_numpy(zero_copy_only=False)
        settled = np.flatnonzero(kind == OUTCOME)
        self._outcomes += block["id"].take(pa.array(settled)).to_pylist()
        wanted = kind <= RETRACTION
        if self._outcomes:
            of_outcomes = pc.is_in(block["target"].cast(pa.binary()), pa.array(self._outcomes, pa.binary()))
            wanted &= ~of_outcomes.to_numpy(zero_copy_only=False)
        return block if wanted.all() else {name: column.filter(pa.array(wanted)) for name, column in block.items()}


def _coded(texts: Any) -> Any:
    """Return texts as a dictionary of them."""
    return pa.array(texts, pa.string()).dictionary_encode()


def _text(column: Any) -> Any:
    """Return a column of text with each distinct text kept once."""
    return (column if types.is_dictionary(column.type) else column.dictionary_encode()).cast(_NAMES)


def _first(own: Any, others: Any) -> Any:
    """Return each row's own text, else the other."""
    if own.null_count == len(own):
        return others
    return pc.coalesce(own.cast(pa.string()), others.cast(pa.string())).dictionary_encode()
