"""Which question is meant, and which cannot be asked so."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from iwscore.core.bundles import EVERYTHING
from iwscore.errors import QuestionError
from iwscore.services.questions import ask, before, known_micros
from tests.oracle.plain import AT, PROBLEM, SUBJECT, report, world, yes_no
from tests.oracle.worlds import World
from tests.services.telling import Told

SIGNS = {"sign-0": yes_no([0.8, 0.2])}
Tell = Callable[[World], Told]


def watching(tell: Tell, subjects: object, *seen: str) -> Told:
    """A problem that watches these subjects, with a report on each of the others."""
    rows = [report("sign-0", 1, "a", "A1", subject=subject) for subject in seen]
    more = {"problem": {"subjects": subjects}, "sources": [{"id": "a", "grades": []}]}
    return tell(world([0.5, 0.5], SIGNS, rows, **more))


def meant(told: Told, problem: str, subject: str | None) -> tuple[str, str]:
    found, named = ask(told.catalog, told.observations, problem, subject)
    return found.id, named


def test_the_only_subject_of_a_problem_goes_without_saying(tell: Tell) -> None:
    told = watching(tell, [SUBJECT], SUBJECT)
    assert meant(told, PROBLEM, None) == meant(told, PROBLEM, SUBJECT) == (PROBLEM, SUBJECT)


def test_a_problem_of_any_subject_may_be_asked_about_one_that_nobody_mentions(tell: Tell) -> None:
    assert meant(watching(tell, "any", "north"), PROBLEM, "south") == (PROBLEM, "south")


@pytest.mark.parametrize(
    ("subjects", "problem", "subject", "said"),
    [
        (
            ["north", "south"],
            "qestion",
            "north",
            'IW501 unknown problem (qestion); must be one of the catalog\'s. Did you mean "question"?',
        ),
        (
            ["north", "south"],
            PROBLEM,
            None,
            "IW502 no subject; question is asked about one subject at a time. Give --subject. There are: north, south.",
        ),
        (
            "any",
            PROBLEM,
            None,
            "IW502 no subject; question is asked about one subject at a time. Give --subject. There are: east, north.",
        ),
        (
            ["north", "south"],
            PROBLEM,
            "nort",
            'IW503 unknown subject (nort); must be one that question watches. Did you mean "north"?',
        ),
    ],
)
def test_what_cannot_be_asked_is_refused(
    tell: Tell, subjects: object, problem: str, subject: str | None, said: str
) -> None:
    told = watching(tell, subjects, "north", "east")
    with pytest.raises(QuestionError) as refused:
        meant(told, problem, subject)
    assert str(refused.value) == said
    assert refused.value.code == said[:5]


def test_without_a_knowledge_time_everything_is_known() -> None:
    assert known_micros(None) == EVERYTHING
    assert known_micros(datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC)) == 1_000_000


@pytest.mark.parametrize("known_at", [None, AT, AT + timedelta(days=9)])
def test_an_earlier_question_is_earlier_or_the_same(known_at: datetime | None) -> None:
    before(AT - timedelta(days=1), AT, known_at)
    before(AT, AT, known_at)


@pytest.mark.parametrize(("days", "known"), [(1, None), (1, 5), (0, -1)])
def test_an_earlier_question_that_is_later_by_either_clock_is_refused(days: int, known: int | None) -> None:
    known_at = None if known is None else AT + timedelta(days=known)
    with pytest.raises(QuestionError, match=r"^IW504 since is not earlier \(2022-10-0\dT00:00:00Z\); ") as refused:
        before(AT + timedelta(days=days), AT, known_at)
    assert str(refused.value).endswith("must not lie after at or known_at. Give an earlier --since.")
