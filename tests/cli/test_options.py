"""What the commands share: times as people type them, and where answers go."""

import os
import pty
import shlex
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from iwscore.cli import options
from iwscore.errors import QuestionError
from tests.cli.conftest import FACTS, ROOT


def test_a_bare_date_is_its_start_and_as_knowledge_its_end():
    assert options.instant("2022-10-12", "--at") == datetime(2022, 10, 12, tzinfo=UTC)
    assert options.knowledge("2022-10-12") == datetime(2022, 10, 12, 23, 59, 59, 999_999, tzinfo=UTC)
    assert options.knowledge(None) is None


def test_what_is_no_time_is_refused_by_the_options_name():
    with pytest.raises(QuestionError, match="IW507 --known-at is not a time \\(12 October\\)"):
        options.knowledge("12 October")


def test_bytes_go_out_as_they_are(tmp_path, capfdbinary):
    options.put("ä\r\n", None)
    assert capfdbinary.readouterr().out == "ä\r\n".encode()
    options.put(b"\x89PNG", tmp_path / "chart.png")
    assert (tmp_path / "chart.png").read_bytes() == b"\x89PNG"


def test_nothing_is_shown_where_nobody_watches(capsys):
    with options.working("Reading"):
        pass
    assert capsys.readouterr() == ("", "")


def test_an_answer_that_does_not_fit_leaves_what_was_there(run, tmp_path):
    """A limit on the size of files stands for a full disk."""
    kept = tmp_path / "trend.csv"
    kept.write_text("what was there", encoding="utf-8")
    asked = ("trend", "northern-front", "--catalog", ROOT, "--observations", FACTS, "--format", "csv", "--out", kept)
    script = f"ulimit -f 4; exec {shlex.join(map(str, (Path(sys.executable).with_name('iwscore'), *asked)))}"
    said = subprocess.run(["bash", "-c", script], cwd=tmp_path, capture_output=True, encoding="utf-8", check=False)
    assert (said.returncode, said.stderr.splitlines()[-1][:18]) == (3, "IW402 cannot write")
    assert {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()} == {
        "trend.csv": "what was there"
    }


def test_a_link_is_written_through(tmp_path):
    (tmp_path / "link").symlink_to(tmp_path / "file")
    options.put("whole", tmp_path / "link")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "file").read_text(encoding="utf-8") == "whole"


def test_what_is_no_regular_file_is_not_waited_for(run, tmp_path):
    os.mkfifo(tmp_path / "pipe.csv")
    answer = run("score", "northern-front", "--catalog", ROOT, "--observations", "pipe.csv")
    assert answer.returncode == 3
    assert answer.stderr.startswith("IW301 file cannot be opened (pipe.csv: not a regular file)")


@pytest.mark.parametrize("option", ["--at", "--since", "--known-at"])
def test_a_time_given_as_nothing_is_not_taken_for_left_out(ask, option):
    answer = ask("explain", option, "")
    assert (answer.returncode, answer.stdout) == (2, "")
    assert answer.stderr.startswith(f"IW507 {option} is not a time")


def test_a_name_on_a_terminal_is_shown_as_it_is(tmp_path):
    """Brackets would be markup to what draws the terminal, and escapes would be its orders."""
    master, slave = pty.openpty()
    program = Path(sys.executable).with_name("iwscore")
    asked = ["score", "northern-front", "--catalog", str(ROOT), "--observations", "[/b]\x1b[31m.csv"]
    said = subprocess.run([program, *asked], cwd=tmp_path, stdout=subprocess.PIPE, stderr=slave, check=False)
    os.close(slave)
    shown = os.read(master, 1 << 16)
    os.close(master)
    assert said.returncode == 3
    assert b"[/b]\\x1b[31m.csv" in shown
    assert b"\x1b[31m.csv" not in shown
