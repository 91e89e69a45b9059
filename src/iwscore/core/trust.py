"""What a report's grade is worth, as trust and as evidence.

Here belongs the way from letters, digits and regrades to trust and nats. Fading and hearing come after.
"""

from __future__ import annotations

import numpy as np

from iwscore.core.bundles import Floats, Ints, Register, Reports, Times

__all__ = ["report_cell", "report_trust", "trust_nats"]


def trust_nats(trust: Floats) -> Floats:
    """Return the evidence of a report for the level it names, against each other level.

    Parameters
    ----------
    trust
        0 to 0.99. Any shape.

    Returns
    -------
    Floats
        ``ln((1 + w) / (1 - w))`` in nats, 0 to 5.3. Same shape.

    Raises
    ------
    ValueError
        If a trust lies outside 0 to 0.99.

    References
    ----------
    Schum, D. A., & Du Charme, W. M. (1971). Comments on the relationship between the impact and the reliability of
    evidence. Organizational Behavior and Human Performance 6(2), 111-131; house rule, docs/method.md §1.

    Examples
    --------
    >>> trust_nats(np.array([0.0, 0.6])).round(4)
    array([0.    , 1.3863])
    """
    trust = np.asarray(trust, dtype=np.float64)
    wrong = np.flatnonzero(~((trust >= 0) & (trust <= 0.99)).ravel())
    if len(wrong):
        raise ValueError(f"trust[{wrong[0]}] is {trust.ravel()[wrong[0]]}; must lie in 0 to 0.99")
    return np.log((1.0 + trust) / (1.0 - trust))


def report_trust(reports: Reports, register: Register, known: Times) -> Floats:
    """Return what each report is worth by the register as known at a time of its own.

    A regrade replaces the letter of all the source's reports; a relay is worth no more than its origin.

    Parameters
    ----------
    reports
        N reports.
    register
        Table of trust and regrades.
    known
        Knowledge time of each, microseconds. Shape (N,).

    Returns
    -------
    Floats
        Trust, 0 to 0.99. Shape (N,).

    References
    ----------
    House rule, docs/method.md §1 and §2.

    Examples
    --------
    >>> one = np.array([0])
    >>> relay = Reports(one, one, one, one, one + 1, one, one, one + 9, one > 0, one, one + 1, one + 2)
    >>> trust = np.array([[0.95, 0.8], [0.9, 0.7], [0.8, 0.6]])
    >>> report_trust(relay, Register(trust, one + 1, one + 5, one + 1), one + 4)
    array([0.6])
    >>> report_trust(relay, Register(trust, one + 1, one + 5, one + 1), one + 5)
    array([0.7])
    """
    return register.trust.ravel()[report_cell(reports, register, known)]


def report_cell(reports: Reports, register: Register, known: Times | int) -> Ints:
    """Return which cell of the table of trust each report is worth, counted along its rows.

    Parameters
    ----------
    reports, register, known
        As for `report_trust`, or one time for all. N reports.

    Returns
    -------
    Ints
        Letter times digits, plus digit; of a relay the cell of its origin where that is worth less. Shape (N,).

    References
    ----------
    House rule, docs/method.md §2.

    Examples
    --------
    >>> one = np.array([0])
    >>> relay = Reports(one, one, one, one, one + 1, one, one, one + 9, one > 0, one, one + 1, one + 2)
    >>> trust = np.array([[0.95, 0.8], [0.9, 0.7], [0.8, 0.6]])
    >>> report_cell(relay, Register(trust, one[:0], one[:0], one[:0]), one)
    array([5])
    """
    letter = _letter(reports.letter, reports.source, register, known)
    if len(register.regraded_source) or (reports.cap >= 0).any():
        cap = _letter(reports.cap, reports.origin, register, known)
        bounded = (reports.source != reports.origin) & (cap >= 0)
        lesser = bounded & (register.trust[cap, reports.digit] < register.trust[letter, reports.digit])
        letter = np.where(lesser, cap, letter)
    cell: Ints = letter * register.trust.shape[1] + reports.digit
    return cell


def _letter(letter: Ints, who: Ints, register: Register, known: Times | int) -> Ints:
    """Return the letters after the latest regrade known by then; regrades are few, so they may be looped over."""
    if len(register.regraded_source):
        letter = letter.copy()
    for source, since, regraded in zip(
        register.regraded_source, register.regraded_from, register.regraded_letter, strict=True
    ):
        letter[(who == source) & (known >= since)] = regraded
    return letter
