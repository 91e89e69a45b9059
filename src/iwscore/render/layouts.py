"""Layouts: columns of plain text, never wider than a page, the same for the same cells.

Here belong widths, folding and rules. What stands in a cell belongs to the tables.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

__all__ = ["RULE", "WIDTH", "Column", "clean", "cut", "fold", "pairs", "table", "tables_across"]

WIDTH = 100
RULE: tuple[str, ...] = ()  # a row that is drawn as a line
_GAP = "  "
_NARROWEST = 6
_WIDEST_NUMBER = 12
_BREAKS = re.compile(r"[^ ]*?[^ -]-+(?=[^ \d])|[^ ]+")
_HELD = "\u00a0"  # keeps a unit on the line of its number


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its header; numbers stand to the right; neither they nor what is ``whole`` are ever folded."""

    title: str
    number: bool = False
    whole: bool = False


def clean(text: str) -> str:
    r"""Return the text on one line, with no character that could steer a terminal.

    Examples
    --------
    >>> clean("a\x1b[31m\nb")
    'a�[31m b'
    """
    flat = " ".join(text.split())
    return "".join("�" if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp") else c for c in flat)


def width(text: str) -> int:
    """Return how many columns of a terminal the text takes."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def fold(text: str, room: int) -> list[str]:
    """Return the text in lines of at most ``room``, broken at spaces and after hyphens; a long word is cut.

    Examples
    --------
    >>> fold("Belarus stays a rear-area", 12)
    ['Belarus', 'stays a', 'rear-area']
    """
    lines = [""]
    for word in text.split(" "):
        space = " " if lines[-1] else ""
        for piece in _BREAKS.findall(word):
            kept = cut(piece, room)
            if lines[-1] and width(lines[-1] + space + kept) > room:
                lines.append(kept)
            else:
                lines[-1] += space + kept
            space = ""
    return [line.replace(_HELD, " ") for line in lines]


def pairs(rows: Iterable[tuple[str, str]]) -> list[str]:
    """Return names and what they stand for, one below the other."""
    kept = [(name, clean(text)) for name, text in rows]
    stub = max(width(name) for name, _ in kept)
    lines: list[str] = []
    for name, text in kept:
        first, *more = fold(text, WIDTH - stub - len(_GAP))
        lines += [_pad(name, stub) + _GAP + first, *(" " * stub + _GAP + line for line in more)]
    return lines


def table(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> list[str]:
    """Return the rows under their headers; text columns share what room the numbers leave.

    Text reaches over the empty cells to its right.
    """
    cells = [[clean(cell) for cell in row] for row in rows]
    widths = _fit(columns, cells)
    rule = _GAP.join("─" * room for room in widths)
    lines = [*_header(columns, widths), rule]
    for row in cells:
        lines += _row(columns, row, widths) if row else [rule]
    return [line.rstrip() for line in lines]


def tables_across(columns: Sequence[Column], rows: Sequence[Sequence[str]], *, first: int, count: int) -> list[str]:
    """Return as many tables as it takes to hold the ``count`` columns from ``first``; the others stand in each."""
    natural = _natural(columns, rows)
    fixed = [i for i in range(len(columns)) if not first <= i < first + count]
    room = WIDTH - sum(min(natural[i], 2 * _NARROWEST) + len(_GAP) for i in fixed)
    lines: list[str] = []
    start = first
    while start < first + count:
        end, used = start + 1, natural[start]
        while end < first + count and used + len(_GAP) + natural[end] <= room:
            used += len(_GAP) + natural[end]
            end += 1
        kept = [i for i in range(len(columns)) if i in fixed or start <= i < end]
        lines += ["", *table([columns[i] for i in kept], [[row[i] for i in kept if row] for row in rows])]
        start = end
    return lines[1:]


def _fit(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> list[int]:
    widths = _natural(columns, rows)
    text = [i for i, column in enumerate(columns) if not (column.number or column.whole)]
    while sum(widths) + len(_GAP) * (len(widths) - 1) > WIDTH:
        widest = max(text, key=lambda i: widths[i])
        widths[widest] -= 1
    return widths


def _natural(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> list[int]:
    """Return for each column the room it takes unfolded; a header is folded at every break."""
    widths = []
    for i, column in enumerate(columns):
        head = max(width(piece) for piece in _BREAKS.findall(column.title))
        body = max((width(row[i]) for row in rows if row and _reach(columns, row, i) == i + 1), default=0)
        widths.append(max(min(head, _WIDEST_NUMBER), body))
    return widths


def _reach(columns: Sequence[Column], cells: Sequence[str], i: int) -> int:
    """Return the place of the first cell after ``i`` that its text may not cover."""
    end = i + 1
    while not columns[i].number and cells[i] and end < len(cells) and not cells[end]:
        end += 1
    return end


def _row(columns: Sequence[Column], cells: Sequence[str], widths: Sequence[int]) -> list[str]:
    spans, i = [], 0
    while i < len(columns):
        end = _reach(columns, cells, i)
        spans.append((cells[i], sum(widths[i:end]) + len(_GAP) * (end - i - 1), columns[i].number))
        i = end
    folded = [(fold(cell, room), room, number) for cell, room, number in spans]
    height = max(len(lines) for lines, _, _ in folded)
    return [
        _GAP.join(_pad(lines[n] if n < len(lines) else "", room, right=number) for lines, room, number in folded)
        for n in range(height)
    ]


def _header(columns: Sequence[Column], widths: Sequence[int]) -> list[str]:
    """Return the headers, which stand on their rule."""
    folded = [fold(column.title, room) for column, room in zip(columns, widths, strict=True)]
    height = max(len(lines) for lines in folded)
    full = [[""] * (height - len(lines)) + lines for lines in folded]
    return [
        _GAP.join(
            _pad(lines[n], room, right=column.number) for lines, column, room in zip(full, columns, widths, strict=True)
        )
        for n in range(height)
    ]


def _pad(text: str, room: int, *, right: bool = False) -> str:
    blank = " " * (room - width(text))
    return blank + text if right else text + blank


def cut(piece: str, room: int) -> str:
    """Return the text, its end replaced by … where it is wider than ``room``."""
    if width(piece) <= room:
        return piece
    kept, taken = 0, 0
    while kept < len(piece) and taken + width(piece[kept]) < room:
        taken += width(piece[kept])
        kept += 1
    return piece[:kept] + "…"
