"""Markings: how widely an entry may be shown, by the Traffic Light Protocol 2.0, and what a ceiling lets through.

Here belongs the order of markings. Leaving rows out belongs to those who hold them.

References
----------
FIRST (2022), Traffic Light Protocol (TLP), version 2.0.
"""

from __future__ import annotations

from iwscore.domain.observations import MARKINGS

__all__ = ["DEFAULT_MARKING", "place_of", "reach_of", "shown_under"]

DEFAULT_MARKING = "amber"


def place_of(marking: str) -> int:
    """Return the place of a marking among ``MARKINGS``; blank is the default, and what is none counts as the last."""
    if not marking:
        marking = DEFAULT_MARKING
    return MARKINGS.index(marking) if marking in MARKINGS else len(MARKINGS) - 1


def reach_of(ceiling: str) -> int:
    """Return the place of the last marking that a ceiling lets through.

    Raises
    ------
    ValueError
        If the ceiling is no marking.
    """
    if ceiling not in MARKINGS:
        raise ValueError(f"ceiling is {ceiling!r}; it must be one of {', '.join(MARKINGS)}")
    return MARKINGS.index(ceiling)


def shown_under(ceiling: str) -> tuple[str, ...]:
    """Return the markings that a ceiling lets through, "" among them where it lets the default through.

    Raises
    ------
    ValueError
        If the ceiling is no marking.

    Examples
    --------
    >>> shown_under("green")
    ('clear', 'green')
    """
    shown = MARKINGS[: reach_of(ceiling) + 1]
    return ("", *shown) if DEFAULT_MARKING in shown else shown
