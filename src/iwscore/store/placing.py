"""What recording refuses beyond what scoring does: names the catalog does not know, and clocks the log cannot keep.

Here belongs judging a file's rows for the log. What a row must hold to be read at all belongs to ``store.rows``,
targets and external_ids to ``services.importing``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import cache

import numpy as np
from numpy.typing import NDArray

from iwscore.domain.catalogs import Catalog
from iwscore.domain.observations import NEVER
from iwscore.domain.times import end_of_day, from_micros, print_instant
from iwscore.errors import nearest
from iwscore.store.rows import Rows
from iwscore.store.tables import Table
from iwscore.store.verdicts import Verdicts

__all__ = ["given", "judge_clocks", "judge_names"]

_RETRACTION = 2


def judge_names(rows: Rows, catalog: Catalog, verdicts: Verdicts) -> None:
    """Note every indicator, level, source and origin that the catalog does not know, with the nearest name."""
    _known(rows, "IW340", "indicator", catalog.indicators, verdicts)
    _judge_levels(rows, catalog, verdicts)
    _known(rows, "IW342", "source", catalog.sources, verdicts)
    _known(rows, "IW343", "origin", catalog.sources, verdicts)


def judge_clocks(rows: Rows, table: Table, verdicts: Verdicts, *, now: int, historical: bool) -> NDArray[np.int64]:
    """Return from when each row counts as reported, after noting what has not happened yet. Shape (N,).

    History counts as known from ``reported_at``; an export's own ``known_from`` goes before it, so that what was
    known when stays as it was.
    """
    clocks, sound = rows.clocks, ~verdicts.bad
    stating = (rows.kind >= 0) & (rows.kind != _RETRACTION)
    late = sound & stating & (clocks.observed_at > now)
    verdicts.against(late, "IW349", "observed_at", _time(clocks.observed_at), now=_said(now))
    if not historical:
        told = sound & (clocks.reported_at != NEVER)
        early = told & (clocks.reported_at > now) & (clocks.reported_at != end_of_day(now))
        verdicts.against(early, "IW360", "reported_at", _time(clocks.reported_at), now=_said(now))
        return clocks.reported_at
    reported = np.where(given(table, "known_from"), clocks.known_from, clocks.reported_at)
    missing = sound & (reported == NEVER)
    verdicts.against(missing, "IW347", "reported_at")
    field = "known_from" if "known_from" in table.columns else "reported_at"
    verdicts.against(sound & ~late & ~missing & (reported > now), "IW348", field, _time(reported), now=_said(now))
    return reported


def given(table: Table, name: str) -> NDArray[np.bool_]:
    """Return which cells of a column hold something. Shape (N,)."""
    column = table.columns.get(name)
    if column is None:
        return np.zeros(len(table.rows), dtype=bool)
    held: NDArray[np.bool_] = column.is_valid().to_numpy(zero_copy_only=False)
    if not hasattr(column, "dictionary"):
        return held
    texts = [bool(text.strip()) for text in column.dictionary.to_pylist()]
    codes = column.indices.fill_null(0).to_numpy(zero_copy_only=False)
    said: NDArray[np.bool_] = held & np.array(texts or [False])[codes]
    return said


def _known(rows: Rows, code: str, field: str, known: Collection[str], verdicts: Verdicts) -> None:
    cells = rows.cells[field]
    strange = cells.which(lambda text: text not in known)
    near = cache(lambda text: nearest(text, known))
    verdicts.against(strange, code, field, cells.text, nearest=lambda row: near(cells.text(row)))


def _judge_levels(rows: Rows, catalog: Catalog, verdicts: Verdicts) -> None:
    indicators, levels = rows.cells["indicator"], rows.cells["level"]
    pairs = indicators.codes.astype(np.int64) * len(levels.texts) + levels.codes
    used, place = np.unique(pairs, return_inverse=True)
    wrong = np.zeros(len(used), dtype=bool)
    for n, pair in enumerate(used.tolist()):
        name, level = indicators.texts[pair // len(levels.texts)], levels.texts[pair % len(levels.texts)]
        found = catalog.indicators.get(name)
        wrong[n] = found is not None and level not in ("", "unknown", *found.levels)
    near = cache(lambda name, level: nearest(level, (*catalog.indicators[name].levels, "unknown")))
    verdicts.against(
        wrong[place] & levels.sound & indicators.sound,
        "IW341",
        "level",
        levels.text,
        indicator=indicators.text,
        nearest=lambda row: near(indicators.text(row), levels.text(row)),
    )
    unmeasured = indicators.which(lambda text: text in catalog.indicators and not catalog.indicators[text].measure)
    verdicts.against(
        unmeasured & ~np.isnan(rows.value),
        "IW344",
        "value",
        lambda row: repr(float(rows.value[row])),
        indicator=indicators.text,
    )


def _time(times: NDArray[np.int64]) -> Callable[[int], str]:
    return lambda row: _said(int(times[row]))


def _said(micros: int) -> str:
    return print_instant(from_micros(micros))
