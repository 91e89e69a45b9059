"""A file of observations as the bundle that every question reads, or every fault in it.

Here belongs the way from file to bundle. Its steps belong to ``store.files``, ``store.rows``, ``store.identities``
and ``store.targets``, which load pyarrow and are loaded with the first file.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from iwscore.domain.catalogs import Catalog
from iwscore.domain.mappings import Mapping
from iwscore.domain.observations import Names, Observations
from iwscore.errors import RowFaults

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from iwscore.store.cells import Cells
    from iwscore.store.identities import Identities
    from iwscore.store.rows import Rows

__all__ = ["freeze", "read_observations"]

_TEXTS = ("external_id", "note", "url", "marking", "reason", "grade")


def read_observations(path: Path, catalog: Catalog, mapping: Mapping | None = None) -> Observations:
    """Return the file's rows, each once, in canonical order; a foreign file's are read by a mapping.

    Raises
    ------
    QuestionError
        If the file's suffix is none that is read.
    Unreachable
        If the file cannot be opened.
    RowFaults
        If anything in the file is at fault; it holds every fault found.
    """
    from iwscore.store.files import read_table
    from iwscore.store.foreign import read_mapped
    from iwscore.store.identities import identify
    from iwscore.store.rows import judge
    from iwscore.store.targets import judge_external_ids, resolve_targets
    from iwscore.store.verdicts import Verdicts

    table = read_table(path) if mapping is None else read_mapped(path, mapping)
    spoilt = np.isin(table.rows, np.array([row for row, _ in table.spoilt], dtype=np.int64))
    verdicts = Verdicts(table.file, table.rows, list(table.faults), spoilt)
    rows = judge(table, catalog, verdicts)
    identities = identify(rows)
    judge_external_ids(rows, identities, verdicts)
    targets = resolve_targets(rows, identities, verdicts, lost=table.lost)
    if verdicts.faults:
        raise RowFaults(verdicts.faults)
    return _bundle(rows, identities, targets)


def _bundle(rows: Rows, identities: Identities, targets: NDArray[np.int64]) -> Observations:
    row, cells, clocks = identities.row, rows.cells, rows.clocks
    known_from = clocks.known_from[row]
    bundle = Observations(
        id=identities.id,
        row=rows.number[row],
        observed_at=clocks.observed_at[row],
        known_from=known_from,
        subject=_names(cells["subject"], row),
        indicator=_names(cells["indicator"], row),
        level=_names(cells["level"], row),
        value=rows.value[row],
        source=_names(cells["source"], row),
        origin=_names(cells["origin"], row),
        reliability=rows.reliability[row],
        credibility=rows.credibility[row],
        kind=rows.kind[row],
        target=targets,
        texts={name: cells[name].objects(row) for name in _TEXTS},
        # Nothing is known before it is so: the latest knowledge time is the latest of all.
        last=int(known_from[-1]) if len(row) else None,
    )
    freeze(bundle)
    return bundle


def _names(cells: Cells, rows: NDArray[np.int64]) -> Names:
    """Return the rows' texts with their names sorted, so that the order of the file never shows."""
    used, codes = np.unique(cells.codes[rows], return_inverse=True)
    texts = [cells.texts[code] for code in used]
    names = sorted(set(texts))
    index = {name: place for place, name in enumerate(names)}
    places = np.array([index[text] for text in texts], dtype=np.int32)
    return Names(places[codes], tuple(names))


def freeze(bundle: Observations) -> None:
    """Let nobody write to the columns any more."""
    names = (bundle.subject, bundle.indicator, bundle.level, bundle.source, bundle.origin)
    numbers: list[NDArray[Any]] = [
        bundle.observed_at,
        bundle.known_from,
        bundle.value,
        bundle.reliability,
        bundle.credibility,
    ]
    numbers += [bundle.id, bundle.row, bundle.kind, bundle.target]
    for array in [*numbers, *(each.codes for each in names), *bundle.texts.values()]:
        array.setflags(write=False)
