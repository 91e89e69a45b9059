"""How much of a statement's evidence is left after a time.

Here belongs the one formula of fading. What fades belongs to ``core.evidence``.
"""

from __future__ import annotations

import numpy as np

from iwscore.core.bundles import Floats, Ints

__all__ = ["DAY", "fading"]

DAY = 86_400_000_000.0  # microseconds


def fading(age: Ints, half_life_days: Floats) -> Floats:
    """Return the share of evidence left: a half after each half-life.

    Parameters
    ----------
    age
        Microseconds since the observation, 0 or more. Any shape.
    half_life_days
        Above 0; infinite where evidence never fades. Same shape.

    Returns
    -------
    Floats
        1 down to 0; exactly 1 where it never fades. Same shape.

    References
    ----------
    House rule, docs/method.md §3.

    Examples
    --------
    >>> fading(np.array([0, 30 * 86_400_000_000]), np.array([30.0, 30.0]))
    array([1. , 0.5])
    """
    return np.exp2(-(age / DAY) / half_life_days)
