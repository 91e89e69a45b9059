"""Where the commands find the log: the option, the environment, and the clock it is stamped by.

Here belongs the way from what people type to an open log. What a command does with it is its own.
"""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from iwscore.store.logs import Log

__all__ = ["DatabaseUrl", "found_url", "log_url", "now", "open_there", "shown_url"]

DatabaseUrl = Annotated[
    str | None,
    typer.Option(
        "--database",
        metavar="URL",
        help="The log: a path, or postgresql://… [default: $IWSCORE_DATABASE, else iwscore.db beside the catalog].",
    ),
]


def log_url(database: str | None, catalog: Path | None) -> str:
    """Return where the log is: ``--database``, else the environment, else ``iwscore.db`` in the catalog's folder."""
    folder = catalog or Path(os.environ.get("IWSCORE_CATALOG") or ".")
    return database or os.environ.get("IWSCORE_DATABASE") or str(folder / "iwscore.db")


def shown_url(database: str | None, catalog: Path | None, home: Path) -> str:
    """Return where the log is, seen from ``home``: a file by its relative path, a server without the password."""
    url = log_url(database, catalog)
    kind, _, rest = url.partition("://")
    if not rest:
        return os.path.relpath(url, home)
    if kind == "sqlite":
        return os.path.relpath(rest.removeprefix("/"), home)
    from iwscore.store.urls import without_password

    return without_password(url)


def found_url(shown: str | None, home: Path) -> str | None:
    """Return the log that ``shown_url`` has named, unless the environment names one."""
    if shown is None or os.environ.get("IWSCORE_DATABASE"):
        return None
    return shown if "://" in shown else str(home / shown)


def now() -> int:
    """Return the clock's time in microseconds since 1970."""
    return time.time_ns() // 1000


def open_there(database: str | None, catalog: Path | None) -> Log:
    """Return the log of ``--database``, of the environment or of the catalog's folder."""
    from iwscore.store.logs import open_log

    return open_log(log_url(database, catalog), clock=now)
