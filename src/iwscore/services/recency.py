"""Recency: when each indicator was last reported on.

Here belongs the newest word on an indicator, whatever it says and whoever says it. What a report is worth belongs to
``core``.
"""

from __future__ import annotations

import numpy as np

from iwscore.core.bundles import NEVER
from iwscore.services.shelves import Shelves

__all__ = ["newest"]


def newest(shelves: Shelves, subject: str, at: int) -> dict[str, int]:
    """Return by indicator the latest ``observed_at`` up to a time, of the reports that stand; microseconds.

    Reports that looked and could not tell are among them.
    """
    columns = shelves.of(subject).columns()
    latest = np.full(len(columns.indicator.names), -NEVER)
    counted = (columns.observed_at <= at) & (columns.stands_until == NEVER)
    np.maximum.at(latest, columns.indicator.codes[counted], columns.observed_at[counted])
    return {name: when for name, when in zip(columns.indicator.names, latest.tolist(), strict=True) if when > -NEVER}
