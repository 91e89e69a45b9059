"""What the commands share: options, and the way from what people type to a question.

Here the environment is read, files are opened and the clock's words are understood. What a command prints is its own.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from iwscore.errors import QuestionError, Unreachable, printable

if TYPE_CHECKING:
    from iwscore.domain.catalogs import Catalog
    from iwscore.domain.columns import Reported
    from iwscore.domain.observations import Observations
    from iwscore.store.shelves import Shelf

__all__ = [
    "At",
    "Author",
    "CatalogFolder",
    "Draws",
    "Format",
    "KnownAt",
    "MappingFile",
    "ObservationFile",
    "ProblemName",
    "Seed",
    "Subject",
    "Vintage",
    "WrittenFormat",
    "author_of",
    "catalog_folder",
    "counting",
    "instant",
    "knowledge",
    "last_time",
    "note",
    "note_unwatched",
    "open_catalog",
    "open_observations",
    "put",
    "unbroken",
    "working",
]

Format = Annotated[
    Literal["table", "json", "csv"],
    typer.Option("--format", help="A table for people; full precision in json and csv."),
]
WrittenFormat = Annotated[
    Literal["table", "json"], typer.Option("--format", help="For people, or in full for scripts.")
]
Author = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="Who records this [default: $IWSCORE_AUTHOR, else the login name]."),
]
ProblemName = Annotated[str, typer.Argument(metavar="PROBLEM", help="The problem's id in the catalog.")]
CatalogFolder = Annotated[
    Path | None,
    typer.Option(
        "--catalog",
        metavar="DIR",
        readable=False,
        help="The catalog's folder [default: $IWSCORE_CATALOG, else this one].",
    ),
]
ObservationFile = Annotated[
    Path | None,
    typer.Option(
        "--observations",
        metavar="FILE",
        readable=False,
        help="Reports to score instead of the log's: .csv, .jsonl, .ndjson or .parquet.",
    ),
]
MappingFile = Annotated[
    Path | None,
    typer.Option(
        "--mapping", metavar="FILE", readable=False, help="How to read --observations of another shape (YAML)."
    ),
]
Subject = Annotated[str | None, typer.Option(help="What is watched; needed where the problem watches several.")]
At = Annotated[
    str | None,
    typer.Option(
        metavar="TIME", help="The world as of this time (ISO 8601) [default: now; the last time of --observations]."
    ),
]
Vintage = Annotated[
    bool,
    typer.Option(
        "--vintage",
        help="Answer each time as it was known then; of a log by the catalog in force then, unless --catalog is given.",
    ),
]
Draws = Annotated[
    int, typer.Option(min=0, max=100_000, help="How many draws the bands low and high are made of; 0 for no bands.")
]
Seed = Annotated[int, typer.Option(min=0, help="Another number gives other draws; the same one the same bytes.")]
KnownAt = Annotated[
    str | None,
    typer.Option(metavar="TIME", help="As it was known at this time; a bare date is its end [default: everything]."),
]


def catalog_folder(folder: Path | None) -> Path:
    """Return the folder of ``--catalog``, of the environment, or the current one."""
    return folder or Path(os.environ.get("IWSCORE_CATALOG") or ".")


def open_catalog(folder: Path | None) -> Catalog:
    """Return the catalog in that folder."""
    from iwscore.catalog import load

    return load(catalog_folder(folder))


def open_observations(path: Path, catalog: Catalog, mapping: Path | None = None) -> Observations:
    """Return the reports of ``--observations``, read as ``--mapping`` says where there is one."""
    from iwscore.catalog import load_mapping
    from iwscore.store import read_observations

    mapped = None if mapping is None else load_mapping(mapping, catalog)
    with working(f"Reading {path}"):
        seen = read_observations(path, catalog, mapped)
    note_unwatched(seen.subject.names, catalog)
    return seen


def note_unwatched(subjects: Iterable[str], catalog: Catalog) -> None:
    """Say on stderr which subjects no problem watches."""
    watched = [problem.subjects for problem in catalog.problems.values()]
    if None not in watched:
        strange = set(subjects) - {"", *(name for names in watched for name in names or ())}
        if strange:
            note(f"Subjects that no problem watches are left out: {printable(', '.join(sorted(strange)[:8]))}.")


def author_of(author: str | None) -> str:
    """Return ``--author``, the environment's or the login name, and say on stderr which it is."""
    import getpass

    if author:
        return author
    if named := os.environ.get("IWSCORE_AUTHOR"):
        note(f"Author: {printable(named)} ($IWSCORE_AUTHOR).")
        return named
    try:
        login = getpass.getuser()
    except (KeyError, OSError):
        raise QuestionError("IW533", "no author", None, "an entry says who recorded it", "Give --author.") from None
    note(f"Author: {printable(login)} (the login name).")
    return login


def instant(text: str, option: str) -> datetime:
    """Return the time that an option names; a bare date is 00:00 UTC."""
    return _time(text, option, end_of_day=False)


def knowledge(text: str | None, option: str = "--known-at") -> datetime | None:
    """Return the knowledge time that an option names; a bare date is the end of that day, None is everything."""
    return None if text is None else _time(text, option, end_of_day=True)


def _time(text: str, option: str, *, end_of_day: bool) -> datetime:
    from iwscore.domain.times import parse_instant

    try:
        return parse_instant(text, end_of_day=end_of_day)
    except ValueError:
        raise QuestionError(
            "IW507",
            f"{option} is not a time",
            text,
            "must be ISO 8601 with an offset, or a bare date",
            "Write for instance 2022-10-12T00:00:00Z.",
        ) from None


def last_time(observations: Reported | Shelf, option: str) -> datetime:
    """Return the file's last time, and say on stderr that it is taken."""
    from iwscore.domain.times import from_micros, print_instant

    if observations.last is None:
        raise QuestionError("IW508", f"no {option}", None, "an empty file has no last time", f"Give {option}.")
    taken = from_micros(observations.last)
    note(f"{option} left out: taking the file's last time, {print_instant(taken)}.")
    return taken


def name_draws(draws: int, seed: int) -> None:
    """Say on stderr what bands are made of, if there are any."""
    if draws:
        note(f"Bands: 5 % to 95 % of {draws:,} draws, seed {seed}.")


def put(content: str | bytes, out: Path | None) -> None:
    """Write an answer to ``--out``, or to stdout as it is."""
    data = content.encode("utf-8", "backslashreplace") if isinstance(content, str) else content
    try:
        if out is None:
            _print(data)
            return
        _write(data, out.resolve())
    except OSError as error:
        raise Unreachable(
            "IW402",
            "cannot write",
            str(out or "stdout"),
            "must be a file in a folder one may write to",
            f"{error.strerror}.",
        ) from error
    note(f"Written: {printable(str(out))}")


def _write(data: bytes, out: Path) -> None:
    """Write a file whole or not at all; a pipe or a device is written to as it is."""
    if out.exists() and not out.is_file():
        out.write_bytes(data)
        return
    beside = out.with_name(f".{out.name}.{os.getpid()}")
    try:
        beside.write_bytes(data)
        beside.replace(out)
    finally:
        beside.unlink(missing_ok=True)


def _print(data: bytes) -> None:
    if sys.stdout is None:
        raise OSError(errno.EBADF, "It is closed")
    with unbroken():
        sys.stdout.buffer.write(data)


def note(text: str) -> None:
    """Say something on stderr; where there is none, or it is full, the answer goes on without."""
    if sys.stderr is not None:
        with suppress(OSError):
            typer.echo(text, err=True)


@contextmanager
def unbroken() -> Iterator[None]:
    """Let whoever reads stdout leave early; then bring what is written there on its way."""
    try:
        yield
        sys.stdout.buffer.flush()
    except BrokenPipeError:  # the reader has enough; not a fault
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@contextmanager
def working(what: str) -> Iterator[None]:
    """Show on a terminal that something is being done."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield
        return
    from rich.console import Console
    from rich.markup import escape

    with Console(stderr=True).status(f"{escape(printable(what))} …"):
        yield


@contextmanager
def counting(what: str) -> Iterator[Callable[[int, int], None] | None]:
    """Show on a terminal how many of all entries are done."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bars:
        task = bars.add_task(what, total=None)
        yield lambda done, total: bars.update(task, completed=done, total=total or 1)
