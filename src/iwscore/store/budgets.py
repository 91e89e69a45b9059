"""Budgets: how much memory a question over a large input may take, and how many reports that is at once.

Here belongs that sum alone; docs/adr says what it is made of. Which budget there is when none is given belongs to
those who read the environment.
"""

from __future__ import annotations

import re
from decimal import Decimal

from iwscore.errors import QuestionError

__all__ = ["LEAST", "parse_memory", "refuse_more", "rows_within"]

_MIB = 1 << 20
_UNITS = {"MiB": _MIB, "GiB": 1 << 30, "MB": 10**6, "GB": 10**9}
_SIZE = re.compile(r"([0-9]+(?:\.[0-9]+)?) ?(MiB|GiB|MB|GB)")
_OWN = 384 * _MIB  # of the process itself, what it has loaded and what it reads at once
_ROW = 160  # bytes of a report while it is answered
LEAST = 512 * _MIB


def parse_memory(text: str) -> int:
    """Return a size such as ``2GiB`` or ``800MB`` in bytes.

    Raises
    ------
    QuestionError
        IW541 if it is none, IW542 if it is under the least there may be.

    Examples
    --------
    >>> parse_memory("2GiB")
    2147483648
    """
    match = _SIZE.fullmatch(text)
    if not match:
        raise QuestionError(
            "IW541",
            "--memory is not a size",
            text,
            "must be a number and MiB, GiB, MB or GB",
            "Write for instance 2GiB.",
        )
    size = int(Decimal(match[1]) * _UNITS[match[2]])
    if size < LEAST:
        raise _too_small(size, LEAST)
    return size


def rows_within(memory: int) -> int:
    """Return how many reports can be answered at once within so many bytes."""
    return (memory - _OWN) // _ROW


def refuse_more(memory: int, rows: int) -> None:
    """Refuse a budget within which so many reports, which must be answered at once, cannot be."""
    if rows > rows_within(memory):
        raise _too_small(memory, _OWN + rows * _ROW)


def _too_small(memory: int, least: int) -> QuestionError:
    return QuestionError(
        "IW542", "too little memory", f"{memory // _MIB}MiB", f"must be {-(-least // _MIB)}MiB at least",
        "Give more --memory.",
    )  # fmt: skip
