"""Whoever answers, the program writes the same bytes; options that do not go together are refused."""

import hashlib
from pathlib import Path

import pytest

from iwscore.cli.executors import executor_of
from iwscore.errors import QuestionError
from iwscore.services.executors import here
from tests.cli.conftest import FACTS, ROOT, Run

ASKED = ("rescore", "northern-front", "--catalog", ROOT, "--observations", FACTS)
SPAN = ("--from", "2022-09-01", "--to", "2022-10-12", "--step", "6h")


@pytest.fixture
def plain(run: Run, tmp_path: Path) -> str:
    """Return the digest of what one process makes."""
    assert run(*ASKED, *SPAN, "--out", "plain.parquet").returncode == 0
    return hashlib.sha256((tmp_path / "plain.parquet").read_bytes()).hexdigest()


@pytest.mark.parametrize("executor", ["local", "dask"])
def test_whoever_answers_the_bytes_are_the_same(run: Run, tmp_path: Path, plain: str, executor: str) -> None:
    by = ("--executor", executor, "--workers", "2")
    made = run(*ASKED, *SPAN, *by, "--out", "history.parquet")
    assert (made.returncode, made.stderr) == (0, "")
    assert hashlib.sha256((tmp_path / "history.parquet").read_bytes()).hexdigest() == plain


def test_verify_may_be_answered_by_others_too(run: Run, plain: str) -> None:
    answer = run("rescore", "--verify", "plain.parquet.manifest.json", "--workers", "2")
    assert (answer.returncode, answer.stderr) == (0, "")
    assert plain in answer.stdout


def test_without_a_cluster_it_leaves_with_3(run: Run, tmp_path: Path) -> None:
    by = ("--executor", "dask", "--scheduler", "tcp://127.0.0.1")
    refused = run(*ASKED, *SPAN, *by, "--out", "history.parquet")
    assert (refused.returncode, refused.stdout) == (3, "")
    assert refused.stderr == (
        "IW455 no cluster (tcp://127.0.0.1); must be a Dask scheduler that answers. Check --scheduler.\n"
    )
    assert not (tmp_path / "history.parquet").exists()


@pytest.mark.parametrize(
    ("options", "refusal"),
    [
        (
            ("local", "tcp://here:1", None),
            r"^IW545 a scheduler alone \(tcp://here:1\); must come with --executor dask\. Give --executor dask\.$",
        ),
        (
            ("dask", "tcp://here:1", 2),
            r"^IW545 workers of a cluster \(2\); must be started there, not here\. Leave out --workers\.$",
        ),
    ],
)
def test_options_that_do_not_go_together_are_refused(options, refusal):
    with pytest.raises(QuestionError, match=refusal):
        executor_of(*options)


@pytest.mark.parametrize("workers", [None, 1])
def test_one_process_is_this_one(workers):
    assert executor_of("local", None, workers) is here
