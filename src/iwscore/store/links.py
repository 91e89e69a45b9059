"""What rows of a large input say of one another, found without keeping them.

Here belongs the search for the few rows that matter: those that correct or retract, those they are about, and those
that share an external_id without being the same. What these say of one another is judged by ``store.targets``, as if
they were the whole input.

Each step reads the input once, and only where columns are there that call for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from pyarrow import types

from iwscore.core.withdrawals import stands_until
from iwscore.domain.catalogs import Catalog
from iwscore.domain.observations import NEVER
from iwscore.errors import Fault
from iwscore.store.identities import digests_of, identify
from iwscore.store.judging import joined, judged
from iwscore.store.parquet_batches import Batch, ParquetInput
from iwscore.store.rows import Rows
from iwscore.store.targets import judge_external_ids, resolve_targets
from iwscore.store.verdicts import Verdicts

__all__ = ["MOST_DIFFERING", "Links", "find_links"]

MOST_DIFFERING = 100_000  # rows of shared external_ids that are looked at: all of them are faults
_RETRACTION = 2
_DIGEST = re.compile(rb"[0-9a-f]{32}")
_LINKING = ("target", "external_id", "author")
_MIX, _NOBODY = np.uint64(0x9E3779B97F4A7C15), np.uint64(0)
Keys = NDArray[np.uint64]


@dataclass(frozen=True, slots=True, eq=False)
class Links:
    """From when which rows no longer stand, by digest, and what is wrong between rows."""

    until: Mapping[bytes, int]
    observed: NDArray[np.int64]
    faults: tuple[Fault, ...] = ()

    def candidates(self, observed_at: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the places of rows that may be among those that no longer stand."""
        if not self.until:
            return np.zeros(0, dtype=np.int64)
        return np.flatnonzero(np.isin(observed_at, self.observed))

    def stands_until(self, rows: Rows) -> NDArray[np.int64]:
        """Return from when each of these rows no longer stands. Shape (N,)."""
        return np.array([self.until.get(digest, NEVER) for digest in _digests(rows)], dtype=np.int64)


def find_links(source: ParquetInput, catalog: Catalog, room: int) -> Links:
    """Return what the rows of an input say of one another, looking at ``room`` external_ids at once."""
    wanted, named = _survey(source)
    differing = _differing(source, catalog, _twice(source, named, room)) if named > 1 else np.zeros(0, dtype=np.uint64)
    parts = list(_concerned(source, catalog, wanted, differing)) if wanted or len(differing) else []
    if not parts:
        return Links({}, np.zeros(0, dtype=np.int64))
    rows = joined([part for part, _ in parts])
    verdicts = Verdicts(str(source.root), rows.number, [], np.concatenate([bad for _, bad in parts]))
    identities = identify(rows)
    judge_external_ids(rows, identities, verdicts)
    targets = resolve_targets(rows, identities, verdicts, lost=False)
    if verdicts.faults:
        return Links({}, np.zeros(0, dtype=np.int64), tuple(verdicts.faults))
    retraction = rows.kind[identities.row] == _RETRACTION
    until = stands_until(targets, retraction, rows.clocks.known_from[identities.row])
    ended = np.flatnonzero((until != NEVER) & ~retraction)
    digests = [bytes.fromhex(identities.id[place].decode()) for place in ended.tolist()]
    observed = np.unique(rows.clocks.observed_at[identities.row[ended]])
    return Links(dict(zip(digests, until[ended].tolist(), strict=True)), observed)


def _digests(rows: Rows) -> list[bytes]:
    whole = digests_of(rows)
    return [whole[start : start + 16] for start in range(0, len(whole), 16)]


def _words(batch: Batch, name: str) -> tuple[Any, NDArray[np.int64]] | None:
    """Return a column's distinct texts as bytes, and each row's place among them, -1 where it is blank."""
    places = [place for place, named in enumerate(batch.cells.schema.names) if named == name]
    if len(places) != 1 or not types.is_dictionary(batch.cells.column(places[0]).type):
        return None
    column = batch.cells.column(places[0])
    words = column.dictionary.cast(pa.large_binary())
    rows = column.indices.fill_null(-1).to_numpy().astype(np.int64)
    blank = np.append(pc.equal(pc.binary_length(words), 0).to_numpy(zero_copy_only=False), True)
    return words, np.where(blank[rows], -1, rows)


def _survey(source: ParquetInput) -> tuple[Set[bytes], int]:
    """Return every text that stands as a target, and how many rows have an external_id."""
    wanted: set[bytes] = set()
    named = 0
    for batch in source.batches(_LINKING[:2]):
        targets, ids = _words(batch, "target"), _words(batch, "external_id")
        if targets is not None:
            words, rows = targets
            wanted.update(words.take(pa.array(np.unique(rows[rows >= 0]))).to_pylist())
        named += 0 if ids is None else int((ids[1] >= 0).sum())
    return wanted, named


def _keys(batch: Batch) -> tuple[Keys, NDArray[np.int64]]:
    """Return a key of author and external_id for each row that has one, and the places of these rows."""
    ids, authors = _words(batch, "external_id"), _words(batch, "author")
    if ids is None:
        return np.zeros(0, dtype=np.uint64), np.zeros(0, dtype=np.int64)
    places = np.flatnonzero(ids[1] >= 0)
    keys = _hashed(ids[0])[ids[1][places]] * _MIX
    if authors is not None:  # else nobody is named, as where the column is there and blank
        keys += np.append(_hashed(authors[0]), _NOBODY)[authors[1][places]]
    return keys, places


def _hashed(words: Any) -> Keys:
    return np.fromiter(map(hash, words.to_pylist()), dtype=np.int64, count=len(words)).view(np.uint64)


def _twice(source: ParquetInput, named: int, room: int) -> Keys:
    """Return the keys that several rows have, ascending; where there are many, range by range."""
    parts, found = np.uint64(-(-named // max(room, 1))), []
    for part in range(int(parts)):
        kept = [keys[keys % parts == part] for keys, _ in map(_keys, source.batches(_LINKING[1:]))]
        keys = np.sort(np.concatenate(kept))
        found.append(keys[1:][keys[1:] == keys[:-1]])
    return np.unique(np.concatenate(found))


def _differing(source: ParquetInput, catalog: Catalog, twice: Keys) -> Keys:
    """Return those of the keys whose rows are not all the same."""
    first = np.zeros((len(twice), 2), dtype=np.uint64)
    met, differs = np.zeros(len(twice), dtype=np.bool_), np.zeros(len(twice), dtype=np.bool_)
    for batch in source.batches() if len(twice) else ():
        keys, places = _keys(batch)
        held = np.isin(keys, twice)
        if not held.any():
            continue
        rows, _ = judged(batch, catalog, places[held])
        digests = np.frombuffer(digests_of(rows), dtype=np.uint64).reshape(-1, 2)
        key = np.searchsorted(twice, keys[held])
        those, begins = np.unique(key, return_index=True)
        new = ~met[those]
        first[those[new]], met[those] = digests[begins[new]], True
        differs[key[(digests != first[key]).any(axis=1)]] = True
    return twice[differs]


def _concerned(
    source: ParquetInput, catalog: Catalog, wanted: Set[bytes], differing: Keys
) -> Iterator[tuple[Rows, NDArray[np.bool_]]]:
    """Yield the rows that ask for others, those that may be asked for and those that differ; and which are bad."""
    digests = {bytes.fromhex(name.decode()) for name in wanted if _DIGEST.fullmatch(name)}
    left = MOST_DIFFERING
    for batch in source.batches():
        mask = _named(batch, "target", None) | _named(batch, "external_id", wanted) | _named(batch, "id", wanted)
        keys, places = _keys(batch)
        those = places[np.isin(keys, differing)][:left]
        left -= len(those)
        mask[those] = True
        if digests:
            rows, _ = judged(batch, catalog)
            mask |= np.array([digest in digests for digest in _digests(rows)], dtype=np.bool_)
        if mask.any():
            rows, verdicts = judged(batch, catalog, np.flatnonzero(mask))
            # Across files rows are counted on: what is said of two of them must tell them apart.
            yield replace(rows, number=rows.number + batch.ahead), verdicts.bad


def _named(batch: Batch, name: str, wanted: Set[bytes] | None) -> NDArray[Any]:
    """Return which rows have one of the wanted texts, or any, in a column. Shape (N,)."""
    found = _words(batch, name)
    if found is None:
        return np.zeros(batch.cells.num_rows, dtype=np.bool_)
    words, rows = found
    if wanted is None:
        return rows >= 0
    held = pc.is_in(words, value_set=pa.array(sorted(wanted), pa.large_binary())).to_numpy(zero_copy_only=False)
    return np.append(held, False)[rows]
