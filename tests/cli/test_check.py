"""Check: every fault at its place, exit 1 for errors, the three formats, and input that means harm."""

import json

import pytest

from iwscore.catalog import CHECKS
from tests.cli.conftest import ROOT

BOMB = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n"


@pytest.fixture
def watch(run, tmp_path):
    """Return the folder that ``init`` makes, beside which the program runs."""
    run("init", "watch")
    return tmp_path / "watch"


def spoil(watch, old, new):
    path = watch / "scenarios" / "port-closure.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


def test_the_built_in_catalog_has_nothing_worth_a_remark(run):
    answer = run("check", "--strict", "--catalog", ROOT, "--today", "2026-11-22")
    assert (answer.returncode, answer.stdout) == (0, "0 errors, 0 warnings, 0 infos, 0 waived.\n")


def test_errors_are_named_with_their_place_and_exit_1(run, watch):
    spoil(watch, "blockade: likely,", "blockde: lkely,")
    answer = run("check", "--catalog", "watch")
    assert answer.returncode == 1
    scenario, word, counts = answer.stdout.splitlines()
    assert scenario == (
        "watch/scenarios/port-closure.yaml:17:13: IW132 the scenario is unknown (blockde); "
        'it must be a scenario of this problem. Did you mean "blockade"?'
    )
    assert word.startswith("watch/scenarios/port-closure.yaml:17:22: IW134 the word is unknown (lkely); ")
    assert counts == "2 errors, 0 warnings, 0 infos, 0 waived."


def test_a_warning_fails_only_where_it_must(run, watch):
    spoil(watch, ", catch_all: true", "")
    assert run("check", "--catalog", "watch").returncode == 0
    assert run("check", "--catalog", "watch", "--strict").returncode == 1


def test_a_waived_finding_is_counted_and_shown_with_its_reason(run, watch):
    spoil(watch, ", catch_all: true", "")
    spoil(
        watch,
        "scale: icd203",
        "waivers: [{check: no-catch-all, on: port-closure, reason: Asked so., until: 2027-01-01}]\nscale: icd203",
    )
    asked = ("check", "--strict", "--catalog", "watch", "--today")
    assert run(*asked, "2026-06-01").stdout == "0 errors, 0 warnings, 0 infos, 1 waived.\n"
    (remark,) = json.loads(run(*asked, "2026-06-01", "--format", "json").stdout)["remarks"]
    assert (remark["check"], remark["waived"]) == ("no-catch-all", {"reason": "Asked so.", "until": "2027-01-01"})
    assert run(*asked, "2027-06-01").returncode == 1


def test_a_line_of_a_workflow_cannot_be_ended_by_what_is_shown(run, watch):
    spoil(watch, "scale: icd203", 'scale: "icd\\n::error::203"')
    answer = run("check", "--catalog", "watch", "--format", "github")
    assert answer.returncode == 1
    assert all(
        line.startswith("::error file=watch/scenarios/port-closure.yaml,line=") for line in answer.stdout.splitlines()
    )


@pytest.mark.parametrize(
    ("content", "code"),
    [("[" * 50_000 + "]" * 50_000, "IW106"), (BOMB, "IW107"), ("a: !!python/object:os.system x\n", "IW108")],
    ids=["brackets", "alias bomb", "tag"],
)
def test_input_that_means_harm_is_refused(run, watch, content, code):
    (watch / "indicators" / "harm.yaml").write_text(content, encoding="utf-8")
    answer = run("check", "--catalog", "watch")
    assert (answer.returncode, answer.stderr) == (1, "")
    assert "indicators/harm.yaml:1:" in answer.stdout
    assert code in answer.stdout


def test_every_check_is_listed(run):
    listed = run("check", "--list").stdout.splitlines()
    assert [line.split()[2] for line in listed] == [f"{check.name}:" for check in CHECKS]
