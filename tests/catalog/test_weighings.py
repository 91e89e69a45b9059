"""Findings by arithmetic against figures worked out by other means."""

import math
from pathlib import Path

import pytest

from iwscore.catalog import load
from tests.catalog.conftest import Inspect, told

CERTAIN = """
indicators/signs.yaml: {indicators: [{id: troops, common_error: 0.0}, {id: talks, common_error: 0.0}]}
scenarios/border.yaml:
  scenarios: [{id: quiet, prior: 0.98}, {id: attack, prior: 0.01}, {id: other, prior: 0.01}]
  expectations:
    troops: {given: {quiet: 0.001, attack: 0.999}, otherwise: 0.999}
    talks: {given: {quiet: 0.001}, otherwise: 0.999}
"""


def test_overconfidence_is_bayes_rule_on_the_grade(look: Inspect) -> None:
    line = told(look(CERTAIN), "overconfidence")[0]
    # B2 is worth 0.7 in the house values: a report is (1.7 / 0.3) times likelier of the level that is so.
    ratio = 1.7 / 0.3
    quiet = (0.999 * ratio + 0.001) ** 2
    others = (0.001 * ratio + 0.999) ** 2
    percent = math.floor(1e6 * 0.98 * quiet / (0.98 * quiet + 0.02 * others)) / 1e4
    assert (
        f"(with B2 reports on every indicator quiet reaches {percent:g} %; 2 of 2 indicators assumed independent)"
        in line
    )
    assert line.startswith("scenarios/border.yaml:17:1: IW255 ")


def test_groups_and_drafts_lessen_confidence(look: Inspect) -> None:
    group = "\n  groups: [{id: all, indicators: [talks, troops], correlation: 1, rationale: One order.}]"
    assert told(look(CERTAIN + group), "overconfidence") == []
    draft = CERTAIN.replace("id: talks, common", "id: talks, status: draft, common")
    drafts = "\n  groups: [{id: drafts, indicators: [talks], correlation: 1, rationale: A draft.}]"
    assert told(look(draft + drafts), "overconfidence") == []


def test_some_indicators_in_groups_are_counted_apart(look: Inspect) -> None:
    group = "\n  groups: [{id: one, indicators: [talks], correlation: 0.5, rationale: Alone.}]"
    assert "1 of 2 indicators assumed independent" in told(look(CERTAIN + group), "overconfidence")[0]


def test_a_rung_is_out_of_reach_beyond_certain_levels(look: Inspect) -> None:
    # Certain to within the common error of 0.02: presence counts 0.99 times its share, absence 0.01 times its own.
    p = {word: 0.99 * x + 0.01 * (1 - x) for word, x in {"likely": 0.675, "unlikely": 0.325}.items()}
    attack = 0.1 * p["likely"] * p["likely"]
    rest = 0.85 * p["unlikely"] * p["unlikely"] + 0.05 * p["unlikely"] * p["likely"]
    reach = attack / (attack + rest)
    line = told(look("scenarios/border.yaml: {ladder: {rungs: [{id: watch, raise_at: 0.9}]}}"), "rung-out-of-reach")[0]
    assert f"they reach {math.floor(reach * 1e6) / 1e4:g} %" in line
    for raise_at, count in ((reach - 1e-6, 0), (reach + 1e-6, 1)):
        above = f"scenarios/border.yaml: {{ladder: {{rungs: [{{id: watch, raise_at: {raise_at}}}]}}}}"
        assert len(told(look(above), "rung-out-of-reach")) == count


def test_reach_takes_the_best_of_several_adverse_scenarios(look: Inspect) -> None:
    # Both adverse scenarios together are told least from the rest by talks; each by itself is.
    above = """
scenarios/border.yaml:
  scenarios: [{id: quiet, prior: 0.8}, {id: attack, prior: 0.1}, {id: other, prior: 0.1}]
  expectations:
    troops: {given: {attack: 0.9, other: 0.1}, otherwise: 0.5}
    talks: {given: {attack: 0.9, quiet: 0.5, other: 0.1}, otherwise: 0.5}
  ladder: {adverse: [attack, other], rungs: [{id: watch, raise_at: 0.25, clear_at: 0.25}]}
"""
    assert told(look(above), "rung-out-of-reach") == []


def test_bits_are_the_mutual_information(look: Inspect) -> None:
    def entropy(*shares: float) -> float:
        return -sum(share * math.log2(share) for share in shares)

    marginal = 0.85 * 0.505 + 0.15 * 0.5
    bits = entropy(marginal, 1 - marginal) - 0.85 * entropy(0.505, 0.495) - 0.15 * entropy(0.5, 0.5)
    above = "scenarios/border.yaml: {expectations: {troops: {given: {quiet: 0.505, attack: 0.5}, otherwise: 0.5}}}"
    assert f"(troops, {bits:.4f} bits)" in told(look(above), "tells-nothing")[0]


def test_what_has_no_weight_tells_and_separates_nothing(look: Inspect) -> None:
    found = look("scenarios/border.yaml: {expectations: {talks: {weight: 0}}}")
    assert "(talks, 0.0000 bits)" in told(found, "tells-nothing")[0]
    assert "(quiet, other)" in told(found, "never-separated")[0]


def test_nothing_separates_scenarios_without_indicators(look: Inspect) -> None:
    found = look("scenarios/border.yaml: {expectations: {talks: ~, troops: ~}, ladder: ~}")
    assert len(told(found, "never-separated")) == 3
    assert told(found, "overconfidence") == []


def test_absence_is_slow_where_any_other_level_fades_sooner(look: Inspect) -> None:
    levels = "levels: [none, few, many], half_life: {none: 10d, few: 5d, many: 20d}"
    found = look(f"indicators/signs.yaml: {{indicators: [{{id: spare, {levels}}}]}}")
    assert "none should fade faster" in told(found, "slow-absence")[0]


@pytest.mark.parametrize(("clear_at", "count"), [(0.1, 1), (0.100001, 0)])
def test_a_rung_clears_by_itself_only_above_the_priors(look: Inspect, clear_at: float, count: int) -> None:
    above = f"scenarios/border.yaml: {{ladder: {{rungs: [{{id: watch, clear_at: {clear_at}}}]}}}}"
    assert len(told(look(above), "rung-stands-raised")) == count


def test_the_least_reports_of_the_house_move_nothing_for_certain(look: Inspect) -> None:
    # A table that gives B2 nothing leaves the priors, and no prior reaches 99.9 %.
    rows = ", ".join(f"{letter}: [0, 0, 0, 0, 0, 0]" for letter in "ABCDEFG")
    look(CERTAIN + f"sources/trust.yaml: {{trust: {{label: none, table: {{{rows}}}}}}}")
    assert load(Path()).trust.label == "none"
    assert told(look(CERTAIN), "overconfidence") == []
