"""Limits: buckets that fill, and whoever is turned away."""

from iwscore.api.limits import Buckets, Rules, turned
from iwscore.errors import QuestionError


def test_a_bucket_gives_a_burst_and_then_its_rate() -> None:
    buckets = Buckets(2.0, 3)
    assert [buckets.take("a", 0.0) for _ in range(4)] == [2.0, 1.0, 0.0, -0.5]
    assert buckets.take("b", 0.0) == 2.0
    assert buckets.take("a", 0.5) == 0.0
    assert buckets.take("a", 100.0) == 2.0


def test_at_rate_0_no_one_counts() -> None:
    buckets = Buckets(0.0, 1)
    assert [buckets.take("a", 0.0) for _ in range(3)] == [1.0, 1.0, 1.0]


def test_of_too_many_names_the_one_unused_for_longest_is_forgotten() -> None:
    buckets = Buckets(0.001, 1, most=2)
    assert [buckets.take(name, 0.0) for name in "aba"] == [0.0, 0.0, -1000.0]
    buckets.take("c", 0.0)
    assert buckets.take("b", 0.0) == 0.0


def test_whoever_is_turned_away_is_told_why_in_a_problem_document() -> None:
    error = QuestionError("IW576", "asked too often", None, "must be less often", "Wait.")
    answer = turned("r-1", 429, error, Retry_After="3")
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "3")
    assert b'"code":"IW576","detail":"asked too often; must be less often. Wait."' in answer.body


def test_nothing_is_limited_by_rate_unless_told() -> None:
    assert Rules().requests_per_second == 0.0
