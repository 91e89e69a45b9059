"""The program: its commands, and how every refusal leaves the house.

Here belong the list of commands, exit codes and the one broad ``except``. What a command does is in its own file.
"""

from __future__ import annotations

import os
import sys
import warnings
from typing import Annotated

import typer

from iwscore import __version__
from iwscore.cli.check import check
from iwscore.cli.correct import correct
from iwscore.cli.demo import demo
from iwscore.cli.explain import explain
from iwscore.cli.export import export
from iwscore.cli.import_ import import_
from iwscore.cli.init import init
from iwscore.cli.log import log
from iwscore.cli.options import note
from iwscore.cli.outcome import outcome
from iwscore.cli.record import record
from iwscore.cli.rescore import rescore
from iwscore.cli.retract import retract
from iwscore.cli.schema import schema
from iwscore.cli.score import score
from iwscore.cli.serve import serve
from iwscore.cli.token import token
from iwscore.cli.trend import trend
from iwscore.errors import Refusal

__all__ = ["app", "main"]

_BUG = 70  # EX_SOFTWARE: neither the input nor its use is at fault

app = typer.Typer(
    name="iwscore",
    help="Indicators and warnings: from a catalog and graded reports to explained scenario likelihoods.",
    epilog="Exit: 0 fine, 1 the input has errors, 2 wrong use, 3 a file or log cannot be had.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for command in (init, check, schema, score, trend, explain, record, correct, retract, import_, export, outcome):
    app.command(command.__name__.rstrip("_"))(command)
app.add_typer(log)
app.command()(rescore)
app.command()(serve)
app.add_typer(token)
app.command()(demo)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"iwscore {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and leave.")
    ] = False,
) -> None:
    pass


def main() -> None:
    """Run a command; every refusal is one message on stderr and an exit code."""
    warnings.simplefilter("error", RuntimeWarning)  # an overflow or a division by zero is never passed over
    try:
        app()
    except Refusal as refusal:
        note(str(refusal))
        sys.exit(refusal.exit_code)
    except Exception as error:
        if os.environ.get("IWSCORE_DEBUG"):
            raise
        said = f"{type(error).__name__}: {error}".strip().splitlines()[0]
        typer.echo(f"A fault of iwscore itself ({said}). Set IWSCORE_DEBUG=1 to see where, and report it.", err=True)
        sys.exit(_BUG)
