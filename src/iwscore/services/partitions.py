"""Partitions: the reports of one subject after another, each found without a look at the others'.

Here belongs what a job over many subjects needs of its reports, and the reports in memory that way. Readers of files
that are larger than memory deliver the same from the disk.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from iwscore.core.bundles import Ints
from iwscore.domain.columns import Columns, Reported
from iwscore.domain.observations import Names, Observations
from iwscore.services.frames import columns_of

__all__ = ["InMemory", "Named", "Parted", "Partitions", "partitions_of", "reports_on", "subjects_in"]


class Named(Protocol):
    """Whatever can tell which subjects are reported on."""

    @property
    def names(self) -> tuple[str, ...]:
        """The subjects that are reported on, sorted."""


class Partitions(Named, Protocol):
    """Reports by subject: in memory, or on the disk."""

    def of(self, subject: str) -> Columns:
        """Return the reports on a subject, of none where it is not reported on."""

    def pieces(self, subject: str) -> Iterator[Columns]:
        """Yield the reports on a subject: whole indicators, as many at a time as may be held at once."""

    def too_many(self, subject: str) -> int:
        """Return how many reports there are on a subject if they may not be held at once, else 0."""


Parted = Reported | Partitions


@dataclass(frozen=True, slots=True, eq=False)
class InMemory:
    """Reports in memory, and where those of each subject stand: its rows, in their order."""

    columns: Columns
    rows: dict[str, Ints]

    @property
    def names(self) -> tuple[str, ...]:
        """The subjects that are reported on, sorted."""
        return tuple(self.rows)

    def of(self, subject: str) -> Columns:
        """Return the reports on a subject."""
        rows = self.rows.get(subject, np.empty(0, dtype=np.int64))
        taken = self.columns if len(rows) == len(self.columns) else self.columns.take(rows)
        # The subjects of all others' reports are looked up with these, unless their names are left out.
        return replace(taken, subject=Names(np.broadcast_to(np.int32(0), len(rows)), (subject,)))

    def pieces(self, subject: str) -> Iterator[Columns]:
        """Yield them in one piece."""
        yield self.of(subject)

    def too_many(self, subject: str) -> int:
        """Return 0: they are held."""
        return 0


def subjects_in(seen: Reported | Named) -> tuple[str, ...]:
    """Return the subjects that are reported on, sorted."""
    if not isinstance(seen, Observations | Columns):
        return seen.names
    return tuple(sorted(name for name in seen.subject.names if name))


def reports_on(seen: Parted, subject: str) -> Reported:
    """Return the reports on a subject, among those on others where all are held."""
    return seen if isinstance(seen, Observations | Columns) else seen.of(subject)


def partitions_of(seen: Parted) -> Partitions:
    """Return reports by subject; those that are so already, as they are."""
    if not isinstance(seen, Observations | Columns):
        return seen
    columns = seen if isinstance(seen, Columns) else columns_of(seen)
    codes, names = columns.subject.codes, columns.subject.names
    if len(codes) and codes.min() == codes.max():
        return InMemory(
            columns, {name: np.arange(len(codes)) for name in subjects_in(columns) if name == names[codes[0]]}
        )
    order = np.argsort(codes, kind="stable")
    rows = np.split(order, np.searchsorted(codes[order], np.arange(1, len(names))))
    found = dict(zip(names, rows, strict=False))
    return InMemory(columns, {name: found[name] for name in subjects_in(columns)})
