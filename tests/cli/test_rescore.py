"""Rescore: killed and resumed, compared, verified; the real program on real files."""

import hashlib
import json
import os
import pty
import re
import resource
import signal
import subprocess
from contextlib import suppress
from functools import partial
from random import Random

import pyarrow.parquet as pq
import pytest

from tests.cli.conftest import FACTS, PROGRAM, ROOT, kill
from tests.services.jobs import several
from tests.services.telling import Told

EXAMPLE = ("rescore", "northern-front", "--catalog", ROOT, "--observations", FACTS)
SMALL = ("rescore", "question", "--observations", "observations.csv", "--subject", "all")
SPAN = ("--from", "2022-10-01", "--to", "2022-10-12")
LONG = (*SMALL, "--from", "2022-10-01", "--to", "2024-09-01", "--step", "1h")  # 16,825 times: six parts


@pytest.fixture
def folder(tmp_path):
    """Return a folder with a catalog of three subjects, its reports in observations.csv."""
    several(lambda world: Told.of(world, tmp_path))
    return tmp_path


@pytest.fixture
def other(folder):
    """Return a folder in that one, with a catalog to which the same signs mean the opposite."""
    (folder / "other").mkdir()
    several(lambda world: Told.of(world, folder / "other"), given=(0.3, 0.7))
    return folder / "other"


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """Return the output of the long job when nothing comes between."""
    home = tmp_path_factory.mktemp("undisturbed")
    several(lambda world: Told.of(world, home))
    subprocess.run([PROGRAM, *LONG, "--out", "whole.parquet"], cwd=home, check=True, stdout=subprocess.PIPE)
    return home / "whole.parquet"


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize("vintage", [(), ("--vintage", "--known-at", "2022-10-08")], ids=["plain", "vintage"])
def test_the_file_has_the_rows_of_the_trend(run, tmp_path, vintage):
    out = tmp_path / "history.parquet"
    receipt = json.loads(run(*EXAMPLE, *SPAN, *vintage, "--out", out, "--format", "json").stdout)
    trend = json.loads(run("trend", *EXAMPLE[1:], *SPAN, *vintage, "--format", "json").stdout)
    rows = [row | {"at": f"{row['at']:%Y-%m-%dT%H:%M:%SZ}"} for row in pq.read_table(out).to_pylist()]
    assert rows == trend["rows"]
    assert (receipt["state"], receipt["manifest"]["rows"]) == ("made", 12 * 6)
    assert receipt["manifest"]["sha256"] == digest(out)
    assert receipt["manifest"]["job"]["observations"] == {"sha256": digest(FACTS)}


def test_what_became_of_it_is_for_people(run, folder):
    first = run(*SMALL, *SPAN, "--out", "history.parquet", cwd=folder)
    again = run(*SMALL, *SPAN, "--out", "history.parquet", cwd=folder)
    assert (first.stderr, again.stderr) == ("", "")
    assert first.stdout.splitlines()[:2] == ["output       history.parquet: made in 1 part", "rows         72"]
    assert again.stdout.splitlines()[0] == "output       history.parquet: there already"
    assert first.stdout.splitlines()[1:] == again.stdout.splitlines()[1:]


def _made(parts, least):
    return len(list(parts.glob("[0-9]*.part"))) >= least


@pytest.mark.parametrize("seed", range(2))
def test_killed_at_random_points_and_resumed_it_ends_in_the_same_bytes(run, folder, undisturbed, seed):
    rng, parts = Random(seed), folder / "history.parquet.parts"
    long = (*LONG, "--out", "history.parquet")
    ends = []
    for least in (0, *sorted(rng.sample(range(1, 6), 2))):
        made = partial(_made, parts, least)
        ends.append(kill(long, folder, made, rng.uniform(0, 0.05)))
    assert ends.count(-signal.SIGKILL) >= 1
    receipt = json.loads(run(*LONG, "--out", "history.parquet", "--format", "json", cwd=folder).stdout)
    assert receipt["resumed"] > 0 or receipt["state"] == "there"
    assert digest(folder / "history.parquet") == digest(undisturbed)
    kept = sorted(path.name for path in folder.glob("history*"))
    assert kept == ["history.parquet", "history.parquet.manifest.json"]


def test_a_full_disk_is_told_and_what_was_done_is_kept(run, folder, undisturbed):
    """A limit on the size of a file is met by the output, which is larger than any of its parts."""
    most = undisturbed.stat().st_size // 2
    said = subprocess.run(
        [PROGRAM, *LONG, "--out", "history.parquet"],
        cwd=folder,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (most, most)),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert said.returncode == 3
    assert said.stderr.startswith("IW402 cannot write (history.parquet); ")
    assert "File too large" in said.stderr
    assert not (folder / "history.parquet").exists()
    receipt = json.loads(run(*LONG, "--out", "history.parquet", "--format", "json", cwd=folder).stdout)
    assert receipt["resumed"] == receipt["parts"] == 6
    assert digest(folder / "history.parquet") == digest(undisturbed)


def test_a_terminal_is_told_how_far_it_is_and_how_long_it_will_take(folder):
    terminal, end = pty.openpty()
    with subprocess.Popen(
        [PROGRAM, *LONG, "--out", "history.parquet"], cwd=folder, stdout=subprocess.PIPE, stderr=end
    ) as process:
        os.close(end)
        shown = b""
        with suppress(OSError):  # the other side has hung up
            while piece := os.read(terminal, 4096):
                shown += piece
    os.close(terminal)
    assert process.returncode == 0
    plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown.decode())
    assert re.search(r"Answering history.parquet ━+ 100% 0:00:\d\d left 0:00:00", plain)


def test_another_job_is_refused_unless_it_may_replace(run, folder):
    run(*SMALL, *SPAN, "--out", "history.parquet", cwd=folder)
    refused = run(*SMALL, *SPAN, "--vintage", "--out", "history.parquet", cwd=folder)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr == (
        "IW521 another job's work is there (history.parquet); must be this job's, but differs in vintage. "
        "Give another --out, or --overwrite.\n"
    )
    assert run(*SMALL, *SPAN, "--vintage", "--out", "history.parquet", "--overwrite", cwd=folder).returncode == 0


@pytest.mark.parametrize("left_out", ["PROBLEM", "--from", "--to", "--out"])
def test_what_it_cannot_do_without_is_named(run, folder, left_out):
    options = {"--from": "2022-10-01", "--to": "2022-10-12", "--out": "history.parquet"}
    given = [word for name, value in options.items() if name != left_out for word in (name, value)]
    answer = run("rescore", *(["question"] if left_out != "PROBLEM" else []), *given, cwd=folder)
    assert answer.returncode == 2
    assert answer.stderr == f"IW525 no {left_out}; rescore cannot do without. Give {left_out}.\n"


def test_an_output_without_a_name_is_none(run, folder):
    answer = run("rescore", "question", *SPAN, "--out", "", cwd=folder)
    assert (answer.returncode, answer.stderr) == (2, "IW525 no --out; rescore cannot do without. Give --out.\n")


def test_compare_says_what_the_other_catalog_would_have_said(run, folder, other, golden):
    asked = (*SMALL, *SPAN, "--catalog", other, "--compare", "--out", "history.parquet", "--top", "3")
    answer = run(*asked, cwd=folder)
    assert (answer.returncode, answer.stderr) == (0, "")
    golden("comparison.txt", answer.stdout)
    for name, catalog in (("history", other), ("history.in-force", folder)):
        alone = folder / f"{name}-alone.parquet"
        run(*SMALL, *SPAN, "--catalog", catalog, "--out", alone, cwd=folder)
        assert digest(alone) == digest(folder / f"{name}.parquet")
    found = json.loads(run(*asked, "--format", "json", "--against", ".", cwd=folder).stdout)
    assert (found["problem"], len(found["moves"]), len(found["subjects"])) == ("question", 3, 3)
    assert [one["state"] for one in found["outputs"]] == ["there", "there"]


def test_compare_needs_another_catalog(run, folder):
    answer = run(*SMALL, *SPAN, "--compare", "--out", "history.parquet", cwd=folder)
    assert answer.stderr == "IW525 no --catalog; --compare cannot do without. Give --catalog.\n"


@pytest.fixture
def finished(run, folder):
    """Return the manifest of a finished job, asked for from outside its folder."""
    out = folder / "deep" / "history.parquet"
    out.parent.mkdir()
    run(*SMALL, *SPAN, "--out", out, cwd=folder)
    return out.with_name("history.parquet.manifest.json")


def test_verify_finds_the_inputs_from_anywhere_and_the_same_bytes(run, finished):
    answer = run("rescore", "--verify", finished, "--format", "json", cwd=finished.parent)
    verdict = json.loads(answer.stdout)
    assert (answer.returncode, verdict["verified"], verdict["finding"]) == (0, True, "same bytes")
    assert run("rescore", "--verify", finished, cwd=ROOT).stdout.startswith("output      holds: ")


def test_verify_names_the_first_cell_of_a_changed_output(run, finished):
    out = finished.parent / "history.parquet"
    table = pq.read_table(out)
    column = table.column_names.index("likelihood")
    pq.write_table(table.set_column(column, table.schema.field(column), [[0.25] * len(table)]), out)
    answer = run("rescore", "--verify", finished)
    assert answer.returncode == 1
    assert answer.stdout.splitlines()[-1] == "first       row 0, likelihood: 0.25 in the file, 0.5 done again"


def test_verify_refuses_other_inputs(run, folder, other, finished):
    refused = run("rescore", "--verify", finished, "--catalog", other)
    assert refused.returncode == 2
    assert refused.stderr.startswith("IW522 another catalog (")
    reports = folder / "observations.csv"
    reports.write_bytes(reports.read_bytes().replace(b",A1,", b",A2,", 1))
    refused = run("rescore", "--verify", finished)
    assert refused.returncode == 2
    assert refused.stderr.startswith("IW523 other observations (sha256 ")
