"""``iwscore export``: the reports of the log in the columns of observations."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from iwscore.cli import options
from iwscore.cli.databases import DatabaseUrl, open_there
from iwscore.errors import QuestionError

if TYPE_CHECKING:
    from iwscore.store.exports import Form

__all__ = ["export"]


def export(
    file: Annotated[
        Path | None,
        typer.Argument(metavar="FILE", help=".csv, .jsonl, .ndjson or .parquet [default: CSV to stdout]."),
    ] = None,
    catalog: options.CatalogFolder = None,
    database: DatabaseUrl = None,
    format: options.WrittenFormat = "table",
) -> None:
    """Write every observation, correction and retraction; no text in the CSV is a formula to a spreadsheet.

    Imported with --historical it gives the same present answers. To keep a log whole, dump it: iwscore log dump.
    """
    import json

    from iwscore.services.exporting import export_reports
    from iwscore.store.exports import writing
    from iwscore.store.parts import refusing_disk, replace_whole

    form = _form(file)
    with open_there(database, catalog) as log:
        if file is None:
            with refusing_disk(Path("stdout")), options.unbroken():
                with writing(sys.stdout.buffer, form) as write:
                    done = export_reports(log, write)
                sys.stdout.buffer.flush()
                options.note(_words(done.rows, done.head))
            return
        aside = file.with_name(f".{file.name}.new")
        with refusing_disk(file), options.working(f"Writing {file}"):
            with writing(aside, form) as write:
                done = export_reports(log, write)
            replace_whole(aside, file)
    said = {"rows": done.rows, "file": str(file), "head": done.head, "batch": done.batch}
    options.put(json.dumps(said) + "\n" if format == "json" else f"{_words(done.rows, done.head)}\n", None)


def _form(file: Path | None) -> Form:
    from iwscore.store.exports import FORMS

    if file is None:
        return "csv"
    if (form := FORMS.get(file.suffix.lower())) is None:
        raise QuestionError(
            "IW535", "suffix is unknown", str(file), "must be .csv, .jsonl, .ndjson or .parquet", "Name another file."
        )
    return form


def _words(rows: int, head: str) -> str:
    return f"{rows} rows written. Head: {head}"
