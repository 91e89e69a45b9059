"""JSON becomes models and arrays with every digit it had, and keys that nobody knows yet do no harm."""

import numpy as np

from iwscore.client.answers import Answer, Said, answer, known, tabled
from iwscore.client.connections import Got
from iwscore.domain.assessments import Cause
from iwscore.domain.times import parse_instant

AT = "2022-10-12T00:00:00Z"
ABOUT = {"problem": "p", "subject": "s", "known_at": None, "vintage": False}


def row(day: int, scenario: str, likelihood: float, **more: float) -> dict[str, object]:
    measures: dict[str, object] = {
        "likelihood": likelihood,
        "score": None,
        "against": 1.5,
        "coverage": 0.1 * day,
        "rung": None,
    }
    return {"at": f"2022-10-{day:02}T00:00:00Z", "subject": "s", "scenario": scenario} | measures | more


def test_what_an_answer_says_of_itself() -> None:
    body = {"catalog": "c", "log": "l", "ceiling": "amber", "at": AT, "stale": ["nothing is reported"], "new": 1}
    found = answer(Got(b"", {}, '"t"', unchanged=True), "content", body)
    said = Said(catalog="c", log="l", ceiling="amber", at=parse_instant(AT), stale=("nothing is reported",))
    assert found == Answer("content", said, '"t"', unchanged=True)


def test_a_model_takes_what_it_knows() -> None:
    cause = {"kind": "regrade", "id": "1", "target": "", "known_from": AT, "what": "A to B", "reason": "", "new": 1}
    assert known(Cause, cause).known_from == parse_instant(AT)


def test_rows_of_a_trend_become_arrays() -> None:
    third = 1 / 3
    rows = [row(1, "a", third), row(1, "b", 1 - third), row(2, "b", 1.0)]
    table = tabled(ABOUT | {"known_at": AT}, rows)
    assert (table.scenarios, table.rung, table.low) == (("a", "b"), (None, None), None)
    assert table.times.tolist() == [parse_instant(f"2022-10-0{day}").replace(tzinfo=None) for day in (1, 2)]
    np.testing.assert_array_equal(table.likelihood, [[third, 1 - third], [np.nan, 1.0]])
    np.testing.assert_array_equal(table.coverage, [0.1, 0.2])
    assert np.isnan(table.score).all()
    assert (table.known_at, table.rows) == (parse_instant(AT), tuple(rows))


def test_bands_are_there_where_they_were_asked_for() -> None:
    table = tabled(ABOUT, [row(1, "a", 0.5, low=0.25, high=0.75)])
    assert (table.low, table.high) == (np.array([[0.25]]), np.array([[0.75]]))


def test_a_trend_may_have_no_rows() -> None:
    assert tabled(ABOUT, []).likelihood.shape == (0, 0)
