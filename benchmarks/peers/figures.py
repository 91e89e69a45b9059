"""From timings to the tables of docs/performance.md: each stands there between two marks and is replaced whole."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.fused_bands import ratios as band_ratios
from benchmarks.peers.costs import Curve, costs
from benchmarks.peers.machines import machine
from benchmarks.peers.plots import svg
from benchmarks.peers.processes import processes
from benchmarks.peers.rounds import Timing, evidence, likelihoods

PAGE = Path(__file__).parents[2] / "docs" / "performance.md"
PLOT = PAGE.parent / "performance" / "costs.svg"
OURS = "iwscore"
FUSED = "numba, fused loop"


def run(parts: Sequence[str], rows: int, rounds: int, *, write: bool) -> None:
    """Measure the parts, print their tables, and put them into the page if told to."""
    makers: dict[str, Callable[[], list[str]]] = {
        "evidence": lambda: evidence_table(evidence(rows, rounds), rows),
        "likelihoods": lambda: likelihood_table(likelihoods(rounds)),
        "bands": lambda: band_table(band_ratios(rounds)),
        "processes": lambda: process_table(processes(rows, rounds), rows),
        "costs": lambda: cost_table(costs(rows, rounds), write=write),
    }
    for part in parts:
        lines = [*makers[part](), "", f"{rounds} rounds. {' '.join(machine())}"]
        print("\n".join(lines), flush=True)
        if write:
            PAGE.write_text(replaced(PAGE.read_text(encoding="utf-8"), part, lines), encoding="utf-8")


def replaced(page: str, part: str, lines: list[str]) -> str:
    """Put lines between the marks of a part."""
    begin, end = f"<!-- {part}: measured -->", f"<!-- {part}: end -->"
    between = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
    assert between.search(page), part
    return between.sub(lambda _: "\n".join([begin, *lines, end]), page)


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """In Markdown, all but the first column to the right."""
    lines = [list(head), ["---", *["---:"] * (len(head) - 1)], *rows]
    return [f"| {' | '.join(line)} |" for line in lines]


def like(timings: list[Timing], name: str, threads: int) -> Timing:
    """The timing of that name with as many threads, or the most it can take."""
    fitting = [one for one in timings if one.name == name and one.threads <= threads]
    return max(fitting, key=lambda one: one.threads)


def figure(number: float) -> str:
    """Three digits that count."""
    return f"{number:.3g}" if number < 100 else f"{number:,.0f}"


def evidence_table(timings: list[Timing], rows: int) -> list[str]:
    head = ("engine", "threads", "ns a report", "as long as iwscore", "as long as the fused loop", "most memory")
    lines = [
        (
            one.name,
            str(one.threads),
            figure(one.middle * 1e9),
            f"{figure(one.times_as_long_as(like(timings, OURS, one.threads)))} ×",
            f"{figure(one.times_as_long_as(like(timings, FUSED, one.threads)))} ×",
            f"{one.peak_bytes / 2**30:.1f} GiB",
        )
        for one in timings
    ]
    return [f"{rows:,} reports.", "", *table(head, lines)]


def likelihood_table(timings: list[Timing]) -> list[str]:
    lines = [(one.name, figure(one.middle * 1e6), f"{figure(one.times_as_long_as(timings[0]))} ×") for one in timings]
    return table(("by", "µs a trend point", "as long as iwscore"), lines)


def band_table(found: list[tuple[str, int, float, float]]) -> list[str]:
    lines = [
        (name, str(threads), figure(seconds * 1e3), f"{figure(ratio)} ×") for name, threads, seconds, ratio in found
    ]
    return table(("bands", "threads", "ms", "times the fused loop's, which knows no groups or weights"), lines)


def process_table(timings: list[Timing], rows: int) -> list[str]:
    lines = [
        (
            one.name,
            str(one.threads),
            figure(one.middle * rows),
            f"{figure(one.times_as_long_as(timings[0]))} ×",
            f"{one.peak_bytes / 2**30:.1f} GiB",
        )
        for one in timings
    ]
    head = ("process", "threads", "seconds", "as long as iwscore", "most memory")
    return [f"{rows:,} reports.", "", *table(head, lines)]


def cost_table(curves: list[Curve], *, write: bool) -> list[str]:
    if write:
        PLOT.parent.mkdir(exist_ok=True)
        PLOT.write_text(svg(curves), encoding="utf-8")
    lines = [
        (
            f"{one.what} against {one.axis}",
            one.rest,
            " → ".join(f"{size:,}" for size in (one.sizes[0], one.sizes[-1])),
            " → ".join(figure(seconds) for seconds in (one.seconds[0], one.seconds[-1])),
            f"{one.slope:.2f}",
        )
        for one in curves
    ]
    drawn = ["", f"![Seconds against {', '.join(one.axis for one in curves)}]({PLOT.relative_to(PAGE.parent)})"]
    return [*table(("cost of", "at", "size", "seconds", "slope"), lines), *(drawn if write else [])]
