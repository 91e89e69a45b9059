"""What a worker does: questions in, answers out, and which versions gave them.

Here belongs what is sent to a worker process or machine and what comes back. A worker needs this package and NumPy
and nothing else. Who starts workers, and what becomes of the answers, belongs to the floors above.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from iwscore.core.answering import Answers, Question, answer
from iwscore.core.bundles import Ints, Pieces, Reports, Times

__all__ = ["Asked", "Worked", "narrow", "versions", "work"]

Asked = Sequence[tuple[Question, Times]]

_NARROWED = ("channel", "indicator", "level", "source", "origin", "letter", "digit", "cap")
_KINDS = (np.int8, np.int16, np.int32, np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Worked:
    """The answers in the order of the questions, and the versions that their last digit hangs on."""

    versions: dict[str, str]
    answers: tuple[Answers, ...]


def versions() -> dict[str, str]:
    """Return the versions here of what computes answers.

    Examples
    --------
    >>> sorted(versions())
    ['iwscore', 'numpy']
    """
    return {"iwscore": sys.modules["iwscore"].__version__, "numpy": np.__version__}


def narrow(asked: Asked) -> Asked:
    """Return the same questions in less room, to be sent.

    Parameters
    ----------
    asked
        Questions and their times.

    Returns
    -------
    Asked
        What `work` takes; places and grades are in the smallest integers that hold them.

    Examples
    --------
    >>> from iwscore.core.examples import tiny_question
    >>> narrow([(tiny_question(levels=[1, 0], observed_at=[10, 20]), np.array([10]))])[0][0].reports.level
    array([1, 0], dtype=int8)
    """
    return [(replace(question, reports=_all_narrowed(question.reports)), times) for question, times in asked]


def work(asked: Asked) -> Worked:
    """Return the answers to questions that `narrow` may have made small.

    Parameters
    ----------
    asked
        Questions and their times, as for `iwscore.core.answering.answer`.

    Returns
    -------
    Worked
        The same bits as the questions have where they come from, by the same versions on the same kind of machine.

    Raises
    ------
    ValueError
        If times do not ascend.

    Examples
    --------
    >>> from iwscore.core.examples import tiny_question
    >>> question = tiny_question(levels=[1], observed_at=[10])
    >>> work(narrow([(question, np.array([10]))])).answers[0].assessed.likelihood.round(3)
    array([[0.65, 0.35]])
    """
    return Worked(versions(), tuple(answer(question, times) for question, times in asked))


def _all_narrowed(reports: Reports | Pieces) -> Reports | Pieces:
    """Return the reports with small columns of places and grades; what is read in pieces stays as it is."""
    if isinstance(reports, Pieces):
        return reports
    columns: dict[str, Any] = {name: _narrowed(getattr(reports, name)) for name in _NARROWED}
    return replace(reports, **columns)


def _narrowed(column: Ints) -> Ints:
    """Return the column in the smallest integers that hold it."""
    ends = np.array([column.min(initial=0), column.max(initial=0)])
    return column.astype(next(kind for kind in _KINDS if (ends.astype(kind) == ends).all()))
