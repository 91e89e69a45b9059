"""Large inputs as columns, for questions that name no single report.

Here belongs the way from Parquet files to columns, within a budget of memory. Its steps belong to
``store.parquet_batches``, ``store.plain_rows``, ``store.links`` and ``store.piles``; where single reports are asked
for, the bundle of ``store.reading`` is needed.

Every row is judged as there: the same faults in the same words. A report that is there twice may stay so, except
where it has no place in the catalog: those are counted.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from typing import Any

import numpy as np
import pyarrow as pa
from pyarrow import types

from iwscore.domain.catalogs import Catalog
from iwscore.errors import Fault, RowFaults
from iwscore.store.identities import digests_of
from iwscore.store.judging import judged
from iwscore.store.links import Links, find_links
from iwscore.store.lots import Lot, cut, is_same, join, once, rows_in
from iwscore.store.numbering import numberings
from iwscore.store.overlaps import ahead
from iwscore.store.parquet_batches import Batch, DamagedFile, ParquetInput
from iwscore.store.parquet_columns import settle_columns, settle_measures
from iwscore.store.piles import Pile
from iwscore.store.plain_rows import PlainRows
from iwscore.store.row_lots import Places, lot_of_rows
from iwscore.store.shelves import Shelf
from iwscore.store.wordings import row_fault

__all__ = ["MOST_FAULTS", "read_shelf"]

MOST_FAULTS = 100_000  # kept at once; a file with more is not read further
_RETRACTION = 2
_ROOM = 1 << 24


def read_shelf(source: ParquetInput, catalog: Catalog, pile: Pile, room: int = _ROOM) -> Shelf:
    """Return the input's reports, put on the pile; ``room`` external_ids are compared at once.

    Raises
    ------
    RowFaults
        If anything in the input is at fault; it holds every fault found.
    Unreachable
        If a file cannot be opened, or the disk refuses what does not fit into memory.
    """
    try:
        reading = _Reading(catalog, find_links(source, catalog, room), pile)
        with closing(ahead(source.batches())) as batches:
            for batch in batches:
                if not reading.take(batch):
                    break
    except DamagedFile as damaged:
        raise RowFaults([damaged.fault]) from None
    return reading.finish(str(source.root))


class _Reading:
    """What has been read so far."""

    def __init__(self, catalog: Catalog, links: Links, pile: Pile) -> None:
        self._catalog, self._links, self._pile = catalog, links, pile
        self._numberings = numberings(catalog)
        self._plain = PlainRows(catalog, self._numberings)
        self._places = Places(catalog, self._numberings)
        self._faults: list[Fault] = list(links.faults)
        self._file: str | None = None
        self._header: Mapping[str, int] | None = None
        self._strays: list[tuple[Lot, bytes]] = []
        self._first: int | None = None
        self._last: int | None = None

    def take(self, batch: Batch) -> bool:
        """Take in a batch; return whether there is any use in going on."""
        if batch.file != self._file:
            self._open(batch)
        rows = batch.cells.num_rows
        lot = None if self._header is None else self._plain.lot(_columns(self._header, batch.cells), rows)
        lot = lot or self._judged(batch)
        if lot is not None and rows and not self._faults:
            self._put(lot, batch)
        return len(self._faults) <= MOST_FAULTS

    def finish(self, root: str) -> Shelf:
        """Return all that was taken in."""
        if self._faults:
            over = [row_fault(root, 0, "IW361", most=MOST_FAULTS)] if len(self._faults) > MOST_FAULTS else []
            raise RowFaults([*self._faults[:MOST_FAULTS], *over])
        if self._strays:
            lot = join([lot for lot, _ in self._strays])
            digests = np.frombuffer(b"".join(digests for _, digests in self._strays).hex().encode(), dtype="S32")
            self._pile.add(cut(lot, np.sort(np.unique(digests, return_index=True)[1])))
        self._pile.close()
        return Shelf({name: one.names for name, one in self._numberings.items()}, self._pile, self._first, self._last)

    def _open(self, batch: Batch) -> None:
        """Judge the header of a file."""
        self._file = batch.file
        table = settle_columns(batch.file, pa.Table.from_batches([batch.cells.slice(0, 0)]), 0)
        self._faults += table.faults
        places = {name: batch.cells.schema.names.index(name) for name in table.columns}
        self._header = None if table.faults else places

    def _judged(self, batch: Batch) -> Lot | None:
        """Return the batch as a lot, or None after noting what is wrong with its rows."""
        rows, verdicts = judged(batch, self._catalog)
        wrong = [fault for fault in verdicts.faults if fault.line]
        self._faults += wrong
        return None if wrong else lot_of_rows(rows, self._numberings)

    def _put(self, lot: Lot, batch: Batch) -> None:
        earliest, latest = int(lot["observed_at"].min()), int(lot["known_from"].max())
        self._first = earliest if self._first is None else min(self._first, earliest)
        self._last = latest if self._last is None else max(self._last, latest)
        linked = self._links.candidates(lot["observed_at"])
        if len(linked):
            until = np.array(lot["stands_until"])
            until[linked] = self._links.stands_until(judged(batch, self._catalog, linked)[0])
            lot = {**lot, "stands_until": until}
        stating = np.arange(rows_in(lot))
        if not is_same(lot["kind"]):
            stating = np.flatnonzero(lot["kind"] != _RETRACTION)
            lot = cut(lot, stating)
        strays = self._places.strays(lot)
        if strays.any():
            self._strays.append((cut(lot, strays), digests_of(judged(batch, self._catalog, stating[strays])[0])))
            lot = cut(lot, ~strays)
        self._pile.add(once(lot))


def _columns(header: Mapping[str, int], cells: Any) -> dict[str, Any]:
    """Return the columns of a batch: text as places among distinct texts, measured values as floats."""
    columns = {}
    for name, place in header.items():
        column = cells.column(place)
        if types.is_null(column.type):
            continue
        if name == "value":
            column = settle_measures("", column, [])
        elif not (types.is_dictionary(column.type) or types.is_temporal(column.type)):
            column = column.dictionary_encode()
        columns[name] = column
    return columns
