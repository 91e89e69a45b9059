"""Import: what it prints, what it rejects, and that a log without it is as good as new."""

import csv
import json

import pytest

from tests.services.harbour import commas, sound

ROWS = [sound(external_id=f"r-{n}", note=str(n)) for n in range(5)]
WHO = ("--author", "ann")


@pytest.fixture
def file(tmp_path):
    return commas(tmp_path / "watch" / "seen.csv", ROWS)


def test_the_same_file_twice_adds_nothing_and_says_so(desk, file):
    first, second = (json.loads(desk("import", file, *WHO, "--format", "json").stdout) for _ in range(2))
    assert first == {"added": 5, "repeated": 0, "rejected": 0, "batch": 2}
    assert second == {"added": 0, "repeated": 5, "rejected": 0, "batch": None}
    again = desk("import", file, *WHO)
    assert (again.returncode, again.stderr) == (0, "")
    assert again.stdout == "Nothing new: 0 rows added, 5 on file already, 0 rejected.\n"


def test_several_files_are_one_batch(desk, file, tmp_path):
    more = commas(tmp_path / "watch" / "more.csv", [sound(note="more"), ROWS[0]])
    answer = desk("import", file, more, *WHO, "--dry-run")
    assert answer.stdout == "Dry run, nothing was written: 6 rows would be added, 1 on file already, 0 rejected.\n"
    answer = desk("import", file, more, *WHO)
    assert answer.stdout.startswith("6 rows added as batch 2, 1 on file already, 0 rejected. Head: ")
    assert "import of seen.csv, more.csv" in desk("log", "show", "r-1").stdout


def test_a_faulty_row_stops_all_or_is_left_out_and_kept_aside(desk, tmp_path):
    bad = [*ROWS, sound(grade="Z", source="brokr", note="=1")]
    commas(tmp_path / "watch" / "bad.csv", bad)
    answer = desk("import", "bad.csv", *WHO, "--format", "json")
    assert (answer.returncode, json.loads(answer.stdout)) == (
        1,
        {"added": 0, "repeated": 0, "rejected": 1, "batch": None},
    )
    letters = "it must be a letter A to G and a digit 1 to 6, or a digit"
    assert answer.stderr.splitlines() == [
        f"bad.csv:row 7:grade: IW327 not an Admiralty grade (Z); {letters}. Write it like B2.",
        'bad.csv:row 7:source: IW342 source is unknown (brokr); it must be in the register. Did you mean "broker"?',
    ]
    answer = desk("import", "bad.csv", *WHO, "--on-fault", "skip", "--rejects", "left.csv")
    assert answer.returncode == 0
    assert answer.stdout.startswith("5 rows added as batch 2, 0 on file already, 1 rejected. Head: ")
    with (tmp_path / "watch" / "left.csv").open(encoding="utf-8", newline="") as left:
        (row,) = csv.DictReader(left)
    assert (row["row"], row["codes"], row["grade"], row["note"]) == ("7", "IW327 IW342", "Z", "'=1")
    mended = (tmp_path / "watch" / "left.csv").read_text(encoding="utf-8").replace('"Z"', '"C2"')
    (tmp_path / "watch" / "mended.csv").write_text(mended.replace('"brokr"', '"broker"'), encoding="utf-8")
    assert desk("import", "mended.csv", *WHO).stdout.startswith("1 rows added as batch 3")
    assert json.loads(desk("log", "list", "--after", "6", "--format", "json").stdout)["note"] == "=1"


def test_without_rejects_nothing_is_written_and_the_count_is_said(desk, tmp_path):
    commas(tmp_path / "watch" / "bad.csv", [sound(level="loads")])
    answer = desk("import", "bad.csv", *WHO)
    assert answer.stdout == (
        "Nothing was written: 1 rows are at fault. Mend them, or leave them out: --on-fault skip.\n"
    )


def test_a_file_that_is_no_rows_is_not_said_to_have_faulty_ones(desk, tmp_path):
    (tmp_path / "watch" / "latin.csv").write_bytes("observed_at,caf\u00e9\n".encode("latin-1"))
    answer = desk("import", "latin.csv", *WHO, "--on-fault", "skip")
    assert (answer.returncode, answer.stdout) == (
        1, "Nothing was written: it is not single rows that are at fault, so none can be left out.\n",
    )  # fmt: skip


def test_history_needs_a_reason_and_counts_from_when_it_was_reported(desk, tmp_path):
    commas(tmp_path / "watch" / "old.csv", [sound(reported_at="2026-03-31")])
    answer = desk("import", "old.csv", "--historical", *WHO)
    assert (answer.returncode, answer.stderr) == (
        2, "IW534 no --reason; history needs one. Say why it counts as known then.\n",
    )  # fmt: skip
    assert desk("import", "old.csv", "--historical", "--reason", "the archive", *WHO).returncode == 0
    asked = ("score", "port-closure", "--at", "2026-04-02", "--format", "json", "--known-at")
    heard = [json.loads(desk(*asked, day).stdout)["observations"] for day in ("2026-03-30", "2026-03-31")]
    assert heard == [0, 1]


@pytest.mark.parametrize(("name", "code"), [("none.csv", 3), ("seen.txt", 2)])
def test_what_cannot_be_read_is_refused(desk, file, name, code):
    assert desk("import", name, *WHO).returncode == code


def test_rejects_go_over_nothing_but_rejects(desk, file, tmp_path):
    kept = file.read_bytes()
    log = tmp_path / "watch" / "iwscore.db"
    answer = desk("import", file, *WHO, "--rejects", "./seen.csv")
    assert answer.stderr == "IW403 file is there already (seen.csv); must be a new file. Name another file.\n"
    answer = desk("import", file, *WHO, "--rejects", log)
    assert answer.stderr == (
        f"IW403 file is there already ({log}); must be a new file, or one of rejects. Name another file.\n"
    )
    assert file.read_bytes() == kept
    assert json.loads(desk("log", "stats", "--format", "json").stdout)["head"]["entries"] == 0


def test_a_signature_no_batch_can_carry_is_refused_in_a_dry_run_too(desk, file):
    answer = desk("import", file, "--author", "\udcff", "--dry-run")
    assert (answer.returncode, answer.stderr.partition(";")[0]) == (1, "import:author: IW428 text cannot be kept")
