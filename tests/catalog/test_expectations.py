import pytest
from hypothesis import given
from hypothesis import strategies as st

from iwscore.catalog import load
from iwscore.catalog.expectations import shares
from tests.catalog.conftest import Write

PROBLEM = """\
id: border
horizon: 90d
subjects: any
scale: kent
scenarios: [{id: quiet, prior: 0.7}, {id: attack, prior: 0.2}, {id: other, prior: 0.1}]
expectations:
  troops:
    rationale: Because.
    weight: 0.8
    cases: 20
    given:
      attack: {division: 0.7, none: 0.1, brigade: 0.2}
      quiet: {none: 0.9, brigade: 0.0600001, division: 0.04}
    otherwise: {none: 0.5, brigade: 0.25, division: 0.25}
  talks: {given: {quiet: probably-not, attack: 0.9, other: {present: 0.3, absent: 0.7}}}
"""
SIGNS = "indicators: [{id: troops, half_life: 1d, levels: [none, brigade, division]}, {id: talks, half_life: 1d}]"


def test_rows_arrive_by_scenario_and_level(write: Write) -> None:
    problem = load(write({"scenarios/a.yaml": PROBLEM, "indicators/a.yaml": SIGNS})).problems["border"]
    talks, troops = problem.expectations
    assert (troops.rationale, troops.weight, troops.cases) == ("Because.", 0.8, 20)
    assert (talks.rationale, talks.weight, talks.cases) == ("", 1.0, None)
    assert troops.given[1:] == ((0.1, 0.2, 0.7), (0.5, 0.25, 0.25))
    assert troops.given[0] == pytest.approx([0.9, 0.06, 0.04], abs=1e-6)
    assert sum(troops.given[0]) == pytest.approx(1, abs=1e-15)
    assert talks.given == ((0.7, 0.3), (1 - 0.9, 0.9), (0.7, 0.3))
    assert talks.words == ("probably-not", None, None)
    assert troops.words == (None, None, None)


def test_scenarios_that_share_a_row_as_written_share_a_judgment(write: Write) -> None:
    """Equal rows that are written twice are two judgments."""
    text = PROBLEM[: PROBLEM.index("  talks:")] + "  talks: {given: {other: even}, otherwise: even}\n"
    talks, troops = load(write({"scenarios/a.yaml": text, "indicators/a.yaml": SIGNS})).problems["border"].expectations
    assert talks.judgments == (0, 0, 1)
    assert troops.judgments == (0, 1, 2)


@given(st.lists(st.floats(0.001, 1), min_size=2, max_size=6))
def test_shares_sum_to_1_and_clean_ones_stay_themselves(numbers: list[float]) -> None:
    total = sum(numbers)
    row = [number / total for number in numbers]
    fitted = shares(row)
    assert fitted is not None
    assert sum(fitted) == pytest.approx(1, abs=1e-15)
    assert shares(number * 1.00001 for number in row) is None
    assert shares([0.1] * 10) == (0.1,) * 10
