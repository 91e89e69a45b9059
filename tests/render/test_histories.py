"""What became of a rescoring, for people and for scripts."""

import json

import pytest

from iwscore.render.histories import (
    comparison_json,
    comparison_text,
    receipt_json,
    receipt_text,
    rerun_json,
    rerun_text,
)
from iwscore.services.comparing import Comparison, Unplaced
from iwscore.services.differences import Move, Reached, Stretch
from iwscore.services.manifests import Job, Manifest
from iwscore.services.reruns import Difference, Rerun
from iwscore.services.rescoring import Receipt

JOB = Job(
    problem="question",
    subjects=("here", "there"),
    start="2022-10-01T00:00:00Z",
    end="2022-10-12T00:00:00Z",
    step="1d",
    known_at=None,
    vintage=False,
    catalog="a" * 64,
    in_force={},
    observations={"sha256": "b" * 64},
    versions={"iwscore": "1"},
)
COMPARISON = Comparison(
    problem="question",
    other="a" * 64,
    in_force="c" * 64,
    subjects=("here", "there"),
    subjects_apart=("moon",),
    scenarios=("war", "peace"),
    scenarios_apart=("truce",),
    times=1200,
    moves=(Move(at="2022-10-04T00:00:00Z", subject="here", scenario="war", other=0.1, in_force=0.6, move=-0.5),),
    rung_times=3,
    rungs=(
        Stretch(
            subject="here",
            start="2022-10-04T00:00:00Z",
            end="2022-10-06T00:00:00Z",
            times=3,
            other=None,
            in_force="watch",
        ),
    ),
    leader_times=0,
    leaders=(),
    reached=(Reached(subject="here", rung="watch", other=None, in_force="2022-10-04T00:00:00Z"),),
    unplaced=Unplaced(other=4, in_force=0),
)


def receipt(state: str = "made", resumed: int = 0, parts: int = 3, **job: object) -> Receipt:
    asked = JOB.model_copy(update=job)
    manifest = Manifest(
        job=asked, catalog=".", observations="o.csv", database=None, output="h.parquet", rows=72, sha256="d" * 64
    )
    return Receipt.model_validate({"manifest": manifest, "state": state, "parts": parts, "resumed": resumed})


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (receipt(), "h.parquet: made in 3 parts"),
        (receipt(parts=1), "h.parquet: made in 1 part"),
        (receipt(resumed=2), "h.parquet: made in 3 parts, 2 of them by an earlier run"),
        (receipt(state="there"), "h.parquet: there already"),
    ],
)
def test_a_receipt_says_what_became_of_the_job(made: Receipt, said: str) -> None:
    assert receipt_text(made).splitlines()[0] == f"output       {said}"
    assert receipt_text(made).splitlines()[-1] == f"sha256       {'d' * 64}"
    assert json.loads(receipt_json(made)) == made.model_dump(mode="json")


@pytest.mark.parametrize(
    ("known_at", "vintage", "said"),
    [
        (None, False, "everything recorded"),
        ("2022-10-08T00:00:00Z", False, "2022-10-08T00:00:00Z"),
        (None, True, "each time as then known"),
        ("2022-10-08T00:00:00Z", True, "each time as then known, at the latest 2022-10-08T00:00:00Z"),
    ],
)
def test_a_receipt_says_what_counted_as_known(known_at: str | None, vintage: bool, said: str) -> None:
    assert f"\nknown as of  {said}\n" in receipt_text(receipt(known_at=known_at, vintage=vintage))


def rerun(finding: str, first: Difference | None = None) -> Rerun:
    digests = {"manifest_sha256": "1" * 64, "output_sha256": "2" * 64, "rerun_sha256": "3" * 64}
    return Rerun.model_validate(
        {"finding": finding, **digests, "versions": {"iwscore": "1"}, "largest": 0.0, "first": first}
    )


@pytest.mark.parametrize(
    ("verdict", "holds", "said"),
    [
        (rerun("same bytes"), True, "holds: done again, the job gave the same bytes."),
        (
            rerun("same values"),
            True,
            "holds: done again, the job gave other bytes and the same values within 1e-09.",
        ),
        (
            rerun("different", Difference(row=7, column="rung", output=None, rerun="watch")),
            False,
            "does not hold: done again, the job gave something else.",
        ),
    ],
)
def test_a_verdict_is_said_first(verdict: Rerun, holds: bool, said: str) -> None:
    lines = rerun_text(verdict).splitlines()
    assert lines[:2] == [f"output      {said}", f"manifest    {'1' * 64}"]
    assert (lines[-1] == "first       row 7, rung: None in the file, watch done again") != holds
    assert json.loads(rerun_json(verdict))["verified"] == holds


def test_a_comparison_is_told_in_tables() -> None:
    text = comparison_text(COMPARISON, [receipt(), receipt()])
    assert "compared      2 subjects at 1,200 times\n" in text
    assert "not compared  subjects that one catalog alone has: moon\n" in text
    assert "              scenarios that one catalog alone has: truce\n" in text
    assert "unplaced      4 with the other, 0 with the one in force\n" in text
    assert "2022-10-04T00:00:00Z  here     war        10.0      60.0  −50.0\n" in text
    assert "\nRung differs in 3 of 2,400 answers\n" in text
    assert "2022-10-06T00:00:00Z      3  –      watch\n" in text
    assert "\nLeader differs in 0 of 2,400 answers: none\n" in text
    assert "here     watch  never  2022-10-04T00:00:00Z\n" in text


def test_a_comparison_for_scripts_has_every_key_and_both_receipts() -> None:
    content = json.loads(comparison_json(COMPARISON, [receipt(), receipt(state="there")]))
    assert [one["state"] for one in content.pop("outputs")] == ["made", "there"]
    assert content == COMPARISON.model_dump(mode="json")
