"""Where reports come from: the log unless a file is named, asked about now, up to the minute."""

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from iwscore.cli.reports import minute_up
from iwscore.domain.times import parse_instant
from tests.cli.conftest import FACTS, ROOT

FEED = "day,shut\n2026-03-02,yes\n2026-03-03,no\n"
HOW = """\
id: feed
title: A feed of another shape
time: {column: day, period: day}
source: broker
grade: B2
lag: 0d
observations: [{indicator: berths-cleared, level: {column: shut, codes: {yes: present, no: absent}}}]
"""


@pytest.mark.parametrize(("micros", "minute"), [(0, 0), (1, 60_000_000), (60_000_000, 60_000_000)])
def test_a_time_is_rounded_up_to_the_minute(micros, minute):
    assert minute_up(micros) == minute


def test_the_log_is_asked_about_now(desk):
    desk("import", "observations.csv", "--author", "ann")
    before = datetime.now(UTC)
    answer = desk("score", "port-closure", "--format", "json")
    said = json.loads(answer.stdout)
    at = parse_instant(said["at"])
    assert (answer.stderr[:10], said["observations"]) == ("Log head: ", 4)
    assert (at.second, at.microsecond) == (0, 0)
    assert before <= at <= datetime.now(UTC) + timedelta(minutes=1)
    assert desk("score", "port-closure", "--format", "json", "--at", said["at"]).stdout == answer.stdout


def test_a_file_is_asked_about_its_last_time(desk):
    answer = desk("score", "port-closure", "--observations", "observations.csv", "--format", "json", "--draws", "0")
    assert answer.stderr == "--at left out: taking the file's last time, 2026-03-08T07:00:00Z.\n"


def test_a_trend_on_the_log_runs_from_its_first_day(desk):
    desk("import", "observations.csv", "--author", "ann")
    rows = desk("trend", "port-closure", "--to", "2026-03-04", "--format", "csv").stdout.splitlines()[1:]
    assert [row[:10] for row in rows[::4]] == ["2026-03-02", "2026-03-03", "2026-03-04"]


def test_there_is_one_place_to_read_from(desk):
    answer = desk("score", "port-closure", "--observations", "observations.csv", "--database", "iwscore.db")
    assert (answer.returncode, answer.stderr) == (
        2, "IW532 two places to read from; must be --observations or --database. Leave one out.\n",
    )  # fmt: skip


@pytest.mark.parametrize("command", ["score", "trend", "explain"])
def test_a_foreign_file_gives_the_answer_of_the_log_it_is_imported_into(desk, tmp_path, command):
    (tmp_path / "watch" / "feed.csv").write_text(FEED, encoding="utf-8")
    (tmp_path / "watch" / "feed.yaml").write_text(HOW, encoding="utf-8")
    desk("import", "feed.csv", "--mapping", "feed.yaml", "--historical", "--reason", "the feed", "--author", "ann")
    clock = ("--to" if command == "trend" else "--at", "2026-04-01")
    asked = (command, "port-closure", *clock, "--format", "csv")
    answer = desk(*asked, "--observations", "feed.csv", "--mapping", "feed.yaml")
    bands = "Bands: 5 % to 95 % of 1,000 draws, seed 0.\n" if command == "score" else ""
    assert (answer.returncode, answer.stderr) == (0, bands)
    # The ids of an explanation are those of rows here and of entries there.
    told = [
        [row.split(",")[-8:] if command == "explain" else row for row in said.stdout.splitlines()]
        for said in (answer, desk(*asked))
    ]
    assert len(told[0]) > 3
    assert told[0] == told[1]


def test_a_mapping_is_at_fault_at_its_own_place(desk, tmp_path):
    (tmp_path / "watch" / "feed.csv").write_text(FEED, encoding="utf-8")
    (tmp_path / "watch" / "feed.yaml").write_text(HOW.replace("broker", "brokr"), encoding="utf-8")
    answer = desk("score", "port-closure", "--observations", "feed.csv", "--mapping", "feed.yaml")
    assert (answer.returncode, answer.stderr[:14]) == (1, "feed.yaml:4:9:")


def test_a_mapping_is_for_a_file(desk):
    answer = desk("score", "port-closure", "--mapping", "feed.yaml")
    assert (answer.returncode, answer.stderr) == (
        2, "IW513 a mapping alone (feed.yaml); must come with --observations. Name the file it reads.\n",
    )  # fmt: skip


@pytest.mark.parametrize("command", ["score", "trend", "explain"])
def test_without_a_log_it_is_exit_3(run, command):
    answer = run(command, "northern-front", "--catalog", ROOT, "--database", "none.db")
    assert (answer.returncode, answer.stderr[:5]) == (3, "IW410")


@pytest.mark.parametrize("command", ["score", "trend", "explain"])
def test_scoring_a_file_loads_no_database(command):
    asked = [command, "northern-front", "--catalog", str(ROOT), "--observations", str(FACTS)]
    code = (
        f"import sys; sys.argv = ['iwscore', *{asked!r}]\n"
        "from iwscore.cli.app import app\n"
        "app(standalone_mode=False)\n"
        "print(sorted({'sqlalchemy', 'alembic', 'psycopg'} & set(sys.modules)))"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True)
    assert said.stdout.splitlines()[-1] == "[]"


def test_a_burnt_source_speaks_until_it_was_known(desk, tmp_path):
    """What the register says since when is known changes no answer that was known before."""
    desk("import", "observations.csv", "--historical", "--reason", "from the files", "--author", "ann")
    sources = next((tmp_path / "watch" / "sources").glob("*.yaml"))
    burnt = "regraded: [{known_from: 2026-03-09, reliability: G, reason: Writes what it is told.}]"
    text = sources.read_text(encoding="utf-8")
    sources.write_text(
        text.replace("    party: underwriters\n", f"    party: underwriters\n    {burnt}\n"), encoding="utf-8"
    )

    def answer(known_at):
        asked = ("score", "port-closure", "--at", "2026-03-10", "--known-at", known_at, "--format", "json")
        said = json.loads(desk(*asked).stdout)
        return said["observations"], said["scenarios"][1]["likelihood"]

    before, after = answer("2026-03-09T23:00:00Z"), answer("2026-03-10")  # a bare date is known at its end
    assert (before[0], after[0]) == (4, 3)
    assert before[1] > after[1]
