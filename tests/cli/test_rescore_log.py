"""Rescore on the log: it goes on as the log stood when it began, and by the catalogs in force."""

import json
import shutil
import signal
from datetime import UTC, datetime, timedelta

import pyarrow.parquet as pq
import pytest

from tests.cli.conftest import kill

SPAN = ("--from", "2026-03-01", "--to", "2026-03-09")
LONG = ("rescore", "port-closure", "--from", "2026-03-01", "--to", "2028-12-01", "--step", "1h", "--out", "h.parquet")
JSON = ("--format", "json")
NOW = datetime.now(UTC)
SINCE, UNTIL, AN_HOUR_AGO = (f"{NOW + timedelta(hours=hours):%Y-%m-%dT%H:%M:%SZ}" for hours in (-120, 120, -1))
AROUND = ("--from", SINCE, "--to", UNTIL, "--step", "6h", "--vintage", "--format", "json")
MORE = ("--indicator", "berths-cleared", "--level", "present", "--observed-at", AN_HOUR_AGO)
SAYS = ("--source", "harbour-master", "--grade", "A1", "--author", "ann")


@pytest.fixture
def told(desk):
    """Return the desk, with the reports of the working folder in its log."""
    said(desk("import", "observations.csv", "--historical", "--reason", "from the files", "--author", "ann"))
    return desk


@pytest.fixture
def watch(tmp_path):
    """Return the working folder."""
    return tmp_path / "watch"


@pytest.fixture
def more(told):
    """Return ``more()``: it records another report."""
    return lambda: said(told("record", *MORE, *SAYS, *JSON))


def said(answer):
    assert answer.returncode == 0, answer.stderr
    return json.loads(answer.stdout) if answer.stdout.startswith("{") else answer.stdout


def head(answer):
    """Return the head of the log that an answer says it was read at."""
    (line,) = (line for line in answer.stderr.splitlines() if line.startswith("Log head: "))
    return line.removeprefix("Log head: ")


def rows(path):
    found = pq.read_table(path).to_pylist()
    return [row | {"at": f"{row['at']:%Y-%m-%dT%H:%M:%SZ}"} for row in found]


def test_the_rows_are_those_of_the_trend_on_the_log(told, watch):
    made = said(told("rescore", "port-closure", *SPAN, "--out", "h.parquet", *JSON))["manifest"]
    trended = told("trend", "port-closure", *SPAN, *JSON)
    trend = said(trended)
    assert rows(watch / "h.parquet") == trend["rows"]
    assert made["job"]["observations"] == {"log": head(trended)}
    assert (made["catalog"], made["observations"], made["database"]) == (".", None, "iwscore.db")


def test_a_killed_job_goes_on_as_the_log_stood_when_it_began(told, more, watch):
    said(told(*LONG[:-1], "whole.parquet", *JSON))
    parts = watch / "h.parquet.parts"
    ended = kill(LONG, watch, lambda: any(parts.glob("[0-9]*.part")))
    more()
    resumed = said(told(*LONG, *JSON))
    assert ended == -signal.SIGKILL
    assert resumed["resumed"] > 0
    assert (watch / "h.parquet").read_bytes() == (watch / "whole.parquet").read_bytes()


def test_a_comparison_killed_between_its_two_jobs_goes_on(told, more, watch):
    shutil.copytree(watch, watch.parent / "before")
    asked = (*LONG[:-1], "h.parquet", "--compare", "--catalog", "../before")
    ended = kill(asked, watch, (watch / "h.parquet").exists)
    begun = json.loads((watch / "h.parquet.manifest.json").read_bytes())["job"]["observations"]
    more()
    assert f"Log head: {begun['log']}" in (answer := told(*asked, *JSON)).stderr
    assert (ended, answer.returncode) == (-signal.SIGKILL, 0)


def test_a_finished_job_is_refused_once_the_log_has_grown(told, more):
    asked = ("rescore", "port-closure", *SPAN, "--out", "h.parquet")
    said(told(*asked))
    more()
    refused = told(*asked)
    assert refused.returncode == 2
    assert refused.stderr.splitlines()[1] == (
        "IW521 another job's work is there (h.parquet); must be this job's, but differs in observations. "
        "Give another --out, or --overwrite."
    )
    assert said(told(*asked, "--overwrite", *JSON))["state"] == "made"


def test_verify_reads_the_log_as_it_stood(told, more, watch):
    said(told("rescore", "port-closure", *SPAN, "--out", "h.parquet"))
    more()
    assert said(told("rescore", "--verify", "h.parquet.manifest.json", *JSON))["finding"] == "same bytes"
    (watch / "iwscore.db").rename(watch / "other.db")
    assert told("rescore", "--verify", "h.parquet.manifest.json").returncode == 3
    moved = told("rescore", "--verify", "h.parquet.manifest.json", "--database", "other.db", *JSON)
    assert said(moved)["finding"] == "same bytes"


def test_a_log_that_never_stood_there_is_refused(told, watch):
    said(told("rescore", "port-closure", *SPAN, "--out", "h.parquet"))
    told("log", "create", "--database", "empty.db")
    refused = told("rescore", "--verify", "h.parquet.manifest.json", "--database", "empty.db")
    assert refused.returncode == 3
    assert refused.stderr.startswith("IW432 log never stood at this head (empty.db: ")


@pytest.fixture
def changed(told, more, watch):
    """Put a catalog in force that thinks otherwise of cleared berths; what it was before is in ../before."""
    path = watch / "scenarios" / "port-closure.yaml"
    shutil.copytree(watch, watch.parent / "before")
    path.write_text(path.read_text().replace("blockade: likely", "blockade: remote"))
    more()


@pytest.mark.usefixtures("changed")
def test_vintage_asks_the_catalogs_in_force(told, watch):
    trend = said(told("trend", "port-closure", *AROUND))
    since = trend["catalogs"][1]["since"]
    assert [each["catalog"] == trend["catalog"] for each in trend["catalogs"]] == [False, True]
    for folder, mine in (("../before", lambda at: at < since), (".", lambda at: at >= since)):
        alone = said(told("trend", "port-closure", *AROUND, "--catalog", folder, "--database", "iwscore.db"))
        assert "catalogs" not in alone
        assert [row for row in trend["rows"] if mine(row["at"])] == [row for row in alone["rows"] if mine(row["at"])]
    made = said(told("rescore", "port-closure", *AROUND, "--out", "h.parquet"))
    assert rows(watch / "h.parquet") == trend["rows"]
    assert list(made["manifest"]["job"]["in_force"].values()) == [each["catalog"] for each in trend["catalogs"]]
    assert said(told("rescore", "--verify", "h.parquet.manifest.json", *JSON))["finding"] == "same bytes"


@pytest.mark.usefixtures("changed")
def test_a_catalog_in_force_later_than_known_changes_nothing(told):
    first, later = said(told("trend", "port-closure", *AROUND))["catalogs"]
    for known in (first["since"], "2020-01-01"):
        trend = said(told("trend", "port-closure", *AROUND, "--known-at", known))
        assert (trend["catalogs"], trend["catalog"]) == ([first], first["catalog"])
    assert len(said(told("trend", "port-closure", *AROUND, "--known-at", later["since"]))["catalogs"]) == 2


@pytest.mark.usefixtures("changed")
def test_compare_holds_another_catalog_against_those_in_force(told):
    asked = ("rescore", "port-closure", *AROUND, "--compare", "--catalog", "../before", "--out", "h.parquet")
    compared = said(told(*asked))
    assert compared["times"] == 41
    assert min(move["at"] for move in compared["moves"]) > f"{NOW:%Y-%m-%dT%H:%M:%SZ}"
