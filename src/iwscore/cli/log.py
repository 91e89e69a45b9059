"""``iwscore log``: the log itself: made, looked into, verified, migrated, dumped and restored."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from iwscore.cli import options
from iwscore.cli.databases import DatabaseUrl, caches_of, log_url, open_there
from iwscore.errors import QuestionError, Unreachable

if TYPE_CHECKING:
    from iwscore.store.entries import Entry, Head

__all__ = ["log"]

log = typer.Typer(
    name="log",
    help="Make, look into, verify, migrate, dump and restore the log.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
LogFormat = Annotated[
    Literal["table", "json"], typer.Option("--format", help="For people, or in full precision for scripts.")
]
_LAST = (1 << 63) - 1  # an entry's greatest number
DumpFile = Annotated[Path, typer.Argument(metavar="FILE", help="The dump.")]


@log.command()
def create(catalog: options.CatalogFolder = None, database: DatabaseUrl = None) -> None:
    """Make an empty log where there is none."""
    from iwscore.store.migrating import create_log

    url = log_url(database, catalog)
    create_log(url)
    typer.echo(f"Made: {_place(url)}", err=True)


@log.command("list")
def list_(
    catalog: options.CatalogFolder = None,
    database: DatabaseUrl = None,
    after: Annotated[int, typer.Option(min=0, metavar="N", help="Begin after this entry.")] = 0,
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="At most so many.")] = 20,
    format: LogFormat = "table",
) -> None:
    """Name the entries in the order in which they were recorded."""
    with open_there(database, catalog) as opened:
        entries = opened.entries(after=min(after, _LAST), limit=limit)
    options.put(_lines(entries) if format == "json" else _table(entries), None)


@log.command()
def show(
    name: Annotated[str, typer.Argument(metavar="ID", help="An entry's id or external_id.")],
    catalog: options.CatalogFolder = None,
    database: DatabaseUrl = None,
    format: LogFormat = "table",
) -> None:
    """Say everything an entry says, with who recorded it, when and why."""
    with open_there(database, catalog) as opened:
        entries = opened.entries(ids=[name], external_ids=[name])
    if not entries:
        raise QuestionError(
            "IW530", "no such entry", name, "must be an id or external_id in the log", "See iwscore log list."
        )
    options.put(_lines(entries) if format == "json" else "\n".join(map(_page, entries)), None)


@log.command()
def verify(
    catalog: options.CatalogFolder = None,
    database: DatabaseUrl = None,
    head: Annotated[
        str | None, typer.Option(metavar="DIGEST", help="A head seen earlier: the chain must pass through it.")
    ] = None,
    format: LogFormat = "table",
) -> None:
    """Say whether the log is what was recorded, and the place of everything that is not."""
    from iwscore.store.keeping import cache_faults
    from iwscore.store.verifying import verify_log

    if head is not None and (len(head) != 64 or not set(head) <= set("0123456789abcdef")):
        raise QuestionError(
            "IW531", "--head is not a digest", head, "must be 64 hexadecimal digits", "Copy it from an answer."
        )
    url = log_url(database, catalog)
    with options.counting("Verifying") as done:
        verdict = verify_log(url, head=head, progress=done)
    faults = [*verdict.faults, *([] if verdict.faults else cache_faults(url, caches_of(url)))]
    if format == "json":
        said = {
            "intact": not verdict.faults,
            "cut_excluded": verdict.cut_excluded,
            "head": dataclasses.asdict(verdict.head),
            "faults": [{"code": f.code, "table": f.field, "row": f.line, "text": str(f)} for f in faults],
        }
        options.put(json.dumps(said) + "\n", None)
    else:
        more = ["There are more: only the first are named."] if verdict.more else []
        found = "intact" if not verdict.faults else "NOT what was recorded"
        cut = (
            "No tail was cut before that head."
            if verdict.cut_excluded
            else "That a tail was cut cannot be excluded: give --head, from an earlier answer, manifest or export."
        )
        lines = [*map(str, faults), *more, f"The log is {found}: {_standing(verdict.head)}"]
        lines += [cut] if verdict.cut_excluded or head is None else []
        options.put("\n".join([*lines, ""]), None)
    if faults:
        raise typer.Exit(1)


@log.command()
def cache(
    catalog: options.CatalogFolder = None,
    database: DatabaseUrl = None,
    drop: Annotated[bool, typer.Option("--drop", help="Remove it; the next question makes it anew.")] = False,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Make it anew now.")] = False,
    format: LogFormat = "table",
) -> None:
    """Say what the cache of columns beside the log has; it holds nothing that the log does not."""
    from iwscore.cli.reports import read_columns
    from iwscore.render.layouts import pairs
    from iwscore.store.keeping import drop_cache, kept

    url = log_url(database, catalog)
    if drop or rebuild:
        drop_cache(url, caches_of(url))
    if rebuild:
        with open_there(database, catalog) as opened:
            read_columns(opened)
    said = dataclasses.asdict(kept(url, caches_of(url)))
    said["path"] = said["path"] and str(said["path"])
    if format == "json":
        options.put(json.dumps(said) + "\n", None)
        return
    rows = [
        ("file", said["path"] or "none: set IWSCORE_CACHE to a folder"),
        ("entries", f"{said['entries']} of {said['of']}"),
        ("pieces", str(said["pieces"])),
        ("bytes", str(said["size"])),
        *([] if said["trusted"] else [("state", "not trusted: the next question makes it anew")]),
    ]
    options.put("\n".join([*pairs(rows), ""]), None)


@log.command()
def migrate(catalog: options.CatalogFolder = None, database: DatabaseUrl = None) -> None:
    """Bring the log of an older version up to this one. Nothing else ever does."""
    from iwscore.store.migrating import migrate_log

    url = log_url(database, catalog)
    before, after = migrate_log(url)
    said = f"Already of revision {after}" if before == after else f"Migrated from revision {before} to {after}"
    typer.echo(f"{said}: {_place(url)}", err=True)


@log.command()
def stats(catalog: options.CatalogFolder = None, database: DatabaseUrl = None, format: LogFormat = "table") -> None:
    """Say how much is in the log, over which times, and where its chain ends."""
    from iwscore.render.layouts import pairs
    from iwscore.store.figures import figures

    said = figures(log_url(database, catalog))
    if format == "json":
        options.put(json.dumps(dataclasses.asdict(said)) + "\n", None)
        return
    rows = [
        ("head", said.head.digest),
        ("batches", str(said.head.batch)),
        ("entries", str(said.head.entries)),
        *((f"  {kind}", str(count)) for kind, count in said.kinds.items()),
        ("historical", str(said.historical)),
        ("authors", str(said.authors)),
        ("catalogs", str(said.catalogs)),
        ("recorded", f"{_time(said.first_recorded_at)} to {_time(said.head.recorded_at)}"),
        ("observed", f"{_time(said.first_observed_at)} to {_time(said.last_observed_at)}"),
    ]
    options.put("\n".join([*pairs(rows), ""]), None)


@log.command()
def dump(file: DumpFile, catalog: options.CatalogFolder = None, database: DatabaseUrl = None) -> None:
    """Write the whole log to a file: both clocks, ids, batches and catalogs."""
    from iwscore.store.dumping import dump_log

    if file.exists():
        raise Unreachable("IW403", "file is there already", str(file), "must be a new file", "Name another file.")
    with options.counting("Dumping") as done:
        head = dump_log(log_url(database, catalog), file, progress=done)
    typer.echo(f"Written: {file}, {_standing(head)}", err=True)


@log.command()
def restore(file: DumpFile, catalog: options.CatalogFolder = None, database: DatabaseUrl = None) -> None:
    """Make a log from a dump, where there is none; it is verified before it counts."""
    from iwscore.store.dumping import restore_log

    with options.counting("Restoring") as done:
        head = restore_log(file, log_url(database, catalog), progress=done)
    typer.echo(f"Restored: {_standing(head)}", err=True)


def _place(url: str) -> str:
    from iwscore.store.databases import database_at

    return database_at(url).place


def _standing(head: Head) -> str:
    return f"{head.entries} entries in {head.batch} batches, head {head.digest}"


def _time(micros: int | None) -> str:
    from iwscore.domain.times import from_micros, print_instant

    try:
        return "–" if micros is None else print_instant(from_micros(micros))
    except OverflowError:  # no year of the calendar: a log that was tampered with must still show what it holds
        return f"{micros} us since 1970"


def _lines(entries: list[Entry]) -> str:
    """Return an object a line, times as people write them."""
    return "".join(json.dumps(_fields(entry), ensure_ascii=False) + "\n" for entry in entries)


def _fields(entry: Entry) -> dict[str, Any]:
    times = ("observed_at", "reported_at", "recorded_at", "known_from")
    said = dataclasses.asdict(entry)
    return said | {name: None if said[name] is None else _time(said[name]) for name in times}


def _table(entries: list[Entry]) -> str:
    from iwscore.render.layouts import Column, table

    columns = [
        Column("entry", number=True),
        Column("id", whole=True),
        Column("kind"),
        Column("recorded"),
        Column("what"),
    ]
    rows = [
        [str(entry.seq), entry.id, entry.kind, _time(entry.recorded_at)[:16].replace("T", " "), _what(entry)]
        for entry in entries
    ]
    return "\n".join([*table(columns, rows), ""])


def _what(entry: Entry) -> str:
    value = "" if entry.value is None else repr(entry.value)
    said = (entry.subject, entry.indicator, entry.level or value, entry.source, entry.grade, entry.content)
    about = f"of {entry.target[:8]}" if entry.target else ""
    return " ".join(part for part in (*said, about) if part)


def _page(entry: Entry) -> str:
    from iwscore.render.layouts import pairs

    said = [(name.replace("_", " "), value) for name, value in _fields(entry).items() if value not in ("", None, False)]
    return "\n".join([*pairs([(name, str(value)) for name, value in said]), ""])
