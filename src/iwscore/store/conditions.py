"""Which rows of a foreign file a mapping is about.

Here belong the tests of a column. What a column's texts are belongs to ``store.terms``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from iwscore.domain.mappings import Amount, Condition
from iwscore.store.amounts import read_amounts
from iwscore.store.terms import Term
from iwscore.store.verdicts import Verdicts

__all__ = ["passing"]


def passing(
    conditions: Iterable[Condition], columns: Mapping[str, Term], among: NDArray[np.bool_], verdicts: Verdicts
) -> NDArray[np.bool_]:
    """Return which of ``among`` pass every test; a row that fails one is not looked at by the next. Shape (N,)."""
    for condition in conditions:
        among = _pass(condition, columns, among, verdicts)
    return among


def _pass(
    condition: Condition, columns: Mapping[str, Term], among: NDArray[np.bool_], verdicts: Verdicts
) -> NDArray[np.bool_]:
    term = columns[condition.column]
    among = term.used(among, verdicts)
    if condition.given is not None:
        given: NDArray[np.bool_] = among & (term.cells.given == condition.given)
        return given
    if condition.differs_from is not None:
        other = columns[condition.differs_from]
        among = other.used(among, verdicts)
        return among & _differ(term, other)
    if condition.at_least is not None or condition.at_most is not None:
        return _within(condition, term, among, verdicts)
    return among & term.cells.which(_wanted(condition))


def _wanted(condition: Condition) -> Callable[[str], bool]:
    """Return the test of a text that is not blank."""
    if condition.matches is not None:
        pattern = re.compile(condition.matches)
        return lambda text: pattern.search(text) is not None
    if condition.among is not None:
        return frozenset(condition.among).__contains__
    unwanted = frozenset(condition.not_among or ())
    return lambda text: text not in unwanted


def _differ(term: Term, other: Term) -> NDArray[np.bool_]:
    index = {text: place for place, text in enumerate(dict.fromkeys((*term.cells.texts, *other.cells.texts)))}
    first, second = (np.array([index[text] for text in each.cells.texts])[each.cells.codes] for each in (term, other))
    differ: NDArray[np.bool_] = first != second
    return differ


def _within(condition: Condition, term: Term, among: NDArray[np.bool_], verdicts: Verdicts) -> NDArray[np.bool_]:
    """Return which rows hold a number in the range; a blank one is in none."""
    numbers, read = read_amounts(Amount(column="", unit="", blank="skip"), term, among, verdicts)
    least = -np.inf if condition.at_least is None else condition.at_least
    most = np.inf if condition.at_most is None else condition.at_most
    return read & (numbers >= least) & (numbers <= most)
