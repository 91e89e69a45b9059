"""Histories: what became of a rescoring, its rerun, and its comparison with another catalog, as text or JSON.

Here belongs what people and scripts read of a job. The answers themselves are in its Parquet file.
"""

from __future__ import annotations

from collections.abc import Sequence

import orjson

from iwscore.render.figures import UNKNOWN, points, share, short, signed
from iwscore.render.layouts import Column, pairs, table
from iwscore.services.comparing import Comparison
from iwscore.services.differences import Stretch
from iwscore.services.reruns import TOLERANCE, Rerun
from iwscore.services.rescoring import Receipt

__all__ = ["comparison_json", "comparison_text", "receipt_json", "receipt_text", "rerun_json", "rerun_text"]


def receipt_text(receipt: Receipt) -> str:
    """Return what became of a job, a line a fact."""
    manifest, job = receipt.manifest, receipt.manifest.job
    resumed = f", {receipt.resumed} of them by an earlier run" if receipt.resumed else ""
    became = f"made in {_count(receipt.parts, 'part')}{resumed}" if receipt.state == "made" else "there already"
    known = job.known_at or "everything recorded"
    if job.vintage:
        known = "each time as then known" + (f", at the latest {job.known_at}" if job.known_at else "")
    lines = pairs(
        [
            ("output", f"{manifest.output}: {became}"),
            ("rows", str(manifest.rows)),
            ("problem", job.problem),
            ("subjects", str(len(job.subjects))),
            ("at", f"{job.start} to {job.end}, every {job.step}"),
            ("known as of", known),
            ("catalog", short(job.catalog)),
            ("sha256", manifest.sha256),
        ]
    )
    return "\n".join([*lines, ""])


def receipt_json(receipt: Receipt) -> str:
    """Return what became of a job as one JSON object on one line: the manifest's keys and how it was made."""
    return _json(receipt.model_dump())


def rerun_text(rerun: Rerun) -> str:
    """Return whether an output is what its job gives, and the first cell that is not."""
    said = {
        "same bytes": "holds: done again, the job gave the same bytes.",
        "same values": f"holds: done again, the job gave other bytes and the same values within {TOLERANCE:g}.",
        "different": "does not hold: done again, the job gave something else.",
    }
    rows = [("output", said[rerun.finding]), ("manifest", rerun.manifest_sha256)]
    rows += [("file", rerun.output_sha256), ("done again", rerun.rerun_sha256)]
    if first := rerun.first:
        rows.append(("first", f"row {first.row}, {first.column}: {first.output} in the file, {first.rerun} done again"))
    return "\n".join([*pairs(rows), ""])


def rerun_json(rerun: Rerun) -> str:
    """Return the same as one JSON object on one line."""
    return _json({"verified": rerun.holds, **rerun.model_dump()})


def comparison_json(comparison: Comparison, receipts: Sequence[Receipt]) -> str:
    """Return a comparison as one JSON object on one line, with the receipts of both outputs."""
    return _json({**comparison.model_dump(), "outputs": [receipt.model_dump() for receipt in receipts]})


def comparison_text(comparison: Comparison, receipts: Sequence[Receipt]) -> str:
    """Return a comparison as tables: largest moves, where rung and leader differ, when each rung was reached."""
    one = comparison
    lines = pairs(
        [
            ("problem", one.problem),
            ("other", f"{short(one.other)}: {receipts[0].manifest.output}"),
            ("in force", f"{short(one.in_force)}: {receipts[1].manifest.output}"),
            ("compared", f"{_count(len(one.subjects), 'subject')} at {_count(one.times, 'time')}"),
            *_apart("not compared", "subjects", one.subjects_apart),
            *_apart("", "scenarios", one.scenarios_apart),
            ("unplaced", f"{one.unplaced.other} with the other, {one.unplaced.in_force} with the one in force"),
        ]
    )
    moves = [
        [move.at, move.subject, move.scenario, share(move.other), share(move.in_force), signed(points(move.move))]
        for move in one.moves
    ]
    headings = [Column("at", whole=True), Column("subject"), Column("scenario"), *_SIDES, _MOVE]
    lines += _section("Largest moves of a likelihood, %", headings, moves)
    answers = _count(len(one.subjects) * one.times, "answer")
    lines += _section(f"Rung differs in {one.rung_times:,} of {answers}", _STRETCH, _stretches(one.rungs))
    lines += _section(f"Leader differs in {one.leader_times:,} of {answers}", _STRETCH, _stretches(one.leaders))
    reached = [[row.subject, row.rung, row.other or "never", row.in_force or "never"] for row in one.reached]
    lines += _section("Rungs first reached at another time", _REACHED, reached)
    return "\n".join([*lines, ""])


_SIDES = (Column("other", number=True), Column("in\u00a0force", number=True))
_MOVE = Column("move", number=True)
_STRETCH = (
    Column("subject"),
    Column("from", whole=True),
    Column("to", whole=True),
    Column("times", number=True),
    Column("other"),
    Column("in\u00a0force"),
)
_REACHED = (Column("subject"), Column("rung"), Column("other", whole=True), Column("in force", whole=True))


def _stretches(stretches: Sequence[Stretch]) -> list[list[str]]:
    return [
        [one.subject, one.start, one.end, str(one.times), one.other or UNKNOWN, one.in_force or UNKNOWN]
        for one in stretches
    ]


def _apart(name: str, kind: str, names: Sequence[str]) -> list[tuple[str, str]]:
    return [(name, f"{kind} that one catalog alone has: {', '.join(names)}")] if names else []


def _section(title: str, columns: Sequence[Column], rows: list[list[str]]) -> list[str]:
    return ["", title, "", *table(columns, rows)] if rows else ["", f"{title}: none"]


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _json(content: object) -> str:
    return orjson.dumps(content, option=orjson.OPT_APPEND_NEWLINE).decode()
