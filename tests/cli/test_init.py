"""Init: a folder that passes ``check`` and whose first ``score`` works at once."""

import json

import pytest

from tests.cli.conftest import ROOT


def test_what_init_leaves_passes_check_and_scores(run, tmp_path):
    assert run("init", "watch").returncode == 0
    checked = run("check", "--strict", "--catalog", "watch", "--today", "2026-06-01")
    assert (checked.returncode, checked.stderr) == (0, "")
    seen = tmp_path / "watch" / "observations.csv"
    answer = run("score", "port-closure", "--observations", seen, "--format", "json", cwd=tmp_path / "watch")
    assert answer.returncode == 0
    assert json.loads(answer.stdout)["observations"] == 4


def test_what_init_leaves_has_an_empty_log_that_can_be_filled(run, tmp_path):
    run("init", "watch")
    assert run("import", "watch/observations.csv", "--catalog", "watch", "--author", "ann").returncode == 0
    answer = run("score", "port-closure", "--catalog", "watch", "--at", "2026-03-10", "--format", "json")
    assert json.loads(answer.stdout)["observations"] == 4


def test_a_folder_with_anything_in_it_is_left_alone(run, tmp_path):
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    answer = run("init", ".")
    assert answer.returncode == 2
    assert answer.stderr.startswith("IW510 folder is not empty (.)")
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


@pytest.mark.parametrize("place", [ROOT / "README.md" / "below", "/proc/none/below", "x" * 300])
def test_a_folder_that_cannot_be_made_is_exit_3(run, place):
    answer = run("init", place)
    assert answer.returncode == 3
    assert answer.stderr.startswith("IW402 cannot write")
