"""Explain: the parts add up exactly to the whole, and the table shows it."""

import csv
import io
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
    rows = list(csv.DictReader(io.StringIO(ask("explain", "--format", "csv").stdout)))
    reports = sum(len(indicator["observations"]) for indicator in explanation["indicators"])
    assert len(rows) == (reports + 2) * len(explanation["scenarios"])
    for line in explanation["scenarios"]:
        parts = sum(float(row["part"]) for row in rows if row["scenario"] == line["id"])
        assert abs(parts - line["ln_likelihood"]) < 1e-9


def test_the_order_of_rows_does_not_change_a_byte(ask, facts, write_rows):
    backwards = write_rows("backwards.csv", [facts[0], *facts[:0:-1]])
    for format in ("json", "table"):
        asked = ("explain", "--since", "2022-10-05", "--format", format)
        assert ask(*asked, observations=backwards).stdout == ask(*asked).stdout


def test_a_change_as_csv_is_refused(ask):
    answer = ask("explain", "--since", "2022-10-05", "--format", "csv")
    assert (answer.returncode, answer.stdout) == (2, "")
    assert answer.stderr.startswith("IW512 a change as csv (--since)")


def test_since_must_be_earlier(ask):
    answer = ask("explain", "--since", "2022-10-13")
    assert answer.returncode == 2
    assert answer.stderr.startswith("IW504 since is not earlier (2022-10-13T00:00:00Z);")
