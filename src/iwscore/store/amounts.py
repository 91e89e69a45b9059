"""Numbers that a mapping takes from a column, in the unit it says.

Here belongs reading and converting them. What levels they reach belongs to the catalog's cuts, or to the mapping's.

A conversion is reckoned in decimals, so that 0.29 times 100 is 29 and reaches a cut at 29.
"""

from __future__ import annotations

import re
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from iwscore.domain.mappings import Amount
from iwscore.store.measures import NUMBER
from iwscore.store.terms import Term
from iwscore.store.verdicts import Verdicts

__all__ = ["read_amounts", "read_whole_numbers"]

_MOST = 1 << 53  # beyond it, not every whole number is a float


def read_amounts(
    amount: Amount, term: Term, among: NDArray[np.bool_], verdicts: Verdicts
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return the numbers, NaN where there is none, and which rows go on: those that are read, or blank and kept."""
    cells = term.cells
    numbers = np.array([_number(text, amount) for text in cells.texts])[cells.codes]
    among = term.used(among, verdicts)
    unread = among & cells.given & ~np.isfinite(numbers)
    verdicts.against(unread, "IW325", term.field, cells.text)
    if amount.blank == "skip":
        among = among & cells.given
    return numbers, among & ~unread


def read_whole_numbers(
    term: Term, among: NDArray[np.bool_], verdicts: Verdicts
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return how many events each row stands for, 0 where that is not said, and which rows say it."""
    plain = Amount(column="", unit="")
    cells = term.cells
    numbers = np.array([_number(text, plain) for text in cells.texts])
    whole = (np.nan_to_num(numbers, nan=-1) >= 0) & (numbers < _MOST) & (np.floor(numbers) == numbers)
    among = term.used(among, verdicts)
    said = whole[cells.codes]
    verdicts.against(among & ~said, "IW355", term.field, cells.text)
    return np.where(whole, numbers, 0).astype(np.int64)[cells.codes], among & said


def _number(text: str, amount: Amount) -> float:
    """Return the number in its unit; NaN where the text is none, or too large a one."""
    plain = _plain(text, amount)
    if not NUMBER.fullmatch(plain):
        return float("nan")
    if amount.times == 1 and amount.plus == 0 and amount.decimals is None:
        return float(plain)
    try:
        # As the numbers are written in the mapping, not as they are kept.
        number = Decimal(plain) * Decimal(repr(amount.times)) + Decimal(repr(amount.plus))
        return float(number if amount.decimals is None else round(number, amount.decimals))
    except ArithmeticError:
        return float("nan")


def _plain(text: str, amount: Amount) -> str:
    """Return the number without thousands, with a decimal point; as it is where its groups are not of three."""
    if amount.thousands and amount.thousands in text:
        whole, point, rest = text.partition(amount.decimal)
        sign = re.escape(amount.thousands)
        if not re.fullmatch(rf"[+-]?[0-9]{{1,3}}({sign}[0-9]{{3}})+", whole):
            return ""
        text = whole.replace(amount.thousands, "") + point + rest
    if amount.decimal != ".":
        text = "" if "." in text else text.replace(amount.decimal, ".")
    return text
