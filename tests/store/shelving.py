"""Large inputs read as columns, in small batches, beside the same input as a bundle of single reports."""

from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

from iwscore.domain.catalogs import Catalog
from iwscore.domain.columns import Columns
from iwscore.domain.observations import Observations
from iwscore.errors import RowFaults
from iwscore.services.frames import columns_of
from iwscore.store.column_reading import read_shelf
from iwscore.store.numbering import STRANGE
from iwscore.store.parquet_batches import ParquetInput
from iwscore.store.piles import Pile

NAMES = ("subject", "indicator", "level", "source", "origin")
REST = ("value", "observed_at", "known_from", "stands_until", "reliability", "credibility", "kind")
Said = Counter[tuple[Any, ...]]


def said(columns: Columns, catalog: Catalog) -> tuple[Said, set[tuple[Any, ...]]]:
    """Return the reports without a place in the catalog, each with how often it is there, and those with one."""
    known = {
        "indicator": {*catalog.indicators},
        "level": {"unknown", *(level for one in catalog.indicators.values() for level in one.levels)},
        "source": {*catalog.sources},
        "origin": {*catalog.sources},
    }
    texts = [
        [name if name in {"", *known.get(column, {name})} else STRANGE for name in names_in(columns, column)]
        for column in NAMES
    ]
    numbers = [np.nan_to_num(getattr(columns, column), nan=-1).tolist() for column in REST]
    rows = [row for row in zip(*texts, *numbers, strict=True) if row[-1] != 2]
    strays, placed = Counter[tuple[Any, ...]](), set()
    for row in rows:
        if has_place(row, catalog):
            placed.add(row)
        else:
            strays[row] += 1
    return strays, placed


def names_in(columns: Columns, column: str) -> list[str]:
    names = getattr(columns, column)
    return [names[row] for row in range(len(columns))]


def has_place(row: tuple[Any, ...], catalog: Catalog) -> bool:
    _, indicator, level, source, origin, *_ = row
    one = catalog.indicators.get(indicator)
    levelled = one is not None and (level in {"unknown", *one.levels} or (level == "" and one.measure is not None))
    return levelled and source in catalog.sources and origin in {"", *catalog.sources}


def found(path: Path, catalog: Catalog, rows: int, room: int) -> tuple[Any, int | None] | list[str]:
    """Return what a shelf holds and its last time, or what is wrong; ``rows`` at once, ``room`` in memory."""
    files = tuple(sorted(path.rglob("*.parquet"))) if path.is_dir() else (path,)
    with Pile(room) as pile:
        try:
            shelf = read_shelf(ParquetInput(path, files, rows), catalog, pile, room)
        except RowFaults as refusal:
            return [str(fault) for fault in refusal.faults]
        if not pile.spilled:
            return said(shelf.whole(), catalog), shelf.last
        pieces = [said(each, catalog) for subject in shelf.texts["subject"] for each in shelf.pieces(subject)]
        strays = sum((one for one, _ in pieces), Said())
        return (strays, {row for _, placed in pieces for row in placed}), shelf.last


def agree(path: Path, catalog: Catalog, told: Observations | RowFaults, rows: int = 3, room: int = 1 << 20) -> None:
    """Assert that a Parquet input says as columns what it says as a bundle."""
    wanted: Any = [str(fault) for fault in told.faults] if isinstance(told, RowFaults) else None
    if isinstance(told, Observations):
        wanted = said(columns_of(told), catalog), told.last
    assert found(path, catalog, rows, room) == wanted
