"""Questions: which problem and subject is meant, and whether it can be asked so.

Here belong the refusals of a question. Answering belongs to the verbs.
"""

from __future__ import annotations

from datetime import datetime

from iwscore.core.bundles import EVERYTHING
from iwscore.domain.catalogs import Catalog
from iwscore.domain.problems import Problem
from iwscore.domain.times import print_instant, to_micros
from iwscore.errors import QuestionError, nearest
from iwscore.services.partitions import Named, Parted, subjects_in

__all__ = ["ask", "asks", "before", "find", "known_micros"]


def ask(catalog: Catalog, observations: Parted | Named, problem: str, subject: str | None) -> tuple[Problem, str]:
    """Return the problem and subject a question means.

    Raises
    ------
    QuestionError
        IW501 for a problem the catalog does not hold, IW502 where the subject must be named, IW503 for one that is
        not the problem's.
    """
    found = find(catalog, problem)
    subjects = found.subjects or subjects_in(observations)
    if subject is None:
        if found.subjects is not None and len(found.subjects) == 1:
            return found, found.subjects[0]
        raise QuestionError(
            "IW502", "no subject", None, f"{problem} is asked about one subject at a time",
            f"Give --subject. {nearest('', subjects)}",
        )  # fmt: skip
    if found.subjects is not None and subject not in found.subjects:
        raise QuestionError(
            "IW503", "unknown subject", subject, f"must be one that {problem} watches", nearest(subject, subjects)
        )
    return found, subject


def find(catalog: Catalog, problem: str) -> Problem:
    """Return a problem of the catalog.

    Raises
    ------
    QuestionError
        IW501 where the catalog does not hold it.
    """
    if problem not in catalog.problems:
        raise QuestionError(
            "IW501", "unknown problem", problem, "must be one of the catalog's", nearest(problem, catalog.problems)
        )
    return catalog.problems[problem]


def asks(catalog: Catalog, problem: str, subject: str) -> bool:
    """Return whether a catalog holds a problem that watches a subject."""
    found = catalog.problems.get(problem)
    return found is not None and (found.subjects is None or subject in found.subjects)


def known_micros(known_at: datetime | None) -> int:
    """Return a knowledge time in microseconds; None is everything."""
    return EVERYTHING if known_at is None else min(to_micros(known_at), EVERYTHING)


def before(since: datetime, at: datetime, known_at: datetime | None) -> None:
    """Refuse an earlier question that is not earlier than the present one, by either clock."""
    late = since > at or (known_at is not None and since > known_at)
    if late:
        raise QuestionError(
            "IW504", "since is not earlier", print_instant(since), "must not lie after at or known_at",
            "Give an earlier --since.",
        )  # fmt: skip
