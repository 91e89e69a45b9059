"""Record: shown before it is written, asked for at a terminal, refused with the nearest name."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from iwscore.cli.record import record

SEEN = ("--indicator", "berths-cleared", "--level", "present", "--observed-at", "2026-03-08")
BY = ("--source", "broker", "--grade", "C1", "--author", "ann")


def test_a_dry_run_shows_and_writes_nothing(desk):
    answer = desk("record", *SEEN, *BY, "--dry-run")
    assert (answer.returncode, answer.stderr) == (0, "")
    assert "level        present" in answer.stdout
    assert "Note: Credibility 1 means confirmed by others, but no second origin on file says so." in answer.stdout
    assert "Closed by a blockade" in answer.stdout
    assert answer.stdout.endswith("\n\nDry run: nothing was written.\n")
    assert json.loads(desk("log", "stats", "--format", "json").stdout)["head"]["entries"] == 0


def test_json_has_what_was_written_and_what_it_changed(desk):
    answer = desk("record", *SEEN, *BY, "--format", "json")
    said = json.loads(answer.stdout)
    assert list(said) == ["added", "repeated", "id", "batch", "recorded_at", "head", "target", "remarks", "changes"]
    assert (said["added"], said["batch"], said["target"], len(said["id"])) == (1, 2, None, 32)
    (change,) = said["changes"]
    assert change["after"]["likelihood"]["blockade"] > change["before"]["likelihood"]["blockade"]
    entry = json.loads(desk("log", "show", said["id"], "--format", "json").stdout)
    assert (entry["author"], entry["source"], entry["recorded_at"]) == ("ann", "broker", said["recorded_at"])


def test_what_is_not_known_is_refused_and_what_is_missing_named(desk):
    answer = desk("record", *SEEN, "--source", "brokr", "--author", "ann")
    assert answer.returncode == 1
    assert answer.stderr.splitlines() == [
        "record:grade: IW320 cell is blank; a missing grade is never assumed. Write the report's grade, such as B2.",
        'record:source: IW342 source is unknown (brokr); it must be in the register. Did you mean "broker"?',
    ]


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"IWSCORE_AUTHOR": "eve"}, "Author: eve ($IWSCORE_AUTHOR).\n"),
        ({"LOGNAME": "lou"}, "Author: lou (the login name).\n"),
    ],
)
def test_who_records_is_said(desk, environment, said):
    answer = desk("record", *SEEN, *BY[:4], "--dry-run", **environment)
    assert answer.stderr == said


@pytest.mark.parametrize("wrong", [("author", "\udcff", "IW428"), ("reason", " ", "IW427")])
def test_a_dry_run_refuses_who_or_why_no_batch_can_carry(desk, wrong):
    name, text, code = wrong
    answer = desk("record", *SEEN, *BY[:4], "--author", "ann", f"--{name}", text, "--dry-run")
    assert (answer.returncode, answer.stdout) == (1, "")
    assert answer.stderr.startswith(f"record:{name}: {code} ")


def test_where_there_is_no_log_it_is_exit_3(run, tmp_path, desk):
    (tmp_path / "watch" / "iwscore.db").unlink()
    answer = desk("record", *SEEN, *BY)
    assert answer.returncode == 3
    assert answer.stderr.startswith("IW410 ")


@pytest.fixture
def terminal(desk, tmp_path):
    """Return ``terminal(typed, *arguments)``: what a person at a terminal sees who types these lines."""

    def session(typed, *arguments):
        ours, theirs = pty.openpty()
        program = subprocess.Popen(
            [Path(sys.executable).with_name("iwscore"), *arguments, "--author", "ann"],
            cwd=tmp_path / "watch", stdin=theirs, stdout=theirs, stderr=theirs,
            env={name: text for name, text in os.environ.items() if not name.startswith("IWSCORE_")},
        )  # fmt: skip
        os.close(theirs)
        os.write(ours, "".join(f"{line}\n" for line in typed).encode())
        shown = b""
        while part := _read(ours):
            shown += part
        os.close(ours)
        return program.wait(), shown.decode().replace("\r\n", "\n")

    return session


def _read(place):
    try:
        return os.read(place, 4096)
    except OSError:  # how a terminal says that nobody is left
        return b""


def test_a_terminal_is_asked_for_what_is_missing_and_again_for_what_is_wrong(terminal, desk):
    code, shown = terminal(["berths-cleared", "present", "brokr", "C2", "2026-03-08", "broker", "y"], "record")
    assert code == 0
    for words in (
        "Indicator: ",
        "Level (or unknown): ",
        "Source: ",
        "Grade, such as B2: ",
        'Did you mean "broker"?',
        "Write it? [Y/n]",
    ):
        assert words in shown
    assert "Recorded observation " in shown
    assert json.loads(desk("log", "stats", "--format", "json").stdout)["kinds"]["observation"] == 1


def test_who_says_no_writes_nothing(terminal, desk):
    code, shown = terminal(["n"], "record", *SEEN, *BY[:4])
    assert (code, "Write it? [Y/n]" in shown, "Recorded" in shown) == (1, True, False)
    assert json.loads(desk("log", "stats", "--format", "json").stdout)["head"]["entries"] == 0
    code, shown = terminal([], "record", *SEEN, *BY[:4], "--yes")
    assert (code, "Write it?" in shown, "Recorded" in shown) == (0, False, True)


def test_every_flag_is_a_column():
    from iwscore.services.statements import STATED

    assert set(STATED) <= set(record.__annotations__)
