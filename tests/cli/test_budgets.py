"""--memory: Parquet inputs, one file or many, in memory or from the disk, give the answers of the rows they hold."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import csv, parquet

from iwscore.catalog import load
from iwscore.cli.budgets import digest_of_input, memory_in_bytes, open_shelf
from iwscore.domain.columns import Columns
from iwscore.domain.times import from_micros
from iwscore.errors import QuestionError
from iwscore.services import score
from iwscore.store import budgets
from iwscore.store.budgets import LEAST, rows_within
from iwscore.store.shelves import Shelf
from tests.cli.conftest import FACTS, ROOT
from tests.services.jobs import several
from tests.services.telling import Told

SPAN = ("--from", "2022-10-01", "--to", "2022-10-12", "--out", "h.parquet", "--format", "json")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A catalog of three subjects, its reports as rows.parquet and dealt to the files of a folder, ``dealt``."""
    several(lambda world: Told.of(world, tmp_path))
    whole = csv.read_csv(tmp_path / "observations.csv", convert_options=csv.ConvertOptions(strings_can_be_null=True))
    texts = pa.table({name: whole[name].cast(pa.string()) for name in whole.column_names if name != "value"})
    parquet.write_table(texts, tmp_path / "rows.parquet")
    parquet.write_to_dataset(texts, tmp_path / "dealt", partition_cols=["subject"])  # as others deal rows
    return tmp_path


def answers(run, folder: Path, *options: str) -> tuple[str, pa.Table]:
    """Return the digest of what was read, and what a rescoring makes of it."""
    done = run("rescore", "question", "--subject", "all", *options, *SPAN, cwd=folder)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)["manifest"]["job"]["observations"]["sha256"], parquet.read_table(
        folder / "h.parquet"
    )


def test_one_file_or_many_give_the_answers_of_their_rows(run, folder):
    found = [
        answers(run, folder, "--observations", name, "--overwrite", *options)
        for name, options in (("observations.csv", ()), ("rows.parquet", ("--memory", "1GiB")), ("dealt", ()))
    ]
    assert found[0][1] == found[1][1] == found[2][1]
    assert [one[0] for one in found[1:]] == [digest_of_input(folder / name) for name in ("rows.parquet", "dealt")]
    verdict = run("rescore", "--verify", "h.parquet.manifest.json", "--memory", "600MB", cwd=folder)
    assert verdict.returncode == 0, verdict.stderr


@pytest.mark.parametrize("size", ["much", "1MiB"])
def test_a_budget_that_cannot_be_kept_is_refused(run, size):
    done = run("rescore", "northern-front", "--catalog", ROOT, "--observations", FACTS, "--memory", size, *SPAN)
    assert (done.returncode, done.stdout) == (2, "")
    assert {"much": "IW541", "1MiB": "must be 512MiB at least"}[size] in done.stderr


def test_what_does_not_fit_is_read_from_the_disk_subject_by_subject(folder, capsys, monkeypatch):
    loaded, path = load(folder), folder / "rows.parquet"
    inside = open_shelf(path, loaded, LEAST, folder)
    assert isinstance(inside, Columns)
    monkeypatch.setattr(budgets, "_ROW", (128 << 20) // (len(inside) - 1))
    outside = open_shelf(path, loaded, LEAST, folder)
    assert isinstance(outside, Shelf)
    assert sum(len(outside.of(name)) for name in outside.names) == len(inside)
    assert outside.most <= rows_within(LEAST) < len(inside)
    monkeypatch.setattr(budgets, "_ROW", (128 << 20) // outside.most_of_one)
    assert isinstance(open_shelf(path, loaded, LEAST, folder), Shelf)
    if outside.most > outside.most_of_one:
        with pytest.raises(QuestionError, match="IW542"):
            open_shelf(path, loaded, LEAST, folder, sent=True)
    monkeypatch.setattr(budgets, "_ROW", 128 << 20)
    with pytest.raises(QuestionError, match="IW542"):
        open_shelf(path, loaded, LEAST, folder)
    assert capsys.readouterr().err == ""


def test_what_may_not_be_opened_is_refused(folder):
    (folder / "dealt" / "gone.parquet").symlink_to(folder / "nowhere.parquet")
    with pytest.raises(QuestionError, match=r"IW540.*gone.parquet"):
        digest_of_input(folder / "dealt")


def test_left_out_it_is_half_of_what_there_is():
    assert LEAST <= memory_in_bytes(None) <= 4 << 30
    assert memory_in_bytes("1GiB") == 1 << 30


def test_an_input_is_known_by_its_digest(tmp_path):
    assert digest_of_input(tmp_path / "none") == ""
    assert digest_of_input(FACTS) == hashlib.sha256(FACTS.read_bytes()).hexdigest()


def test_a_question_of_one_subject_reads_the_same_inputs(run, folder, monkeypatch):
    subject = sorted(set(parquet.read_table(folder / "rows.parquet")["subject"].to_pylist()) - {"", None})[0]
    asked = ("question", "--subject", subject, "--format", "json")
    for command, *options in (("score", "--draws", "0"), ("trend", "--step", "7d")):
        done = [
            run(command, *asked, *options, "--observations", name, *memory, cwd=folder)
            for name, memory in (("observations.csv", ()), ("rows.parquet", ("--memory", "1GiB")), ("dealt", ()))
        ]
        assert [one.returncode for one in done] == [0, 0, 0], done
        assert len({one.stdout for one in done}) == 1
    catalog, path = load(folder), folder / "rows.parquet"
    inside = open_shelf(path, catalog, LEAST, folder)
    assert isinstance(inside, Columns)
    monkeypatch.setattr(budgets, "_ROW", (128 << 20) // (len(inside) - 1))
    outside = open_shelf(path, catalog, LEAST, folder)
    assert isinstance(outside, Shelf)
    assert outside.last is not None
    question: dict[str, Any] = {"problem": "question", "subject": subject, "at": from_micros(outside.last)}
    assert score(catalog, outside, **question) == score(catalog, inside, **question)
    assert outside.first == inside.observed_at.min()
