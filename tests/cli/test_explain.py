"""Explain: the parts add up exactly to the whole, and the table shows it."""

import json

import pytest


@pytest.fixture
def explanation(ask):
    return json.loads(ask("explain", "--since", "2022-10-05", "--format", "json").stdout)


def test_contributions_sum_to_the_whole(explanation):
    for line in explanation["scenarios"]:
        parts = sum(indicator["parts"][line["id"]] for indicator in explanation["indicators"])
        assert abs(line["ln_prior"] + parts + explanation["balance"] - line["ln_likelihood"]) < 1e-9


def test_reports_sum_to_their_indicator(explanation):
    for indicator in explanation["indicators"]:
        for scenario, part in indicator["parts"].items():
            reports = sum(report["parts"][scenario] for report in indicator["observations"])
            assert abs(reports - part) < 1e-9


def test_the_change_sums_to_the_difference(explanation):
    change = explanation["change"]
    assert [step["id"] for step in change["steps"]] == ["fading", "new", "withdrawn", "re-graded", "catalog"]
    for line in explanation["scenarios"]:
        name = line["id"]
        moved = sum(step["likelihood"][name] for step in change["steps"])
        assert abs(change["before"][name] + moved - change["after"][name]) < 1e-9
        assert change["after"][name] == line["likelihood"]


def test_the_table_is_for_people(ask, golden):
    golden("explain.txt", ask("explain", "--since", "2022-10-05").stdout)


def test_the_csv_has_a_row_a_report_and_scenario(ask, explanation):
    lines = ask("explain", "--format", "csv").stdout.splitlines()
    reports = sum(len(indicator["observations"]) for indicator in explanation["indicators"])
    assert len(lines) == 1 + reports * len(explanation["scenarios"])


def test_since_must_be_earlier(ask):
    answer = ask("explain", "--since", "2022-10-13")
    assert answer.returncode == 2
    assert answer.stderr.startswith("IW504 since is not earlier (2022-10-13T00:00:00Z);")
