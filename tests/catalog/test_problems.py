from datetime import UTC, datetime

from iwscore.catalog import load
from iwscore.domain.problems import Group, Outcome, Scenario
from tests.catalog.conftest import Write

PROBLEM = """\
id: border
title: Border
question: Will it be crossed?
horizon: 3mo
subjects: [poland, belarus]
scenarios:
  - {id: quiet, title: Quiet, prior: 0.7, description: Nothing.}
  - {id: other, prior: 0.3, catch_all: true}
expectations: {talks: {otherwise: even}, troops: {otherwise: even}}
groups:
  - {id: two, indicators: [troops, talks], correlation: 0.4, rationale: Together.}
  - {id: one, indicators: [spare], correlation: 1}
outcomes:
  - {subject: poland, scenario: other, at: 2023-01-10T12:00+01:00, source: press, note: Seen.}
  - {subject: belarus, scenario: quiet, at: 2023-01-10}
"""
SIGNS = "indicators: [{id: troops, half_life: 1d}, {id: talks, half_life: 1d}, {id: spare, half_life: 1d}]"


def test_every_key_of_a_problem_arrives_in_canonical_order(write: Write) -> None:
    text = PROBLEM.replace("troops: {otherwise: even}", "troops: {otherwise: even}, spare: {otherwise: even}")
    problem = load(write({"scenarios/a.yaml": text, "indicators/a.yaml": SIGNS})).problems["border"]
    assert (problem.title, problem.question, problem.horizon) == ("Border", "Will it be crossed?", "3mo")
    assert problem.subjects == ("belarus", "poland")
    assert problem.scenarios == (
        Scenario(id="quiet", title="Quiet", prior=0.7, description="Nothing."),
        Scenario(id="other", title="other", prior=0.3, catch_all=True),
    )
    assert [expectation.indicator for expectation in problem.expectations] == ["spare", "talks", "troops"]
    assert problem.groups == (
        Group(id="one", indicators=("spare",), correlation=1),
        Group(id="two", indicators=("talks", "troops"), correlation=0.4, rationale="Together."),
    )
    noon = datetime(2023, 1, 10, 11, tzinfo=UTC)
    assert problem.outcomes == (
        Outcome(subject="belarus", scenario="quiet", at=datetime(2023, 1, 10, tzinfo=UTC)),
        Outcome(subject="poland", scenario="other", at=noon, source="press", note="Seen."),
    )
    assert (problem.ladder, problem.scale) == (None, "icd203")


def test_any_subject_is_none_in_particular(write: Write) -> None:
    text = PROBLEM.replace("[poland, belarus]", "any").replace("[spare]", "[troops]").replace("[troops, ", "[")
    assert load(write({"scenarios/a.yaml": text, "indicators/a.yaml": SIGNS})).problems["border"].subjects is None
