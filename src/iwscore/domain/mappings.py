"""Mappings: how the rows of a foreign file are to be understood as observations.

Here belongs what a mapping says. How it is read from YAML belongs to ``catalog.mappings``, how a file is read by it to
``store.foreign``.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from iwscore.domain.models import Model, Slug

__all__ = [
    "PERIODS",
    "Amount",
    "Cell",
    "Clock",
    "Condition",
    "Count",
    "Cuts",
    "MappedObservation",
    "Mapping",
    "Period",
    "Span",
    "Step",
    "parse_span",
    "template_columns",
]

Period = Literal["instant", "day", "week", "month", "quarter", "year"]
PERIODS: tuple[Period, ...] = ("instant", "day", "week", "month", "quarter", "year")  # from the shortest
Step = Literal["day", "week", "month", "quarter", "year"]
_SPAN = re.compile(r"([0-9]+)(min|h|d|w|mo|y)")
_MICROS = {"min": 60_000_000, "h": 3_600_000_000}
_COLUMN = re.compile(r"\{([^{}]+)\}")


class Span(Model):
    """A span of the calendar: months, then days, in local time; then microseconds of any clock."""

    months: Annotated[int, Field(ge=0)] = 0
    days: Annotated[int, Field(ge=0)] = 0
    micros: Annotated[int, Field(ge=0)] = 0


def parse_span(text: str) -> Span:
    """Return a whole number of min, h, d, w, mo or y as a span of the calendar.

    Raises
    ------
    ValueError
        If the text is no such thing.

    Examples
    --------
    >>> parse_span("1y").months, parse_span("2w").days, parse_span("0h").micros
    (12, 14, 0)
    """
    match = _SPAN.fullmatch(text)
    if not match:
        raise ValueError(f"not a span of the calendar: {text}")
    number, unit = int(match[1]), match[2]
    if unit in ("mo", "y"):
        return Span(months=number * (12 if unit == "y" else 1))
    if unit in ("d", "w"):
        return Span(days=number * (7 if unit == "w" else 1))
    return Span(micros=number * _MICROS[unit])


def template_columns(template: str) -> tuple[str, ...]:
    """Return the columns that a template names in braces.

    Examples
    --------
    >>> template_columns("{from}-{to}"), template_columns("osint")
    (('from', 'to'), ())
    """
    return tuple(_COLUMN.findall(template))


class Cell(Model):
    """The text of a column: a constant, or columns of the file put together, cut out, and looked up.

    ``template`` names columns in braces. ``extract`` is a regular expression whose only group is kept. ``codes`` says
    what each text stands for; what becomes of one that it does not name, or that has nothing to extract, is in
    ``otherwise``; what becomes of a blank one in ``blank``.
    """

    template: str
    extract: str | None = None
    codes: dict[str, str] | None = None
    otherwise: Literal["refuse", "skip", "keep"] = "refuse"
    blank: Literal["keep", "skip"] = "keep"

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns it names, none for a constant."""
        return template_columns(self.template)

    @property
    def literals(self) -> tuple[str, ...]:
        """What stands before, between and behind the columns: one more than there are columns."""
        return tuple(_COLUMN.split(self.template)[::2])


class Amount(Model):
    """A number of a column in the indicator's unit: the number in the file times ``times`` plus ``plus``.

    With ``decimals`` it is rounded to so many, half to even: a file that was reckoned in floats says 0.2999999999999998
    where 0.3 is meant, and misses a cut there.
    """

    column: str
    unit: str
    times: float = 1.0
    plus: float = 0.0
    decimal: str = "."
    thousands: str = ""
    decimals: Annotated[int, Field(ge=0, le=12)] | None = None
    blank: Literal["keep", "skip"] = "keep"


class Condition(Model):
    """A test of one column that a row must pass; exactly one of the tests is given."""

    column: str
    among: tuple[str, ...] | None = None
    not_among: tuple[str, ...] | None = None
    matches: str | None = None
    at_least: float | None = None
    at_most: float | None = None
    given: bool | None = None
    differs_from: str | None = None


class Count(Model):
    """How many events fell into the window that ends with each step, every step told, none left out.

    Each row that passes ``where`` is one event, or as many as column ``of`` says. Steps begin when a whole window is
    covered: by the file, or for ``covered`` "subject" by the subject's own first and last row.
    """

    unit: str
    window: Span
    step: Step
    of: str | None = None
    covered: Literal["file", "subject"] = "file"
    where: tuple[Condition, ...] = ()


class Cuts(Model):
    """Levels for a number, where the catalog's own measure is not to set them: how many cuts it reaches or passes."""

    cuts: tuple[float, ...]
    names: tuple[str, ...]


class Clock(Model):
    """Times of a column: their form, the zone of those without an offset, and the period each stands for.

    A period is that of the calendar in which the time lies. ``ambiguous`` says what is meant by an hour that a clock
    put back shows twice.
    """

    cell: Cell
    form: str
    period: Period
    zone: str = "UTC"
    ambiguous: Literal["refuse", "earlier", "later"] = "refuse"


class MappedObservation(Model):
    """One kind of observation that every row gives, or that the rows are counted into.

    ``cells`` holds texts by column of an observation; ``where`` says which rows it is about. ``lag`` is how long after
    the period's end it was published, None where the mapping's clock ``reported`` tells.
    """

    cells: dict[str, Cell]
    amount: Amount | None = None
    count: Count | None = None
    cuts: Cuts | None = None
    lag: Span | None = None
    where: tuple[Condition, ...] = ()


class Mapping(Model):
    """How a foreign file's rows are understood; ``covers`` is the first and the last day that it tells of."""

    id: Slug
    title: str
    delimiter: str = ","
    missing: tuple[str, ...] = ()
    columns: dict[str, Cell] = Field(default_factory=dict)
    time: Clock
    reported: Clock | None = None
    covers: tuple[date | None, date | None] = (None, None)
    where: tuple[Condition, ...] = ()
    observations: tuple[MappedObservation, ...]

    @property
    def wanted(self) -> tuple[str, ...]:
        """The columns that the file must have, sorted."""
        cells = [*self.columns.values(), self.time.cell]
        cells += [self.reported.cell] if self.reported else []
        named = [name for cell in cells for name in cell.columns]
        for each in self.observations:
            named += [name for cell in each.cells.values() for name in cell.columns]
            named += [each.amount.column] if each.amount else []
            named += [each.count.of] if each.count and each.count.of else []
        for condition in self._conditions:
            named += [condition.column]
            named += [condition.differs_from] if condition.differs_from else []
        used = {name for cell in self.columns.values() for name in cell.columns}
        return tuple(sorted(used | (set(named) - set(self.columns))))

    @property
    def _conditions(self) -> tuple[Condition, ...]:
        own = [condition for each in self.observations for condition in each.where]
        counted = [condition for each in self.observations if each.count for condition in each.count.where]
        return (*self.where, *own, *counted)
