"""Statements on their way into the log: what somebody typed or sent, judged as rows of a file are.

Here belongs the way from cells to drafts. What it would change belongs to ``services.previews``, writing to
``services.recording``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
import pyarrow as pa

from iwscore.domain.catalogs import Catalog
from iwscore.domain.observations import COLUMNS
from iwscore.errors import Fault, QuestionError, RowFaults, nearest
from iwscore.store.drafts import Drafts, draft_rows
from iwscore.store.entries import ENTRY_KINDS
from iwscore.store.identities import identify
from iwscore.store.placing import judge_clocks, judge_names
from iwscore.store.rows import Rows, judge
from iwscore.store.tables import Table
from iwscore.store.verdicts import Verdicts

__all__ = ["STATED", "Statement", "judge_statements", "make_statement"]

STATED = tuple(name for name in COLUMNS if name not in ("kind", "target", "reason"))
_ONE = np.zeros(1, dtype=np.int64)
Said = Mapping[str, str | float]  # cells by column; of ``value`` the number itself


@dataclass(frozen=True, slots=True, eq=False)
class Statement:
    """What is to be recorded: one draft, and what it says as columns understand it."""

    draft: Drafts

    @property
    def kind(self) -> str:
        """Observation, correction or retraction."""
        return ENTRY_KINDS[int(self.draft.kind[0])]

    @property
    def target(self) -> str:
        """The id of the entry it is about, "" where it is about none."""
        return self.text("target")

    def text(self, name: str) -> str:
        """Return what it says in a column of text."""
        return self.draft.text(name)[0]


def make_statement(
    catalog: Catalog,
    cells: Mapping[str, str],
    *,
    now: int,
    command: str,
    about: Mapping[str, str] = MappingProxyType({}),
) -> Statement:
    """Return the statement that these cells make; ``about`` has the kind, target and reason of a correction.

    Raises
    ------
    QuestionError
        If there is no such column.
    RowFaults
        If a cell is at fault; it holds every fault, placed by ``command`` and column.
    """
    for name in cells:
        if name not in STATED:
            raise QuestionError(
                "IW536", "unknown column", name, "must be one that a statement has", nearest(name, STATED)
            )
    given = {name: text for name, text in cells.items() if text.strip()} | dict(about)
    columns = {name: _column([text]) for name, text in given.items()}
    rows, faults = _judged(catalog, Table(command, _ONE, columns, optional_cells=True), now)
    if faults:
        raise RowFaults(faults)
    return Statement(draft_rows(rows, _ONE, identify(rows).id, [about.get("target", "")]))


def judge_statements(catalog: Catalog, said: Sequence[Said], *, now: int, name: str) -> tuple[Drafts, list[Fault]]:
    """Return many observations as drafts, judged in one pass, and every fault, placed by ``name``, row and column.

    Rows are counted from 0. What is at fault is no draft to be recorded.
    """
    number = np.arange(len(said))
    columns = {column: _column([row.get(column) for row in said]) for column in STATED if column != "value"}
    values = [row.get("value") for row in said]
    columns["value"] = pa.array(values, pa.float64())
    rows, faults = _judged(catalog, Table(name, number, columns, optional_cells=True), now)
    identities = identify(rows)
    return draft_rows(rows, number, identities.id[identities.place]), faults


def _judged(catalog: Catalog, table: Table, now: int) -> tuple[Rows, list[Fault]]:
    verdicts = Verdicts(table.file, table.rows, [], np.zeros(len(table.rows), dtype=bool))
    rows = judge(table, catalog, verdicts)
    judge_names(rows, catalog, verdicts)
    judge_clocks(rows, table, verdicts, now=now, historical=False)
    return rows, verdicts.faults


def _column(texts: Sequence[object]) -> Any:
    """Return texts as a column: their bytes, as of a file, so that what is not Unicode is found there."""
    raw = [text.encode("utf-8", "surrogatepass") if isinstance(text, str) else None for text in texts]
    return pa.array(raw, pa.binary()).dictionary_encode()
