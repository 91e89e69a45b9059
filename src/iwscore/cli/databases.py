"""Where the commands find the log: the option, the environment, and the clock it is stamped by.

Here belongs the way from what people type to an open log. What a command does with it is its own.
"""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from iwscore.store.logs import Log

__all__ = ["DatabaseUrl", "caches_of", "found_url", "log_url", "now", "open_there", "shown_url"]

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

    url = log_url(database, catalog)
    return open_log(url, clock=now, caches=caches_of(url))


def caches_of(url: str) -> Path | None:
    """Return the folder for caches: the environment's or, of logs on a server, the user's; None is beside the log."""
    named = os.environ.get("IWSCORE_CACHE")
    if named:
        return Path(named)
    if "://" not in url or url.startswith("sqlite:"):
        return None
    with suppress(RuntimeError):  # whoever runs this has no home
        return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "iwscore"
    return None
