"""Where each report stands on the axes: names, levels and grades as places.

Here belongs what is done once for each of many reports, and therefore by tables of what there is to be said, in the
smallest numbers that hold it. The bundle that comes of it belongs to ``services.frames``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from iwscore.core.bundles import Ints, Reports, Times
from iwscore.domain.catalogs import Catalog
from iwscore.domain.columns import Columns
from iwscore.domain.indicators import Indicator
from iwscore.domain.observations import Names
from iwscore.domain.times import to_micros

__all__ = ["Placements", "place"]

_UNPLACED, _UNHEARD = -1, -2  # no channel: the catalog has no place for it, or it says nothing here
_ROWS = 1 << 16  # at once: what is made on the way stays in the processor's cache
_SMALL = np.iinfo(np.int16).max
_RETRACTION = 2
Places = NDArray[Any]  # whole numbers of any width
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Placements:
    """The reports on a subject that speak to a problem, where they stand among all rows, and what is lost.

    ``lost`` (3, M) has the observed, known and withdrawn times of those the catalog cannot place, ``lost_rows`` (M,)
    where these stand.
    """

    reports: Reports
    rows: Ints | slice
    lost: Times
    lost_rows: Ints


def place(catalog: Catalog, columns: Columns, indicators: tuple[Indicator, ...], subject: str) -> Placements:
    """Return the reports on a subject as places among these indicators and in the register."""
    tables = _Tables.of(catalog, columns, indicators, subject)
    begins = range(0, max(len(columns), 1), _ROWS)
    blocks = [tables.block(columns, slice(begin, begin + _ROWS)) for begin in begins]
    rows: Ints | slice = slice(None)
    if any(block.rows is not None for block in blocks):
        rows = np.concatenate([block.places() + begin for block, begin in zip(blocks, begins, strict=True)])
    lost = np.concatenate([block.lost + begin for block, begin in zip(blocks, begins, strict=True)])
    told = {name: np.concatenate([block.told[name] for block in blocks]) for name in blocks[0].told}
    reports = Reports(
        **told,
        observed_at=columns.observed_at[rows],
        known_from=columns.known_from[rows],
        stands_until=columns.stands_until[rows],
        correction=columns.kind[rows] == 1,
        digit=_any_width(columns.credibility[rows]),
    )
    times = np.stack([columns.observed_at[lost], columns.known_from[lost], columns.stands_until[lost]])
    return Placements(reports, rows, times, lost)


def _any_width(column: NDArray[np.int8]) -> Places:
    return column


@dataclass(frozen=True, slots=True, eq=False)
class _Block:
    """Some rows: which speak, None for all of them; which are lost; and where on which axis those stand that speak."""

    rows: Ints | None
    lost: Ints
    told: dict[str, Places]

    def places(self) -> Ints:
        """Return which rows speak."""
        return np.arange(len(self.told["channel"])) if self.rows is None else self.rows


@dataclass(frozen=True, slots=True, eq=False)
class _Tables:
    """What each text stands for, by its place among the texts of its column.

    Attributes
    ----------
    known
        The catalog's indicators, K of them.
    asked
        Whether this is the subject.
    sign
        Place of the indicator in the catalog, K where it is not there, times the number of levels that are named.
    channel
        Channel, or why there is none, by `sign` and the place of the level's name.
    first
        Channel of an indicator's lowest level, `_UNHEARD` where it is not scored. Shape (K,).
    source, origin, ends
        Place in the register, -1 where it is not there; of an origin that is left out, the number of sources. Where
        each chain of origins ends.
    indicator, level
        By channel. Shape (C,).
    """

    known: tuple[Indicator, ...]
    asked: Bools
    sign: Places
    channel: Places
    first: Places
    source: Places
    origin: Places
    ends: Places
    letters: _Letters
    indicator: Places
    level: Places

    @classmethod
    def of(cls, catalog: Catalog, columns: Columns, scored: tuple[Indicator, ...], subject: str) -> _Tables:
        """Return the tables for the texts of these columns."""
        known, levels = tuple(catalog.indicators.values()), columns.level.names
        sizes = [len(one.levels) for one in scored]
        begin = dict(zip((one.id for one in scored), np.cumsum([0, *sizes]).tolist(), strict=False))
        first = np.array([begin.get(one.id, _UNHEARD) for one in known], dtype=np.int32)
        channel = np.full((len(known) + 1, max(len(levels), 1)), _UNPLACED, dtype=np.int32)
        for i, one in enumerate(known):
            channel[i, : len(levels)] = [_channel(one, name, int(first[i])) for name in levels]
        register = {name: i for i, name in enumerate(catalog.sources)}
        return cls(
            known=known,
            asked=np.array([name == subject for name in columns.subject.names] or [False]),
            sign=_table(columns.indicator, {one.id: i for i, one in enumerate(known)}, len(known)).astype(np.int32)
            * np.int32(channel.shape[1]),
            channel=channel.ravel(),
            first=first,
            source=_table(columns.source, register, -1),
            origin=_table(columns.origin, {**register, "": len(register)}, -1),
            ends=np.array([register[catalog.origins[name]] for name in register] or [-1], dtype=_width(len(register))),
            letters=_Letters.of(catalog),
            indicator=np.repeat(np.arange(len(sizes), dtype=_width(len(sizes))), sizes),
            level=np.array([level for size in sizes for level in range(size)], dtype=_width(max(sizes, default=0))),
        )

    def block(self, columns: Columns, part: slice) -> _Block:
        """Return what becomes of a part of the rows."""
        asked = self.asked.take(columns.subject.codes[part]) & (columns.kind[part] != _RETRACTION)
        channel = self._channels(columns, part)
        source, named = self.source.take(columns.source.codes[part]), self.origin.take(columns.origin.codes[part])
        origin = self.ends.take(source, mode="wrap")
        own = np.flatnonzero(named != len(self.letters.table))
        origin[own] = self.ends[named[own]]
        letter, cap = self._letters_of(columns, part, source, origin)
        placed = (source >= 0) & (named >= 0) & (letter >= 0)
        speaks = asked & placed & (channel >= 0)
        rows = None if speaks.all() else np.flatnonzero(speaks)
        told = {"channel": channel, "source": source, "origin": origin, "letter": letter, "cap": cap}
        if rows is not None:
            told = {name: column[rows] for name, column in told.items()}
        told |= {"indicator": self.indicator.take(told["channel"]), "level": self.level.take(told["channel"])}
        return _Block(rows, np.flatnonzero(asked & ((channel == _UNPLACED) | ~placed)), told)

    def _channels(self, columns: Columns, part: slice) -> Places:
        """Return each row's channel, or why it has none."""
        sign = self.sign.take(columns.indicator.codes[part])
        channel: Places = self.channel.take(sign + columns.level.codes[part])
        value = columns.value[part]
        if value.strides == (0,) and np.isnan(value[:1]).all():
            return channel
        valued = np.flatnonzero(~np.isnan(value))
        number = sign[valued] // (len(self.channel) // (len(self.known) + 1))
        for i in np.unique(number).tolist():
            measure = self.known[i].measure if i < len(self.known) else None
            if measure:
                mine = valued[number == i]
                level = np.searchsorted(np.array(measure.cuts), value[mine], side="right")
                channel[mine] = level + self.first[i] if self.first[i] >= 0 else _UNHEARD
        return channel

    def _letters_of(self, columns: Columns, part: slice, source: Places, origin: Places) -> tuple[Places, Places]:
        """Return each row's letter, and that of its origin where that is another."""
        observed, letter = columns.observed_at[part], _any_width(columns.reliability[part])
        lone = np.flatnonzero(letter < 0)
        if len(lone):
            letter = np.array(letter)
            letter[lone] = self.letters.at(source[lone], observed[lone])
        relays = np.flatnonzero(source != origin)
        cap = np.full(len(source), -1, dtype=np.int8)
        cap[relays] = self.letters.at(origin[relays], observed[relays])
        return letter, cap


def _channel(one: Indicator, level: str, first: int) -> int:
    if level in one.levels:
        return first + one.levels.index(level) if first >= 0 else _UNHEARD
    return _UNHEARD if level == "unknown" else _UNPLACED


def _width(count: int) -> type[np.signedinteger[Any]]:
    return np.int16 if count < _SMALL else np.int32


def _table(names: Names, index: Mapping[str, int], other: int) -> Places:
    """Return for each name of a column its place in an index, ``other`` where it is not there."""
    return np.array([index.get(name, other) for name in names.names] or [other], dtype=_width(len(index)))


@dataclass(frozen=True, slots=True, eq=False)
class _Letters:
    """The times at which letters change, and each source's letter before, between and after them."""

    since: Times
    table: NDArray[np.int8]

    @classmethod
    def of(cls, catalog: Catalog) -> _Letters:
        """Return the letters of a register."""
        changes = {row.since for source in catalog.sources.values() for row in source.grades}
        since = np.array(sorted(map(to_micros, changes)), dtype=np.int64)
        letters = np.full((len(catalog.sources), len(since) + 1), -1, dtype=np.int8)
        for i, source in enumerate(catalog.sources.values()):
            for row in source.grades:
                letters[i, 1 + int(np.searchsorted(since, to_micros(row.since))) :] = row.reliability
        return cls(since, letters)

    def at(self, source: Places, times: Times) -> Places:
        """Return the letter that each of these sources has in force at a time, -1 where it has none."""
        if not len(self.table):
            return np.full(len(source), -1, dtype=np.int8)
        return self.table[source, np.searchsorted(self.since, times, side="right")]
