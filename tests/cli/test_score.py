"""Score: the outside contract of ``iwscore score``, on the built-in example."""

import csv
import io
import json
import math
import random
import re

import pytest
import yaml

from tests.cli.conftest import FACTS, ROOT


def test_the_json_has_the_keys_of_the_contract_and_sums_to_one(ask):
    answer = json.loads(ask("score", "--format", "json").stdout)
    assert list(answer) == [
        *("problem", "subject", "at", "known_at", "catalog", "observations", "unplaced"),
        *("coverage", "rung", "flags", "scenarios"),
    ]
    assert list(answer["scenarios"][0]) == [
        *("id", "title", "prior", "likelihood", "low", "high", "term", "score", "against"),
    ]
    assert answer["at"] == "2022-10-12T00:00:00Z"
    assert abs(math.fsum(line["likelihood"] for line in answer["scenarios"]) - 1) < 1e-12
    assert answer["unplaced"] == 0


def test_bands_are_drawn_unless_they_are_declined(ask):
    drawn = json.loads(ask("score", "--format", "json").stdout)["scenarios"]
    assert all(0 < line["low"] < line["high"] < 1 for line in drawn)
    none = json.loads(ask("score", "--format", "json", "--draws", "0").stdout)["scenarios"]
    assert none == [line | {"low": None, "high": None} for line in drawn]


def test_what_bands_are_made_of_is_said_beside_the_answer(ask):
    assert ask("score", "--draws", "1500", "--seed", "7").stderr == "Bands: 5 % to 95 % of 1,500 draws, seed 7.\n"
    assert ask("score", "--draws", "0").stderr == ""


def test_the_same_seed_gives_the_same_bytes(ask):
    first, again, other = (ask("score", "--format", "csv", "--seed", seed).stdout for seed in ("1", "1", "2"))
    assert first == again != other


def test_every_fact_of_the_article_is_in_the_file(facts):
    column = facts[0].index("external_id")
    named = {int(match[1]) for row in facts[1:] if (match := re.match(r"fact-(\d\d)", row[column]))}
    assert named == set(range(1, 18))


def test_the_order_of_rows_does_not_change_a_byte(ask, facts, write_rows):
    rows = facts[1:]
    random.Random(7).shuffle(rows)
    shuffled = write_rows("shuffled.csv", [facts[0], *rows])
    assert ask("score", "--format", "json", observations=shuffled).stdout == ask("score", "--format", "json").stdout


@pytest.mark.parametrize("rows", [0, 1], ids=["not a byte", "a header alone"])
def test_an_empty_file_gives_exactly_the_priors(ask, facts, write_rows, rows):
    answer = json.loads(ask("score", "--format", "json", observations=write_rows("empty.csv", facts[:rows])).stdout)
    written = yaml.safe_load((ROOT / "scenarios" / "northern-front.yaml").read_text(encoding="utf-8"))
    for name in ("likelihood", "low", "high"):
        assert [line[name] for line in answer["scenarios"]] == [s["prior"] for s in written["scenarios"]]
    assert answer["observations"] == 0


def test_two_centuries_later_the_priors_are_left(ask):
    later = json.loads(ask("score", "--format", "json", at="2222-10-12T00:00:00Z").stdout)
    assert [line["likelihood"] for line in later["scenarios"]] == [line["prior"] for line in later["scenarios"]]


def test_two_centuries_later_only_what_never_fades_is_left(run, tmp_path):
    run("init", "watch")
    signs, reports = tmp_path / "watch/indicators/harbour.yaml", tmp_path / "watch/observations.csv"
    signs.write_text(signs.read_text().replace("surcharge: 30d, refused: 30d", "surcharge: never, refused: never"))
    asked = ("score", "port-closure", "--catalog", "watch", "--format", "json", "--at", "2226-03-08", "--observations")
    whole = json.loads(run(*asked, reports).stdout)
    header, *rows = reports.read_text().splitlines(keepends=True)
    lasting = [row for row in rows if "insurance-withdrawn" in row]
    reports.write_text(header + "".join(lasting))
    alone = json.loads(run(*asked, reports).stdout)
    assert (len(lasting), whole["observations"]) == (1, 1)
    assert whole["scenarios"] == alone["scenarios"]
    assert whole["scenarios"][1]["likelihood"] > whole["scenarios"][1]["prior"]


def test_the_table_is_for_people(ask, golden):
    answer = ask("score")
    assert answer.returncode == 0
    golden("score.txt", answer.stdout)


def test_the_csv_has_the_digits_of_the_json(ask):
    lines = csv.DictReader(io.StringIO(ask("score", "--format", "csv").stdout))
    scenarios = json.loads(ask("score", "--format", "json").stdout)["scenarios"]
    assert [line["likelihood"] for line in lines] == [repr(line["likelihood"]) for line in scenarios]


def test_a_time_left_out_is_the_files_last_and_is_said(run):
    answer = run(
        "score", "northern-front", "--catalog", ROOT, "--observations", FACTS, "--format", "json", IWSCORE_CATALOG="x"
    )
    assert answer.returncode == 0
    assert json.loads(answer.stdout)["at"] in answer.stderr


@pytest.mark.parametrize(
    ("problem", "arguments", "said"),
    [
        ("northern-frnt", (), "IW501 unknown problem (northern-frnt); must be one of the catalog's. Did you mean"),
        ("northern-front", ("--at", "yesterday"), "IW507 --at is not a time (yesterday); must be ISO 8601 with an"),
        ("northern-front", ("--at", "2022-10-12T10:00:00"), "IW507 --at is not a time"),
        ("northern-front", ("--subject", "poland"), "IW503 unknown subject (poland)"),
        ("northern-front", ("--draws", "-1"), "Invalid value for '--draws': "),
        ("northern-front", ("--seed", "-1"), "Invalid value for '--seed': "),
        ("northern-front", ("--wrong",), "No such option: --wrong"),
    ],
)
def test_a_question_that_cannot_be_asked_is_refused(run, problem, arguments, said):
    answer = run("score", problem, "--catalog", ROOT, "--observations", FACTS, "--at", "2022-10-12", *arguments)
    assert (answer.returncode, answer.stdout) == (2, "")
    assert said in answer.stderr
    assert "Traceback" not in answer.stderr


@pytest.mark.parametrize(
    ("catalog", "observations"), [("nowhere", FACTS), (ROOT, "none.csv"), (ROOT, None)], ids=["catalog", "file", "log"]
)
def test_what_cannot_be_had_is_exit_3(run, catalog, observations):
    seen = ("--observations", observations) if observations else ()
    answer = run("score", "northern-front", "--at", "2022-10-12", "--catalog", catalog, *seen)
    assert (answer.returncode, answer.stdout) == (3, "")
    assert "IW" in answer.stderr


def test_reports_on_a_subject_that_nobody_watches_are_not_passed_over_in_silence(ask, facts, write_rows):
    place = facts[0].index("subject")
    strange = [*facts[1][:place], "Belarus", *facts[1][place + 1 :]]
    answer = ask("score", "--draws", "0", observations=write_rows("strange.csv", [*facts[:1], *facts[2:], strange]))
    assert answer.returncode == 0
    assert answer.stderr == "Subjects that no problem watches are left out: Belarus.\n"


def test_the_environment_names_the_catalog(run):
    answer = run("score", "northern-front", "--observations", FACTS, "--at", "2022-10-12", IWSCORE_CATALOG=str(ROOT))
    assert answer.returncode == 0


def test_a_report_known_later_does_not_change_what_was_known(ask, facts, write_rows):
    known = ("--known-at", "2022-10-05", "--format", "json")
    place = facts[0].index("reported_at")
    early = [row for row in facts[1:] if row[place][:10] <= "2022-10-05"]
    assert len(early) < len(facts) - 1
    only = ask("score", *known, observations=write_rows("early.csv", [facts[0], *early]))
    assert ask("score", *known).stdout == only.stdout
