"""``--memory``, and inputs read within it.

Here the machine is asked how much memory it has. What a budget is good for belongs to ``store.budgets``.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from iwscore.cli import options

if TYPE_CHECKING:
    from iwscore.domain.catalogs import Catalog
    from iwscore.domain.columns import Columns
    from iwscore.domain.observations import Observations
    from iwscore.store.shelves import Shelf

__all__ = ["Memory", "ObservationInput", "digest_of_input", "memory_in_bytes", "open_shelf"]

_USUAL = 4 << 30
Memory = Annotated[
    str | None,
    typer.Option(
        metavar="SIZE",
        help="What Parquet --observations may take of it, such as 2GiB [default: half the machine's, at most 4GiB].",
    ),
]
ObservationInput = Annotated[
    Path | None,
    typer.Option(
        "--observations",
        metavar="PATH",
        readable=False,
        help="Reports to score instead of the log's: .csv, .jsonl, .ndjson or .parquet, or a folder of Parquet files.",
    ),
]


def memory_in_bytes(text: str | None) -> int:
    """Return ``--memory``, else half of what the machine has, within bounds."""
    from iwscore.store.budgets import LEAST, parse_memory

    if text is not None:
        return parse_memory(text)
    return max(LEAST, min(_USUAL, os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2))


def open_shelf(
    path: Path, catalog: Catalog, memory: int, folder: Path, *, sent: bool = False
) -> Observations | Columns | Shelf:
    """Return the reports of ``--observations``; those of Parquet files within the memory, else from a ``folder``.

    Where they are ``sent`` to other processes a subject's reports must fit into memory, else those on an indicator.
    """
    from iwscore.store.parquet_batches import parquet_input

    source = parquet_input(path)
    if source is None:
        return options.open_observations(path, catalog)
    from iwscore.store.budgets import refuse_more, rows_within
    from iwscore.store.column_reading import read_shelf
    from iwscore.store.piles import Pile

    pile = Pile(rows_within(memory), folder)
    with options.working(f"Reading {path}"):
        shelf = read_shelf(source, catalog, pile)
    options.note_unwatched(shelf.names, catalog)
    if not pile.spilled:
        return shelf.whole()
    refuse_more(memory, shelf.most if sent else shelf.most_of_one)
    return shelf


def digest_of_input(path: Path) -> str:
    """Return the SHA-256 of a file, or one over those of a folder's files; "" where there is neither."""
    from iwscore.store.parquet_batches import parquet_input, unreachable
    from iwscore.store.parts import digest_of_file

    source = parquet_input(path) if path.is_dir() else None
    try:
        if source is not None:
            return source.digest()
        return digest_of_file(path) if path.is_file() else ""
    except OSError as error:
        raise unreachable(Path(error.filename or path), error) from error
