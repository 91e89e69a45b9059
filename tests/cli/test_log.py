"""Log: made, looked into, verified, migrated, dumped and restored, with the real program."""

import json
import sqlite3

import pytest

from iwscore.store.drafts import Draft
from tests.store.drafting import NOON, opened, record, some, sound
from tests.store.tampering import change, unguard

ZEROS = "0" * 64


@pytest.fixture
def filled(tmp_path):
    """Make a log of two batches in the folder where the program starts; return its head."""
    with opened(str(tmp_path / "iwscore.db")) as log:
        (name,) = record(log, sound(external_id="r-1", note="seen \x1b[31mby two"))
        record(log, Draft(kind="retraction", target=name, reason="hoax"))
        return log.head().digest


def said(answer) -> tuple[int, str, str]:
    return answer.returncode, answer.stdout, answer.stderr


def test_a_log_is_made_once(run, tmp_path):
    assert said(run("log", "create")) == (0, "", "Made: iwscore.db\n")
    refused = "IW411 there is a log already (iwscore.db); must be a new place. Use that log.\n"
    assert said(run("log", "create")) == (3, "", refused)
    assert said(run("log", "create", IWSCORE_DATABASE="other.db")) == (0, "", "Made: other.db\n")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["iwscore.db", "other.db"]


@pytest.mark.parametrize("command", [["list"], ["show", "r-1"], ["verify"], ["migrate"], ["stats"], ["dump", "x"]])
def test_without_a_log_it_is_exit_3(run, tmp_path, command):
    refused = "IW410 there is no log (iwscore.db); must have been made. Make one by iwscore log create.\n"
    assert said(run("log", *command)) == (3, "", refused)
    assert list(tmp_path.iterdir()) == []


def test_an_intact_log_is_told_with_its_head(run, filled):
    standing = f"The log is intact: 2 entries in 2 batches, head {filled}\n"
    doubt = "That a tail was cut cannot be excluded: give --head, from an earlier answer, manifest or export.\n"
    assert said(run("log", "verify")) == (0, standing + doubt, "")
    sure = "No tail was cut before that head.\n"
    assert said(run("log", "verify", "--head", filled)) == (0, standing + sure, "")


def test_a_changed_log_is_exit_1(run, filled, tmp_path):
    place = str(tmp_path / "iwscore.db")
    unguard(place)
    change(place, "UPDATE entries SET level = 'absent' WHERE seq = 1")
    answer = run("log", "verify")
    assert answer.returncode == 1
    lines = answer.stdout.splitlines()
    assert lines[0] == (
        "iwscore.db:row 1:entries: IW440 entry was altered; it must be what batch 1 was closed over. "
        "Find out who changed it, and compare with a dump."
    )
    assert [line.split()[1] for line in lines[1:-2]] == ["IW448"] * 10
    assert lines[-2] == f"The log is NOT what was recorded: 2 entries in 2 batches, head {filled}"
    report = json.loads(run("log", "verify", "--format", "json").stdout)
    assert (report["intact"], report["cut_excluded"], report["head"]["digest"]) == (False, False, filled)
    assert (report["faults"][0]["code"], report["faults"][0]["table"], report["faults"][0]["row"]) == (
        "IW440",
        "entries",
        1,
    )


def test_a_cut_tail_shows_against_a_head(run, filled, tmp_path):
    connection = sqlite3.connect(tmp_path / "iwscore.db")
    for table, key in (("entries", "batch"), ("batches", "number"), ("ids", "seq")):
        trigger = f"SELECT sql FROM sqlite_master WHERE name = '{table}_refuse_delete'"
        (made,) = connection.execute(trigger).fetchone()
        connection.execute(f"DROP TRIGGER {table}_refuse_delete")
        connection.execute(f"DELETE FROM {table} WHERE {key} = 2")
        connection.execute(made)
    connection.commit()
    connection.close()
    assert run("log", "verify").returncode == 0
    answer = run("log", "verify", "--head", filled)
    assert answer.returncode == 1
    assert answer.stdout.startswith(
        f"iwscore.db:row 1:batches: IW446 tail was cut; the chain must pass through {filled}; "
        "it ends with batch 1, entry 1. "
    )


@pytest.mark.parametrize("head", ["abc", "x" * 64, ZEROS.replace("0", "A")])
def test_a_head_must_be_a_digest(run, filled, head):
    refused = f"IW531 --head is not a digest ({head}); must be 64 hexadecimal digits. Copy it from an answer.\n"
    assert said(run("log", "verify", "--head", head)) == (2, "", refused)


def test_entries_are_listed_and_shown(run, filled):
    listed = run("log", "list").stdout.splitlines()
    assert [line.split()[2] for line in listed if line.split()[0].isdigit()] == ["observation", "retraction"]
    first, second = map(json.loads, run("log", "list", "--format", "json").stdout.splitlines())
    assert (first["recorded_at"], first["external_id"]) == ("2022-10-05T20:00:00Z", "r-1")
    assert (second["target"], second["reason"], second["observed_at"]) == (first["id"], "hoax", None)
    (again,) = run("log", "show", first["id"], "--format", "json").stdout.splitlines()
    assert json.loads(again) == first
    page = run("log", "show", "r-1").stdout
    assert "note         seen �[31mby two\n" in page
    assert run("log", "list", "--after", "1", "--limit", "5", "--format", "json").stdout.count("\n") == 1


def test_an_entry_that_is_not_there_is_exit_2(run, filled):
    refused = "IW530 no such entry (r-2); must be an id or external_id in the log. See iwscore log list.\n"
    assert said(run("log", "show", "r-2")) == (2, "", refused)


def test_times_of_no_calendar_are_shown_as_they_stand(run, filled, tmp_path):
    place = str(tmp_path / "iwscore.db")
    unguard(place)
    change(place, f"UPDATE entries SET observed_at = {1 << 62}", f"UPDATE batches SET recorded_at = {-(1 << 62)}")
    shown = f"{1 << 62} us since 1970"
    for command in (("list",), ("show", "r-1"), ("stats",)):
        assert run("log", *command).returncode == 0
    assert json.loads(run("log", "show", "r-1", "--format", "json").stdout)["observed_at"] == shown
    assert shown in run("log", "stats").stdout


def test_figures_of_a_log(run, filled):
    table = run("log", "stats").stdout
    assert f"head           {filled}\n" in table
    assert "  retraction   1\n" in table
    assert "recorded       2022-10-05T20:00:00Z to 2022-10-05T20:00:00.000001Z\n" in table
    figures = json.loads(run("log", "stats", "--format", "json").stdout)
    assert (figures["kinds"], figures["first_recorded_at"]) == ({"observation": 1, "retraction": 1}, NOON)


def test_a_dump_restores_the_same_head(run, filled):
    standing = f"2 entries in 2 batches, head {filled}\n"
    assert said(run("log", "dump", "log.dump")) == (0, "", f"Written: log.dump, {standing}")
    refused = "IW403 file is there already (log.dump); must be a new file. Name another file.\n"
    assert said(run("log", "dump", "log.dump")) == (3, "", refused)
    restored = run("log", "restore", "log.dump", "--database", "again.db")
    assert said(restored) == (0, "", f"Restored: {standing}")
    assert run("log", "verify", "--database", "again.db", "--head", filled).returncode == 0


def test_only_migrate_migrates(run, filled, tmp_path):
    assert said(run("log", "migrate")) == (0, "", "Already of revision 0005: iwscore.db\n")
    place = str(tmp_path / "iwscore.db")
    change(
        place,
        "UPDATE iwscore_version SET version_num = '0001'",
        "DROP INDEX entries_by_external_id",
        "DROP INDEX entries_by_fingerprint",
        "DROP TABLE segments",
        "DROP TABLE ids",
        *(f"DROP TABLE {table}" for table in ("tokens", "credentials", "receipts")),
        "CREATE UNIQUE INDEX entries_by_id ON entries (id)",
    )
    refused = (
        "IW413 log was made by an older version (iwscore.db: 0001); must be of revision 0005. "
        "Keep a copy, then run iwscore log migrate.\n"
    )
    assert said(run("log", "stats")) == (3, "", refused)
    assert said(run("log", "migrate")) == (0, "", "Migrated from revision 0001 to 0005: iwscore.db\n")
    assert run("log", "verify", "--head", filled).returncode == 0


def test_scoring_a_file_imports_no_database():
    """SQLAlchemy, Alembic and psycopg cost a third of a second, which a question to a file need not pay."""
    import subprocess
    import sys

    from tests.cli.conftest import FACTS, ROOT

    code = (
        "import sys\nfrom iwscore.cli.app import app\n"
        f"sys.argv = ['iwscore', 'score', 'northern-front', '--catalog', {str(ROOT)!r}, '--observations', "
        f"{str(FACTS)!r}, '--at', '2022-10-12', '--format', 'json']\n"
        "try:\n    app(standalone_mode=True)\nexcept SystemExit as left:\n    assert left.code == 0\n"
        "print(sorted({'alembic', 'psycopg', 'sqlalchemy'} & set(sys.modules)))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True)
    assert ran.stdout.splitlines()[-1] == "[]"


@pytest.fixture
def long(tmp_path):
    """Make a log that is worth a cache, in the folder where the program starts."""
    with opened(str(tmp_path / "iwscore.db")) as log:
        log.append(some(5000), author="ann", reason="watch")


def test_the_cache_is_told_made_and_dropped(run, long, tmp_path):
    def cache(*options: str):
        return json.loads(run("log", "cache", "--format", "json", *options).stdout)

    path = tmp_path / "iwscore.db-columns"
    nothing = {"path": str(path), "trusted": True, "entries": 0, "of": 5000, "pieces": 0, "size": 0}
    assert cache() == nothing
    made = nothing | {"entries": 5000, "pieces": 1}
    assert cache("--rebuild") == made | {"size": path.stat().st_size}
    assert said(run("log", "cache"))[:2] == (
        0, f"file     {path}\nentries  5000 of 5000\npieces   1\nbytes    {path.stat().st_size}\n",
    )  # fmt: skip
    assert run("log", "verify").returncode == 0
    assert cache("--drop") == nothing
    apart = run("log", "cache", "--rebuild", IWSCORE_CACHE="kept").stdout
    assert apart.startswith("file     kept")
    assert not path.exists()


def test_a_cache_that_cannot_be_written_is_said_and_the_answer_is_there(run, long, tmp_path):
    (tmp_path / "taken").touch()
    answer = run("log", "cache", "--rebuild", IWSCORE_CACHE="taken")
    assert answer.returncode == 0
    assert answer.stderr.startswith(
        "The cache of columns cannot be written, so every question reads the log anew: taken"
    )
