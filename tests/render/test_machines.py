"""JSON and CSV: keys and order of the contract, full precision, and cells no spreadsheet computes."""

import csv
import io
import json
import math
from typing import Any

import orjson
import pytest

from iwscore.domain.times import print_instant
from iwscore.render.machines import assessment_csv, assessment_json, trend_csv, trend_json
from iwscore.render.machines import explanation_csv as parts_csv
from iwscore.render.machines import explanation_json as parts_json
from tests.render.samples import AT, assessment, banded, explanation, trend


def rows(text: str) -> list[dict[str, str]]:
    assert "\r" not in text
    assert text.endswith("\n")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_an_assessment_has_the_keys_of_the_contract_in_order() -> None:
    text = assessment_json(assessment(known_at=AT))
    content = json.loads(text)
    assert " ".join(content) == (
        "problem subject at known_at catalog observations unplaced coverage rung flags scenarios"
    )
    assert " ".join(content["scenarios"][0]) == "id title prior likelihood low high term score against"
    assert (content["at"], content["known_at"]) == ("2022-10-12T00:00:00Z", "2022-10-12T00:00:00Z")
    assert content["scenarios"][0]["likelihood"] == 0.1 + 0.2
    assert content["scenarios"][2] | {"title": ""} == {
        "id": "something-else", "title": "", "prior": 0.1, "likelihood": 0.00001, "low": None, "high": None,
        "term": "remote", "score": None, "against": None,
    }  # fmt: skip
    assert text.endswith("}\n")


def test_an_assessment_has_a_row_a_scenario() -> None:
    first, raid, last = rows(assessment_csv(assessment()))
    assert " ".join(first) == (
        "problem subject at known_at catalog observations unplaced coverage rung flags scenario title "
        "prior likelihood low high term score against"
    )
    assert (first["known_at"], first["flags"], first["likelihood"]) == ("", "thin blind", repr(0.1 + 0.2))
    assert (raid["title"], raid["against"]) == (assessment().scenarios[1].title, "1e-07")
    assert (last["score"], last["low"]) == ("", "")


def test_a_trend_has_the_columns_of_the_contract_and_loses_no_digit() -> None:
    answer = trend(3)
    text = trend_csv(answer)
    assert text.splitlines()[0] == "at,subject,scenario,likelihood,score,against,coverage,rung"
    assert text.splitlines()[1] == "2022-10-10T00:00:00Z,river,calm,0.7,70.0,0.30000000000000004,,routine"
    read = rows(text)
    assert [float(row["likelihood"]) for row in read] == answer.likelihood.ravel().tolist()
    assert [row["score"] == "" for row in read] == [math.isnan(x) for x in answer.score.ravel()]


def test_the_ends_of_bands_are_the_last_columns() -> None:
    answer = banded()
    read = rows(trend_csv(answer))
    assert ",".join(read[0]) == "at,subject,scenario,likelihood,score,against,coverage,rung,low,high"
    ends = [(row["low"], row["high"]) for row in json.loads(trend_json(answer))["rows"]]
    assert ends == [(float(row["low"]), float(row["high"])) for row in read]
    assert ends[4] == pytest.approx((0.8 * answer.likelihood[1, 1], 0.2 + 0.8 * answer.likelihood[1, 1]))
    assert "low" not in json.loads(trend_json(trend()))["rows"][0]


def test_the_rows_of_a_trend_are_the_same_in_json() -> None:
    answer = trend(3, known_at=AT, vintage=True)
    content = json.loads(trend_json(answer), parse_constant=pytest.fail)
    assert " ".join(content) == "problem subject known_at vintage catalog rows"
    assert (content["known_at"], content["vintage"]) == ("2022-10-12T00:00:00Z", True)
    expected = [row | {"at": print_instant(row["at"])} for row in answer.rows()]
    assert content["rows"] == expected


def test_an_explanation_is_given_whole() -> None:
    answer = explanation()
    content = json.loads(parts_json(answer), parse_constant=pytest.fail)
    assert content["known_at"] == "2022-10-11T23:59:59.999999Z"
    assert list(content) == list(type(answer).model_fields)
    assert content["indicators"][0]["observations"][0]["observed_at"] == "2022-10-10T00:00:00Z"
    assert type(answer).model_validate(content) == answer


def test_an_explanation_has_a_row_a_report_and_scenario() -> None:
    answer = explanation()
    read = rows(parts_csv(answer))
    assert " ".join(read[0]) == (
        "indicator id external_id source origin party level grade trust observed_at known_from fading evidence "
        "scenario part"
    )
    parts = [part for i in answer.indicators for report in i.observations for part in report.parts.values()]
    priors = [line.ln_prior for line in answer.scenarios]
    assert [float(row["part"]) for row in read] == [*priors, *parts, *[answer.balance] * len(priors)]
    assert {row["source"] for row in read} == {"", "scouts", "press", "'=minister", "envoy"}
    assert {row["id"] for row in read if not row["indicator"]} == {"prior", "balance"}


@pytest.mark.parametrize(
    ("title", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\tx", "'\tx"),
        ("\rx", '"\'\rx"'),
        ('=HYPERLINK("a","b")', '"\'=HYPERLINK(""a"",""b"")"'),
        ("a, b", '"a, b"'),
        ("a\nb", '"a\nb"'),
        ("1-1", "1-1"),
        ("−1", "−1"),
    ],
)
def test_text_is_never_a_formula(title: str, cell: str) -> None:
    line = assessment().scenarios[0].model_copy(update={"title": title})
    assert f",calm,{cell},0.7," in assessment_csv(assessment(scenarios=(line,)))


def test_numbers_below_zero_stay_numbers() -> None:
    assert ",calm,-0.4\n" in parts_csv(explanation())


def test_what_is_not_a_number_is_null_and_what_is_no_answer_is_refused() -> None:
    assert json.loads(assessment_json(assessment(coverage=float("nan"))))["coverage"] is None
    strange: Any = {"a set"}
    with pytest.raises(orjson.JSONEncodeError, match="not JSON serializable: set"):
        trend_json(trend(1, subject=strange))
