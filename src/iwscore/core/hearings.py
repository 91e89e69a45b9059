"""Which reports can be heard from when to when, and what they are worth then.

Here belongs the way from reports and clocks to rows with a life of their own in question time. Who among them
speaks belongs to ``core.speaking``.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from iwscore.core.bundles import EVERYTHING, NEVER, Expectations, Floats, Ints, Register, Reports, Times
from iwscore.core.fading import DAY
from iwscore.core.trust import report_cell, trust_nats

__all__ = ["Clocks", "Hearings", "hear"]


@dataclass(frozen=True, slots=True)
class Clocks:
    """Up to when reports, withdrawals and regrades are known, in microseconds; corrections are withdrawals.

    With ``vintage`` a question at t is answered as known at the earlier of t and these.
    """

    reports: int = EVERYTHING
    withdrawals: int = EVERYTHING
    regrades: int = EVERYTHING
    vintage: bool = False

    @classmethod
    def known_at(cls, known_at: int | None, *, vintage: bool = False) -> Clocks:
        """Return clocks that all stand at one time; None is everything."""
        time = EVERYTHING if known_at is None else min(known_at, EVERYTHING)
        return cls(time, time, time, vintage)


@dataclass(frozen=True, slots=True, eq=False)
class Hearings:
    """Reports with their life in question time, in the order of who tells what when; every array has shape (N,).

    A report comes more than once where a regrade changes its worth. Rows lie together by ``voice`` (indicator and
    origin), within it by source, within that in the order of the telling.

    Attributes
    ----------
    report
        Place of the report.
    voice
        Number of the indicator and origin it speaks for, ascending by both.
    source, own
        Place of the source; whether it is the origin itself.
    channel, indicator, level, observed_at, half_life_days
        As in the report and its channel.
    cell
        Which cell of the table of trust that is, counted along its rows.
    trust, nats
        Worth, 0 to 0.99, and unfaded evidence.
    strength
        Place in the order of what is left of the evidence, the same at all times within a channel; of equals the
        one told later comes after.
    enter, leave
        The report can be heard for questions at ``enter <= t < leave``, microseconds.
    """

    report: Ints
    voice: Ints
    source: Ints
    own: NDArray[np.bool_]
    channel: Ints
    indicator: Ints
    level: Ints
    observed_at: Times
    half_life_days: Floats
    cell: Ints
    trust: Floats
    nats: Floats
    strength: Ints
    enter: Times
    leave: Times

    def __len__(self) -> int:
        """Return N."""
        return len(self.report)

    def take(self, rows: Ints | NDArray[np.bool_]) -> Hearings:
        """Return the rows at these places, or those a mask keeps."""
        return Hearings(*(getattr(self, field.name)[rows] for field in fields(self)))


def hear(reports: Reports, register: Register, expectations: Expectations, clocks: Clocks) -> Hearings:
    """Return the reports that can be heard by these clocks, with their life in question time.

    Parameters
    ----------
    reports
        N reports on one subject.
    register, expectations
        What grades are worth, and how long evidence lasts.
    clocks
        Up to when what is known.

    Returns
    -------
    Hearings
        One row a report and worth.

    References
    ----------
    House rule, docs/method.md §2 and §13.

    Examples
    --------
    >>> one = np.array([0])
    >>> report = Reports(one, one, one, one, one, one + 10, one + 20, one + NEVER, one > 0, one + 1, one + 1, one - 1)
    >>> from iwscore.core.examples import tiny_problem
    >>> problem, table = tiny_problem(), Register(np.array([[0.95, 0.8], [0.9, 0.7]]), one[:0], one[:0], one[:0])
    >>> hear(report, table, problem, Clocks()).enter, hear(report, table, problem, Clocks(vintage=True)).enter
    (array([10]), array([20]))
    >>> len(hear(report, table, problem, Clocks(reports=19)))
    0
    """
    known = reports.known_from <= np.where(reports.correction, clocks.withdrawals, clocks.reports)
    if not clocks.vintage:
        known &= reports.stands_until > clocks.withdrawals
    rows = np.flatnonzero(known)
    if clocks.vintage:
        withdrawn = reports.stands_until[rows]
        enter = np.maximum(reports.observed_at, reports.known_from)[rows]
        leave = np.where(withdrawn <= clocks.withdrawals, withdrawn, NEVER)
        rows, enter, leave, regrades = _split(rows, enter, leave, reports, register, clocks.regrades)
    else:
        enter, leave = reports.observed_at[rows], np.full(len(rows), NEVER)
        regrades = np.full(len(rows), clocks.regrades)
    lives = enter < leave
    rows, enter, leave, regrades = rows[lives], enter[lives], leave[lives], regrades[lives]
    cell = report_cell(reports.take(rows), register, regrades)
    return _arrange(reports, rows, enter, leave, cell, register.trust.ravel()[cell], expectations)


def _split(
    rows: Ints, enter: Times, leave: Times, reports: Reports, register: Register, until: int
) -> tuple[Ints, Times, Times, Times]:
    """Cut lives at regrades of the source or the origin; return rows, lives and the regrades known in each."""
    regrades = enter.copy()
    for source, since in zip(register.regraded_source, register.regraded_from, strict=True):
        touched = (reports.source[rows] == source) | (reports.origin[rows] == source)
        cut = np.flatnonzero(touched & (enter < since) & (since < leave) & (since <= until))
        rows, enter = np.concatenate([rows, rows[cut]]), np.concatenate([enter, np.full(len(cut), since)])
        leave, regrades = np.concatenate([leave, leave[cut]]), np.concatenate([regrades, np.full(len(cut), since)])
        leave[cut] = since
    return rows, enter, leave, np.minimum(regrades, until)


def _arrange(
    reports: Reports, rows: Ints, enter: Times, leave: Times, cell: Ints, trust: Floats, expectations: Expectations
) -> Hearings:
    """Put rows in the order of the telling and number voices and strengths."""
    picked = reports.take(rows)
    order = np.lexsort(
        (
            *(rows, enter, picked.level, trust, picked.known_from, picked.observed_at),
            *(picked.source, picked.origin, picked.indicator),
        )
    )
    rows, enter, leave, cell = rows[order], enter[order], leave[order], cell[order]
    trust, picked = trust[order], picked.take(order)
    new = (picked.indicator[1:] != picked.indicator[:-1]) | (picked.origin[1:] != picked.origin[:-1])
    half_life = expectations.half_life_days[picked.channel]
    nats = trust_nats(trust)
    return Hearings(
        report=rows,
        voice=np.concatenate([np.zeros(min(len(rows), 1), dtype=np.int64), np.cumsum(new)]),
        source=picked.source,
        own=picked.source == picked.origin,
        channel=picked.channel,
        indicator=picked.indicator,
        level=picked.level,
        observed_at=picked.observed_at,
        half_life_days=half_life,
        cell=cell,
        trust=trust,
        nats=nats,
        strength=_strength(nats, picked, half_life),
        enter=enter,
        leave=leave,
    )


def _strength(nats: Floats, reports: Reports, half_life_days: Floats) -> Ints:
    """Return each row's place in the order of ``nats`` times fading; within a channel it never changes."""
    # By the clock and not by any report's age: rounding settles exact ties, and must not hang on who else is heard.
    lasting = np.log2(np.where(nats > 0, nats, 1.0)) + reports.observed_at / (half_life_days * DAY)
    rows = np.arange(len(nats))
    place = np.empty(len(nats), dtype=np.int64)
    told = (rows, reports.source, reports.known_from, reports.observed_at)
    place[np.lexsort((*told, np.where(nats > 0, lasting, -np.inf)))] = rows
    return place
