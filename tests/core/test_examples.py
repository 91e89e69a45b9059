"""The rows and the problem of the examples are what the core takes."""

import numpy as np
import pytest

from iwscore.core.answering import answer
from iwscore.core.bundles import Reports
from iwscore.core.examples import tiny_hearings, tiny_problem, tiny_question
from tests.core.rows import judged


@pytest.mark.parametrize("indicators", [1, 3])
@pytest.mark.parametrize("correlation", [None, 0.5])
def test_the_problem_is_sound(indicators: int, correlation: float | None) -> None:
    problem = tiny_problem(indicators=indicators, correlation=correlation)
    assert problem.priors.sum() == 1
    assert all((given.sum(axis=1) == 1).all() for given in problem.given)
    assert problem.offsets[-1] == len(problem.half_life_days) == 2 * indicators
    assert [members.tolist() for members, _ in problem.groups] == (
        [] if correlation is None else [[*range(indicators)]]
    )


def test_the_rows_speak_of_the_problem() -> None:
    """Trust 0.5 is 3 : 1 for a level, and so 2.6 : 1.4 for the scenarios."""
    likelihood = judged(tiny_hearings(levels=[1], observed_at=[0]), tiny_problem(), np.array([0])).likelihood
    assert likelihood.round(12).tolist() == [[0.65, 0.35]]


def test_sources_may_be_named() -> None:
    assert tiny_hearings(levels=[0, 1], observed_at=[0, 0], sources=[4, 5]).source.tolist() == [4, 5]


def test_the_question_is_about_the_same_rows() -> None:
    asked = tiny_question(levels=[1], observed_at=[0], known_from=[5])
    assert answer(asked, np.array([0])).assessed.likelihood.round(12).tolist() == [[0.65, 0.35]]
    assert isinstance(asked.reports, Reports)
    assert asked.reports.known_from.tolist() == [5]
