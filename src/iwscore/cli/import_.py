"""``iwscore import``: files of observations into the log."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from iwscore.cli import options
from iwscore.cli.databases import DatabaseUrl, open_there
from iwscore.errors import QuestionError, Unreachable

if TYPE_CHECKING:
    from iwscore.domain.catalogs import Catalog
    from iwscore.services.importing import Imported
    from iwscore.services.intakes import Reject
    from iwscore.store.portions import Portion

__all__ = ["import_"]


def import_(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help=".csv, .jsonl, .ndjson or .parquet.")],
    catalog: options.CatalogFolder = None,
    database: DatabaseUrl = None,
    mapping: Annotated[
        Path | None, typer.Option(metavar="FILE", help="How to read files of another shape (YAML).")
    ] = None,
    on_fault: Annotated[
        Literal["stop", "skip"], typer.Option(help="Where a row is at fault: write nothing, or leave it out.")
    ] = "stop",
    rejects: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the rows at fault here, with the reasons (CSV).")
    ] = None,
    historical: Annotated[
        bool,
        typer.Option("--historical", help="Rows count as known from their reported_at, not from now; marked so."),
    ] = False,
    reason: Annotated[
        str | None, typer.Option(help="Why these are recorded; needed for --historical [default: the files' names].")
    ] = None,
    author: options.Author = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Do all of it but write.")] = False,
    format: options.WrittenFormat = "table",
) -> None:
    """Record the rows of files as one batch. The same rows again add nothing.

    Every fault is named with its row and column. Where any is found nothing is written, unless --on-fault skip.
    """
    from iwscore.services.importing import Terms, import_portions

    if historical and not (reason or "").strip():
        raise QuestionError("IW534", "no --reason", None, "history needs one", "Say why it counts as known then.")
    held = options.open_catalog(catalog)
    signed = options.author_of(author)
    with open_there(database, catalog) as log, ExitStack() as opened, _progress() as told:
        done = import_portions(
            Terms(log, held, signed, historical),
            _portions(files, mapping, held),
            reason=reason or f"import of {', '.join(path.name for path in files)}",
            skip=on_fault == "skip",
            dry=dry_run,
            rejects=_rejecting(opened, rejects, files),
            told=told,
        )
    _tell(done, format, dry=dry_run)
    if done.stopped:
        raise typer.Exit(1)


def _portions(files: list[Path], mapping: Path | None, catalog: Catalog) -> Iterator[Portion]:
    """Yield the rows of all files, the share read being that of all."""
    from iwscore.catalog import load_mapping
    from iwscore.store.portions import Portion, read_portions

    mapped = load_mapping(mapping, catalog) if mapping else None
    for number, path in enumerate(files):
        if mapped is None:
            portions: Iterable[Portion] = read_portions(path)
        else:
            from iwscore.store.foreign import read_mapped

            portions = [Portion(read_mapped(path, mapped), 1.0)]
        for portion in portions:
            yield Portion(portion.table, (number + portion.done) / len(files))


def _rejecting(opened: ExitStack, path: Path | None, files: list[Path]) -> Callable[[Iterable[Reject]], None] | None:
    """Return what writes rejects to the file, if one is asked for; never over what is being read."""
    if path is None:
        return None
    if path.resolve() in [file.resolve() for file in files]:
        raise Unreachable("IW403", "file is there already", str(path), "must be a new file", "Name another file.")
    from iwscore.store.rejects import rejects_at

    file = opened.enter_context(rejects_at(path))
    return lambda rejects: file.put((reject.file, reject.row, reject.faults, reject.cells) for reject in rejects)


def _tell(done: Imported, format: Literal["table", "json"], *, dry: bool) -> None:
    """Say what was done: figures on stdout, faults and what is worth knowing on stderr."""
    for fault in done.faults:
        typer.echo(str(fault), err=True)
    if done.further:
        typer.echo(f"… and {done.further} more faults.", err=True)
    if format == "json":
        import json

        said = {"added": done.added, "repeated": done.repeated, "rejected": done.rejected, "batch": done.batch}
        options.put(json.dumps(said) + "\n", None)
        return
    options.put(f"{_words(done, dry=dry)}\n", None)


def _words(done: Imported, *, dry: bool) -> str:
    rest = f"{done.repeated} on file already, {done.rejected} rejected"
    if done.stopped and not done.rejected:
        return "Nothing was written: it is not single rows that are at fault, so none can be left out."
    if done.stopped:
        return f"Nothing was written: {done.rejected} rows are at fault. Mend them, or leave them out: --on-fault skip."
    if dry:
        return f"Dry run, nothing was written: {done.added} rows would be added, {rest}."
    if done.batch is None:
        return f"Nothing new: 0 rows added, {rest}."
    return f"{done.added} rows added as batch {done.batch}, {rest}. Head: {done.head}"


@contextmanager
def _progress() -> Iterator[Callable[[str, float], None]]:
    """Show on a terminal what is being done and how much of it."""
    if not sys.stderr.isatty():
        yield lambda what, done: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True)) as shown:
        task = shown.add_task("Judging", total=1.0)
        yield lambda what, done: shown.update(task, description=what, completed=done)
