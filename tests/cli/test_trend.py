"""Trend: the CSV contract, the grid, the two clocks, the picture."""

import csv
import io
import json

import pytest

from tests.cli.conftest import FACTS, ROOT

SPAN = ("--from", "2022-10-01", "--to", "2022-10-12")


def test_the_csv_has_the_columns_of_the_contract(ask):
    lines = ask("trend", *SPAN, "--format", "csv").stdout.splitlines()
    assert lines[0] == "at,subject,scenario,likelihood,score,against,coverage,rung"
    assert len(lines) == 1 + 12 * 6
    assert lines[1].startswith("2022-10-01T00:00:00Z,belarus,rear-area,0.")


def test_bands_are_two_more_columns(ask):
    answer = ask("trend", *SPAN, "--format", "csv", "--bands", "--draws", "20", "--seed", "4")
    lines = answer.stdout.splitlines()
    assert answer.stderr == "Bands: 5 % to 95 % of 20 draws, seed 4.\n"
    assert lines[0] == "at,subject,scenario,likelihood,score,against,coverage,rung,low,high"
    plain = ask("trend", *SPAN, "--format", "csv").stdout.splitlines()
    assert [line.rsplit(",", 2)[0] for line in lines[1:]] == plain[1:]
    assert ask("trend", *SPAN, "--format", "csv", "--bands", "--draws", "0").stdout.splitlines() == plain


@pytest.mark.parametrize("vintage", [(), ("--vintage",)], ids=["plain", "vintage"])
def test_a_time_alone_has_the_digits_of_that_time_in_a_trend(ask, vintage):
    rows = list(csv.DictReader(io.StringIO(ask("trend", *SPAN, "--format", "csv", "--bands", *vintage).stdout)))
    at = "2022-10-08T00:00:00Z"
    known = ("--known-at", at) if vintage else ()
    alone = json.loads(ask("score", "--format", "json", *known, at=at).stdout)
    inside = [row for row in rows if row["at"] == at]
    assert [row["likelihood"] for row in inside] == [repr(line["likelihood"]) for line in alone["scenarios"]]
    assert [row["low"] for row in inside] == [repr(line["low"]) for line in alone["scenarios"]]
    assert [row["high"] for row in inside] == [repr(line["high"]) for line in alone["scenarios"]]
    assert [row["score"] for row in inside] == [repr(line["score"]) for line in alone["scenarios"]]
    assert {row["rung"] for row in inside} == {alone["rung"]}


def test_late_reports_never_rewrite_the_vintage_trend(ask, facts, write_rows):
    known, observed = facts[0].index("reported_at"), facts[0].index("observed_at")
    late = [*facts[1]]
    late[known], late[facts[0].index("external_id")] = "2022-10-11T00:00:00Z", "late"
    late[observed] = "2022-10-01T00:00:00Z"
    more = write_rows("more.csv", [*facts, late])
    asked = ("--from", "2022-10-01", "--to", "2022-10-10", "--format", "csv")
    assert ask("trend", *asked, "--vintage", observations=more).stdout == ask("trend", *asked, "--vintage").stdout
    assert ask("trend", *asked, observations=more).stdout != ask("trend", *asked).stdout


def test_the_span_left_out_is_the_files(run):
    answer = run("trend", "northern-front", "--catalog", ROOT, "--observations", FACTS, "--format", "json")
    assert json.loads(answer.stdout)["rows"][0]["at"].endswith("T00:00:00Z")
    assert "taking the file's last time" in answer.stderr


@pytest.mark.parametrize(("format", "start"), [("svg", b"<svg"), ("png", b"\x89PNG")])
def test_a_chart_is_written(ask, tmp_path, format, start):
    answer = ask("trend", *SPAN, "--format", format, "--out", tmp_path / "chart")
    assert answer.returncode == 0
    assert (tmp_path / "chart").read_bytes().startswith(start)


def test_the_table_is_for_people(ask, golden):
    golden("trend.txt", ask("trend", *SPAN, "--step", "2d").stdout)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--from", "2000-01-01", "--to", "2022-10-12", "--step", "1min"), "IW511 too many times (11980801 times;"),
        (("--from", "2022-10-12", "--to", "2022-10-01"), "IW505 to lies before from (2022-10-01T00:00:00Z)"),
        ((*SPAN, "--step", "daily"), "IW506 not a step (daily); must be a number and min, h, d or w, or a whole"),
    ],
)
def test_a_span_or_step_that_is_none_is_refused(ask, arguments, said):
    answer = ask("trend", *arguments)
    assert answer.returncode == 2
    assert said in answer.stderr


def test_an_answer_that_cannot_be_written_is_exit_3(ask, tmp_path):
    answer = ask("trend", *SPAN, "--out", tmp_path / "none" / "chart.csv")
    assert answer.returncode == 3
    assert answer.stderr.startswith("IW402 cannot write")
