"""Explanations: why an answer is what it is, as plain text.

Here belong linchpins and change, and the page as a whole. The sum of the parts belongs to ``contributions``.
"""

from __future__ import annotations

from collections.abc import Sequence

from iwscore.domain.assessments import Cause, Change, Explanation
from iwscore.render.contributions import contribution_lines, front_runners
from iwscore.render.figures import plain, points, share, short, signed, time_of
from iwscore.render.layouts import RULE, WIDTH, Column, clean, fold, pairs, table, tables_across
from iwscore.render.tables import known_as_of

__all__ = ["explanation_tables"]

_MOST_CAUSES = 20
_STEPS = {"new": "new reports", "withdrawn": "withdrawn or corrected", "catalog": "catalog changed"}


def explanation_tables(explanation: Explanation, *, top: int = 10) -> str:
    """Return the contributions of the ``top`` reports and the rest, the linchpins, and the change if asked for."""
    ranks = zip(("leading", "next"), front_runners(explanation), strict=False)
    lines = pairs(
        [
            ("problem", explanation.problem),
            ("subject", explanation.subject),
            ("at", time_of(explanation.at)),
            ("known as of", known_as_of(explanation.known_at)),
            ("catalog", short(explanation.catalog)),
            *((rank, f"{line.title}, {share(line.likelihood)} %") for rank, line in ranks),
        ]
    )
    lines += ["", *contribution_lines(explanation, top=top), "", *_linchpins(explanation)]
    if explanation.change is not None:
        lines += ["", *_change(explanation.change)]
    return "\n".join([*lines, ""])


def _linchpins(explanation: Explanation) -> list[str]:
    if not explanation.linchpins:
        return ["Linchpins: none; nothing that is heard moves the answer."]
    titles = {line.id: line.title for line in explanation.scenarios}
    leader = explanation.leader
    rows = [
        [
            found.kind,
            found.title or found.id,
            f"changes to {titles[found.leader]}" if found.flips else "stays",
            share(found.likelihood[leader]),
            share(found.likelihood[found.leader]) if found.flips else "",
            plain(points(found.moves)),
        ]
        for found in explanation.linchpins
    ]
    columns = [
        Column("without the"),
        Column("named"),
        Column("leading scenario"),
        Column(f"{leader}\u00a0%", number=True),
        Column("new leader\u00a0%", number=True),
        Column("greatest move, points", number=True),
    ]
    title = "Linchpins: what the answer would be were they not in the log; points are percentage points"
    return [*fold(title, WIDTH), "", *table(columns, rows)]


def _change(change: Change) -> list[str]:
    """Return what moved each likelihood, adding up as printed."""
    names = list(change.after)
    before = [points(change.before[name]) for name in names]
    after = [points(change.after[name]) for name in names]
    steps = [(_STEPS.get(step.id, step.id), [points(step.likelihood[name]) for name in names]) for step in change.steps]
    left = [after[s] - before[s] - sum(moved[s] for _, moved in steps) for s in range(len(names))]
    if any(left):
        steps.append(("rounding", left))
    rows = [
        ["before, %", *(plain(value) for value in before)],
        *([label, *(signed(value) for value in moved)] for label, moved in steps),
        RULE,
        ["after, %", *(plain(value) for value in after)],
    ]
    columns = [Column("percentage points"), *(Column(name, number=True) for name in names)]
    title = f"Change since {time_of(change.since)}, as known then"
    causes = [cause for step in change.steps for cause in step.causes]
    return [title, "", *tables_across(columns, rows, first=1, count=len(names)), *_causes(causes)]


def _causes(causes: Sequence[Cause]) -> list[str]:
    """Return what was corrected, withdrawn and re-graded, the first few of many."""
    if not causes:
        return []
    lines = [""]
    for cause in causes[:_MOST_CAUSES]:
        of = f" of {short(cause.target)}" if cause.target else ""
        named = f" {cause.id if cause.kind == 'regrade' else short(cause.id)}" if cause.id else ""
        reason = f": {cause.reason}" if cause.reason else ""
        lines += fold(clean(f"{cause.kind}{named}{of}, {time_of(cause.known_from)}, {cause.what}{reason}"), WIDTH)
    more = len(causes) - _MOST_CAUSES
    return lines + ([f"… and {more} more"] if more > 0 else [])
