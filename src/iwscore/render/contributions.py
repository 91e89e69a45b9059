"""Contributions: what each report adds to the leading scenario and to the runner-up, adding up as printed.

Here belongs the sum behind an answer, in decibans. What the answer hangs on belongs to ``explanations``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from iwscore.domain.assessments import Explanation, IndicatorPart, Nats, ReportPart, ScenarioSum
from iwscore.render.figures import DECIBANS_PER_NAT, UNKNOWN, date_of, plain, points, share, signed, tenths
from iwscore.render.layouts import RULE, WIDTH, Column, fold, table

__all__ = ["contribution_lines", "front_runners"]


@dataclass(frozen=True, slots=True)
class Addend:
    """One row of a sum: its cells, the nats it adds to each scenario, and a line below it."""

    cells: tuple[str, ...]
    parts: Nats
    below: str = ""


def front_runners(explanation: Explanation) -> tuple[ScenarioSum, ...]:
    """Return the leading scenario and the likeliest of the others, if there is one."""
    ordered = sorted(explanation.scenarios, key=lambda line: -line.likelihood)
    leader = [line for line in ordered if line.id == explanation.leader]
    return (*leader, *[line for line in ordered if line.id != explanation.leader][:1])


def contribution_lines(explanation: Explanation, *, top: int) -> list[str]:
    """Return the sum by report, and by indicator where one of them has several reports."""
    lines = _by_report(explanation, top)
    if any(len(indicator.observations) > 1 for indicator in explanation.indicators):
        lines += ["", *_by_indicator(explanation, top)]
    return lines


def _by_report(explanation: Explanation, top: int) -> list[str]:
    addends = [
        Addend(_report_cells(indicator, report), report.parts, _voice(report))
        for indicator in explanation.indicators
        for report in indicator.observations
    ]
    columns = [
        Column("report"),
        Column("says"),
        Column("grade"),
        Column("observed", number=True),
        Column("faded\u00a0%", number=True),
    ]
    named = " and ".join(line.id for line in front_runners(explanation))
    title = (
        f"What the reports add, in decibans (10 make a factor of ten), to {named}. "
        "Below each: its source, from its origin (and the origin's party)."
    )
    return [*fold(title, WIDTH), "", *_sum_table(explanation, columns, _leading(explanation, addends, top, "report"))]


def _report_cells(indicator: IndicatorPart, report: ReportPart) -> tuple[str, ...]:
    name = report.external_id or report.id[:8]
    faded = plain(points(1 - report.fading))
    return name, f"{indicator.id}: {report.level}", report.grade, date_of(report.observed_at), faded


def _voice(report: ReportPart) -> str:
    origin = f", from {report.origin}" if report.origin != report.source else ""
    party = f" ({report.party})" if report.party and report.party != report.origin else ""
    return report.source + origin + party


def _by_indicator(explanation: Explanation, top: int) -> list[str]:
    def cells(indicator: IndicatorPart) -> tuple[str, ...]:
        evidence = ", ".join(f"{level} {plain(_tenths(n))}" for level, n in indicator.evidence.items() if n)
        alone = signed(_tenths(indicator.alone[explanation.leader]))
        return indicator.title, evidence, indicator.group or UNKNOWN, str(len(indicator.observations)), alone

    addends = [Addend(cells(indicator), indicator.parts) for indicator in explanation.indicators]
    columns = [
        Column("indicator"),
        Column("evidence for its levels"),
        Column("group"),
        Column("reports", number=True),
        Column("leader, if alone", number=True),
    ]
    rows = _leading(explanation, addends, top, "indicator")
    return ["The same by indicator, in decibans", "", *_sum_table(explanation, columns, rows)]


def _leading(explanation: Explanation, addends: Sequence[Addend], top: int, noun: str) -> list[Addend]:
    """Return the ``top`` that move a scenario shown most, and one for what the others add together."""
    shown = [line.id for line in front_runners(explanation)]
    ordered = sorted(addends, key=lambda row: -max(abs(row.parts[name]) for name in shown))
    others = ordered[top:]
    if not others:
        return ordered
    label = f"{len(others)} other {noun}{'' if len(others) == 1 else 's'}"
    rest = {name: sum(row.parts[name] for row in others) for name in shown}
    return [*ordered[:top], Addend((label,), rest)]


def _sum_table(explanation: Explanation, columns: Sequence[Column], found: Sequence[Addend]) -> list[str]:
    """Return prior, rows, balance and sum; what rounding leaves over has a row of its own."""
    shown = front_runners(explanation)
    balance = dict.fromkeys((line.id for line in shown), explanation.balance)
    addends = [
        Addend(("prior",), {line.id: line.ln_prior for line in shown}),
        *found,
        Addend(("balance, the same for every scenario",), balance),
    ]
    moved = [[_tenths(row.parts[line.id]) for line in shown] for row in addends]
    total = [_tenths(line.ln_likelihood) for line in shown]
    left = [whole - sum(added) for whole, added in zip(total, zip(*moved, strict=True), strict=True)]
    rows: list[Sequence[str]] = []
    for addend, added in zip(addends, moved, strict=True):
        rows.append(_across(columns, addend.cells, _numbers(added, signed)))
        rows += [_across(columns, ("", addend.below), [""] * len(_heads(shown)))] if addend.below else []
    rows += [_across(columns, ("rounding",), _numbers(left, signed))] if any(left) else []
    percents = [*(share(line.likelihood) for line in shown), ""][: len(_heads(shown))]
    rows += [
        RULE,
        _across(columns, ("likelihood",), _numbers(total, plain)),
        _across(columns, ("likelihood, %",), percents),
    ]
    return table([*columns, *_heads(shown)], rows)


def _heads(shown: Sequence[ScenarioSum]) -> list[Column]:
    names = [line.id for line in shown] + (["leader ahead"] if len(shown) > 1 else [])
    return [Column(name, number=True) for name in names]


def _numbers(added: Sequence[int], write: Callable[[int], str]) -> list[str]:
    """Return what is added to each scenario, and to the first over the second."""
    return [write(value) for value in (*added, *([added[0] - added[1]] if len(added) > 1 else []))]


def _across(columns: Sequence[Column], cells: Sequence[str], numbers: Sequence[str]) -> list[str]:
    return [*cells, *[""] * (len(columns) - len(cells)), *numbers]


def _tenths(nats: float) -> int:
    return tenths(nats * DECIBANS_PER_NAT)
