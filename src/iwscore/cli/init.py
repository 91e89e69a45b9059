"""``iwscore init``: a folder to start from."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from iwscore.cli.options import put
from iwscore.errors import QuestionError, Unreachable

__all__ = ["init"]

# Where each file of the starter goes.
_PLACES = {
    "indicators.yaml": "indicators/harbour.yaml",
    "scenarios.yaml": "scenarios/port-closure.yaml",
    "sources.yaml": "sources/sources.yaml",
    "observations.csv": "observations.csv",
}


def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that is not there yet, or is empty.")],
) -> None:
    """Make a working folder: a small commented catalog, a few reports to try it with, and an empty log."""
    from importlib.resources import files

    from iwscore.store.migrating import create_log

    try:
        taken = folder.exists() and (not folder.is_dir() or any(folder.iterdir()))
    except OSError as error:
        raise Unreachable(
            "IW402", "cannot write", str(folder)[:80], "must be a folder one may write to", f"{error.strerror}."
        ) from error
    if taken:
        raise QuestionError(
            "IW510", "folder is not empty", str(folder), "must be new or empty, so that nothing is lost",
            "Name another folder.",
        )  # fmt: skip
    starter = files("iwscore") / "starter"
    try:
        for name, place in _PLACES.items():
            target = folder / place
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes((starter / name).read_bytes())
    except OSError as error:
        raise Unreachable(
            "IW402", "cannot write", str(folder), "must be a folder one may write to", f"{error.strerror}."
        ) from error
    create_log(str(folder / "iwscore.db"))
    put(
        f"A small catalog, a few reports and an empty log are in {folder}. Try:\n"
        f"  iwscore check --catalog {folder}\n"
        f"  iwscore score port-closure --catalog {folder} --observations {folder / 'observations.csv'}\n"
        f"  iwscore import {folder / 'observations.csv'} --catalog {folder}\n"
        f"  iwscore score port-closure --catalog {folder}\n",
        None,
    )
