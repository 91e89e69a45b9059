"""What is sent to a worker is small and whole, and comes back as it would be here."""

import pickle
from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given

import iwscore
from iwscore.core.answering import Question, answer
from iwscore.core.bundles import Pieces, Reports, Times
from iwscore.core.examples import tiny_question
from iwscore.core.workers import narrow, versions, work
from tests.core.drawing import some_times
from tests.core.rows import Row
from tests.core.test_answering import question, questions, told_alike


def sent(asked: Question, times: Times) -> list[tuple[Question, Times]]:
    """The question as a worker gets it."""
    made: list[tuple[Question, Times]] = pickle.loads(pickle.dumps(narrow([(asked, times)])))
    return made


@given(asked=questions(), times=some_times)
def test_a_worker_answers_as_one_would_here(asked: Question, times: Times) -> None:
    (found,) = work(sent(asked, times)).answers
    expected = answer(asked, times)
    assert told_alike(found.assessed, expected.assessed)
    assert (found.rung.tolist(), found.blind.tolist()) == (expected.rung.tolist(), expected.blind.tolist())


@pytest.mark.parametrize(("source", "size"), [(0, 1), (127, 1), (128, 2), (1 << 15, 4), (1 << 31, 8)])
def test_places_take_as_little_room_as_they_need(source: int, size: int) -> None:
    ((small, _),) = narrow([(question([Row(source=source, origin=source)], []), np.array([0]))])
    assert isinstance(small.reports, Reports)
    assert (small.reports.source.itemsize, small.reports.source.tolist()) == (size, [source])
    assert small.reports.observed_at.dtype == np.int64


def test_nothing_is_lost_on_the_way() -> None:
    asked = tiny_question(levels=[1, 0], observed_at=[10, 20], known_from=[10, 30])
    ((found, _),) = sent(asked, np.array([0]))
    for field in fields(Reports):
        assert getattr(found.reports, field.name).tolist() == getattr(asked.reports, field.name).tolist()


def test_answers_stand_in_the_order_of_the_questions() -> None:
    asked = [(tiny_question(levels=[level], observed_at=[0]), np.array([0])) for level in (0, 1)]
    assert [one.assessed.likelihood[0, 0].round(2) for one in work(asked).answers] == [0.35, 0.65]


def test_a_worker_says_which_versions_it_has() -> None:
    assert work([]).versions == versions() == {"iwscore": iwscore.__version__, "numpy": np.__version__}


def test_what_is_read_in_pieces_is_read_where_it_is() -> None:
    asked, times = tiny_question(levels=[1], observed_at=[10]), np.array([10])
    assert isinstance(asked.reports, Reports)
    told = asked.reports
    pieces = replace(asked, reports=Pieces(1, lambda: iter([told])))
    assert told_alike(work(narrow([(pieces, times)])).answers[0].assessed, answer(asked, times).assessed)
