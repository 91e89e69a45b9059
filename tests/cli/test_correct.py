"""Correct: named by id or external_id, shown before it is written; both answers can be had, and the difference told."""

import json

import pytest

from iwscore.domain.times import parse_instant, print_instant
from tests.cli.test_record import BY, SEEN


@pytest.fixture
def name(desk):
    desk("record", *SEEN, *BY, "--external-id", "r-1")
    return "r-1"


def test_answers_before_and_after_a_correction_differ_and_the_explanation_names_it(desk, name):
    first = json.loads(desk("log", "show", name, "--format", "json").stdout)
    done = json.loads(desk("correct", name, "level=absent", "--reason", "misread", *BY[4:], "--format", "json").stdout)
    known = ("port-closure", "--at", "2026-03-10", "--format", "json", "--known-at")

    def blockade(at):
        return json.loads(desk("score", *known, at).stdout)["scenarios"][1]["likelihood"]

    assert blockade(first["recorded_at"]) > 0.1 > blockade(done["recorded_at"])
    since = print_instant(parse_instant(first["recorded_at"]))
    asked = ("explain", "port-closure", "--since", since)
    steps = {step["id"]: step for step in json.loads(desk(*asked, "--format", "json").stdout)["change"]["steps"]}
    (cause,) = steps["withdrawn"]["causes"]
    assert (cause["kind"], cause["id"], cause["target"], cause["reason"]) == (
        "correction", done["id"], first["id"], "misread",
    )  # fmt: skip
    table = " ".join(desk(*asked).stdout.split())
    assert f"correction {done['id'][:12]} of {first['id'][:12]}, " in table
    assert "broker berths-cleared present C1 → broker berths-cleared absent C1: misread" in table


def test_a_dry_run_writes_nothing(desk, name):
    kinds = json.loads(desk("log", "stats", "--format", "json").stdout)["kinds"]
    answer = desk("correct", name, "level=absent", "grade=B2", "--reason", "misread", *BY[4:], "--dry-run")
    assert answer.returncode == 0
    assert answer.stdout.startswith("Correction of ")
    assert "reason       misread" in answer.stdout
    assert json.loads(desk("log", "stats", "--format", "json").stdout)["kinds"] == kinds


REFUSED = {
    "IW529 not a change (level); must be COLUMN=TEXT. Write for instance level=brigade.": ("r-1", "level"),
    'IW536 unknown column (levl); must be one that a statement has. Did you mean "level"?': ("r-1", "levl=few"),
    "IW530 no such entry (r-2); must be an id or external_id in the log. See iwscore log list.": ("r-2", "level=few"),
}


@pytest.mark.parametrize(("said", "arguments"), REFUSED.items())
def test_what_cannot_be_corrected_is_refused(desk, name, said, arguments):
    answer = desk("correct", *arguments, "--reason", "x", *BY[4:])
    assert (answer.returncode, answer.stderr) == (2, f"{said}\n")


def test_a_cell_at_fault_is_named(desk, name):
    answer = desk("correct", name, "grade=Z", "--reason", "x", *BY[4:])
    assert answer.returncode == 1
    assert answer.stderr.startswith("correct:grade: IW327 not an Admiralty grade (Z); ")


def test_a_reason_is_asked_for(desk, name):
    assert desk("correct", name, "level=absent").returncode == 2
