"""The program as a whole: help, version, faults of its own, readers that leave early."""

import subprocess
import sys
from pathlib import Path

import pytest

from iwscore.cli.app import app
from tests.cli.conftest import FACTS, ROOT

COMMANDS = sorted(str(one.name or one.callback.__name__) for one in app.registered_commands if one.callback)
GROUPS = {str(one.typer_instance.info.name): one.typer_instance for one in app.registered_groups if one.typer_instance}


def names_of(group):
    """Return the commands of a group."""
    return [one.name or str(one.callback.__name__) for one in group.registered_commands if one.callback]


def test_the_reference_page_is_what_the_program_says(run, golden):
    page = [
        "# The command line\n",
        "Generated from the program itself; `make golden` writes it anew. Results go to stdout, progress and notes to",
        "stderr. Exit codes: 0 fine; 1 the input has errors (`check --strict`: warnings too); 2 wrong use, unknown",
        "problem, subject missing; 3 a file or log cannot be had. 70 is a fault of iwscore itself.\n",
    ]
    below = (f"{group} {name}" for group, one in GROUPS.items() for name in names_of(one))
    for name in sorted([*COMMANDS, *GROUPS, *below]):
        page += [f"## {name}\n", f"```\n{run(*name.split(), '--help').stdout.strip()}\n```\n"]
    golden("../../docs/cli.md", "\n".join(page))


def test_without_a_command_the_help_is_shown(run):
    assert all(name in run().stdout + run().stderr for name in COMMANDS)


def test_the_version_is_said(run):
    assert run("--version").stdout == "iwscore 0.1.0\n"


def test_help_imports_nothing_heavy():
    heavy = {"numpy", "pyarrow", "pydantic", "rich.table", "sqlalchemy", "vl_convert", "yaml"}
    code = (
        "import sys; sys.argv = ['iwscore', '--help']\n"
        "from iwscore.cli.app import app\n"
        "try:\n    app(standalone_mode=True)\nexcept SystemExit: pass\n"
        f"print(sorted({heavy!r} & set(sys.modules)))"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True)
    assert said.stdout.splitlines()[-1] == "[]"


def test_a_reader_that_leaves_early_is_no_fault():
    program = Path(sys.executable).with_name("iwscore")
    asked: list[str | Path] = [program, "trend", "northern-front", "--catalog", ROOT, "--observations", FACTS]
    asked += ["--from", "2000-01-01", "--to", "2022-10-12", "--format", "csv"]
    with subprocess.Popen(asked, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert b"Traceback" not in process.stderr.read()
    assert process.returncode == 0


@pytest.mark.parametrize(("debug", "traceback"), [({}, False), ({"IWSCORE_DEBUG": "1"}, True)])
def test_a_fault_of_its_own_is_owned_up_to(tmp_path, debug, traceback):
    code = (
        "import sys; from iwscore.cli import app as program\n"
        "def broken(): raise LookupError('no such thing')\n"
        "program.app.command()(broken); sys.argv = ['iwscore', 'broken']; program.main()"
    )
    said = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=debug, capture_output=True, encoding="utf-8", check=False
    )
    assert ("Traceback" in said.stderr) == traceback
    assert "no such thing" in said.stderr
    assert said.returncode == (1 if traceback else 70)


def test_an_answer_goes_out_without_a_stderr_and_is_refused_without_a_stdout(tmp_path):
    asked = f"score northern-front --catalog {ROOT} --observations {FACTS} --format json"
    program = Path(sys.executable).with_name("iwscore")
    said = subprocess.run(f"{program} {asked} 2>&-", shell=True, cwd=tmp_path, capture_output=True, check=True)
    assert said.stdout.startswith(b'{"problem":"northern-front"')
    refused = subprocess.run(f"{program} {asked} >&-", shell=True, cwd=tmp_path, capture_output=True, check=False)
    assert refused.returncode == 3
    assert b"IW402 cannot write (stdout)" in refused.stderr
