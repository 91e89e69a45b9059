"""Export: to stdout or a file, and into another log as history with the same present answers."""

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

WHO = ("--author", "ann")
ASKED = ("score", "port-closure", "--at", "2026-03-10", "--format", "json")


@pytest.fixture
def filled(desk):
    """Return the log of ``init`` with its reports, one corrected."""
    desk("import", "observations.csv", *WHO)
    name = json.loads(desk("log", "list", "--format", "json", "--after", "1", "--limit", "1").stdout)["id"]
    desk("correct", name, "level=present", "note==1+1", "--reason", "misread", *WHO)
    return desk


def test_stdout_gets_the_rows_and_stderr_the_rest(filled):
    answer = filled("export")
    rows = list(csv.DictReader(io.StringIO(answer.stdout)))
    assert answer.stderr.startswith("5 rows written. Head: ")
    assert [row["kind"] for row in rows] == ["observation"] * 4 + ["correction"]
    assert rows[4]["target"] == rows[0]["id"]
    assert rows[4]["note"] == "'=1+1"


@pytest.mark.parametrize("suffix", ["csv", "jsonl", "parquet"])
def test_another_log_gives_the_same_present_answers(filled, suffix):
    said = json.loads(filled("export", f"out.{suffix}", "--format", "json").stdout)
    assert (said["rows"], said["file"], len(said["head"])) == (5, f"out.{suffix}", 64)
    other = ("--database", "other.db")
    filled("log", "create", *other)
    moved = filled("import", f"out.{suffix}", "--historical", "--reason", "moved", *WHO, *other, "--format", "json")
    assert json.loads(moved.stdout) == {"added": 5, "repeated": 0, "rejected": 0, "batch": 2}
    assert filled(*ASKED, *other).stdout == filled(*ASKED).stdout
    assert filled(*ASKED, "--observations", f"out.{suffix}").stdout == filled(*ASKED).stdout


def test_a_file_of_no_known_form_is_refused(filled):
    answer = filled("export", "out.xlsx")
    assert (answer.returncode, answer.stderr.partition(";")[0]) == (2, "IW535 suffix is unknown (out.xlsx)")
    assert filled("export", "none/out.csv").returncode == 3


def test_a_reader_who_leaves_early_is_no_fault_and_a_full_disk_is_a_refusal(filled, tmp_path):
    program = [str(Path(sys.executable).with_name("iwscore")), "export"]
    reading, theirs = os.pipe()
    os.close(reading)
    left = subprocess.run(program, cwd=tmp_path / "watch", stdout=theirs, stderr=subprocess.PIPE, check=False)
    os.close(theirs)
    assert (left.returncode, left.stderr) == (0, b"")
    with Path("/dev/full").open("wb") as full:
        told = subprocess.run(program, cwd=tmp_path / "watch", stdout=full, stderr=subprocess.PIPE, check=False)
    assert (told.returncode, told.stderr.partition(b";")[0]) == (3, b"IW402 cannot write (stdout)")
