"""Columns from the cache, held against those of the log's observations."""

import numpy as np

from iwscore.domain.columns import Columns
from iwscore.domain.observations import Observations
from iwscore.services.frames import columns_of

NAMES = ("subject", "indicator", "level", "source", "origin")
NUMBERS = ("value", "observed_at", "known_from", "stands_until", "reliability", "credibility", "kind")


def hold_together(columns: Columns, observations: Observations) -> None:
    """Assert that both say the same: the one in the order of recording, the other by ``known_from``."""
    order = np.argsort(observations.row, kind="stable")
    wanted = columns_of(observations)
    assert (columns.last, columns.log) == (wanted.last, wanted.log)
    for name in NUMBERS:
        np.testing.assert_array_equal(getattr(columns, name), getattr(wanted, name)[order], err_msg=name)
        assert not getattr(columns, name).flags.writeable
    for name in NAMES:
        one, other = getattr(columns, name), getattr(wanted, name)
        assert sorted(one.names) == list(other.names), name
        assert [one[row] for row in range(len(columns))] == [other[row] for row in order.tolist()], name
