"""Previews of entries: what an entry would change, for people, and what was recorded, for machines.

Here belongs what ``record``, ``correct``, ``retract`` and ``outcome`` print.
"""

from __future__ import annotations

from math import isnan
from typing import Any

import orjson

from iwscore.domain.assessments import Assessment
from iwscore.domain.observations import NEVER
from iwscore.domain.times import from_micros, print_instant
from iwscore.render.figures import points, share, signed, time_of
from iwscore.render.layouts import WIDTH, Column, fold, pairs, table
from iwscore.services.previews import Shift
from iwscore.services.recording import Prepared, Recorded
from iwscore.services.statements import STATED, Statement

__all__ = ["preview_text", "recorded_json", "recorded_text"]

_TIMES = ("observed_at", "reported_at")


def preview_text(prepared: Prepared) -> str:
    """Return what is to be written, remarks on it, and every answer it bears on, before and after."""
    statement = prepared.statement
    lines = [f"{statement.kind.capitalize()}{f' of {prepared.target}' if prepared.target else ''}", ""]
    lines += pairs(_said(statement))
    for remark in prepared.preview.remarks:
        lines += ["", *fold(f"Note: {remark}", WIDTH)]
    for shift in prepared.preview.shifts:
        lines += ["", *_shift(shift)]
    return "\n".join([*lines, ""])


def recorded_text(recorded: Recorded | None, kind: str) -> str:
    """Return what has been written; None for a dry run."""
    if recorded is None:
        return "Dry run: nothing was written.\n"
    if not recorded.added:
        return "On file already: nothing was added.\n"
    return f"Recorded {kind} {recorded.id} in batch {recorded.batch}. Head: {recorded.head}\n"


def recorded_json(recorded: Recorded | None, prepared: Prepared) -> str:
    """Return what has been written and what it changes as one JSON object; a dry run has added nothing."""
    done = recorded or Recorded(0, 0, "", None, None, "")
    said = {
        "added": done.added,
        "repeated": done.repeated,
        "id": done.id or None,
        "batch": done.batch,
        "recorded_at": None if done.recorded_at is None else print_instant(from_micros(done.recorded_at)),
        "head": done.head or None,
        "target": prepared.target or None,
        "remarks": prepared.preview.remarks,
        "changes": [_change(shift) for shift in prepared.preview.shifts],
    }
    return orjson.dumps(said, option=orjson.OPT_APPEND_NEWLINE).decode()


def _said(statement: Statement) -> list[tuple[str, str]]:
    rows = []
    for name in (*STATED, "content", "reason"):
        if name in _TIMES:
            micros = int(getattr(statement.draft, name)[0])
            text = "" if micros == NEVER else print_instant(from_micros(micros))
        elif name == "value":
            value = float(statement.draft.value[0])
            text = "" if isnan(value) else repr(value)
        else:
            text = statement.text(name)
        if text:
            rows.append((name, text))
    return rows


def _shift(shift: Shift) -> list[str]:
    """Return one answer before and after; points are percentage points."""
    before, after = shift.before, shift.after
    title = f"{after.problem}, {after.subject}, {time_of(after.at)}"
    columns = [Column("scenario"), *(Column(name, number=True) for name in ("before %", "after %", "points"))]
    rows = [
        [
            old.title,
            share(old.likelihood),
            share(new.likelihood),
            signed(points(new.likelihood) - points(old.likelihood)),
        ]
        for old, new in zip(before.scenarios, after.scenarios, strict=True)
    ]
    rung = [] if after.rung == before.rung else ["", f"Rung: {before.rung} → {after.rung}"]
    return [title, "", *table(columns, rows), *rung]


def _change(shift: Shift) -> dict[str, Any]:
    return {
        "problem": shift.after.problem,
        "subject": shift.after.subject,
        "at": print_instant(shift.after.at),
        "before": _answer(shift.before),
        "after": _answer(shift.after),
    }


def _answer(assessment: Assessment) -> dict[str, Any]:
    return {
        "likelihood": {line.id: line.likelihood for line in assessment.scenarios},
        "coverage": assessment.coverage,
        "rung": assessment.rung,
    }
