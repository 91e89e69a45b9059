"""A mapping's file as documents: which keys it has and what may stand there.

Here belongs the shape of the file. What it means, and whether it fits a catalog, belongs to ``mappings``; the words all
documents share belong to ``documents``.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, Tag

from iwscore.catalog.documents import Day, Document, Text, branch, written
from iwscore.domain.mappings import Period, Step, parse_span
from iwscore.domain.models import Slug

__all__ = [
    "AmountEntry",
    "CellEntry",
    "ClockEntry",
    "ConditionEntry",
    "CountEntry",
    "CutsEntry",
    "MappingFile",
    "ObservationEntry",
]

_WHOLE = "[0-9]{1,4}"
_LAG = "a whole number and one of min, h, d, w, mo, y"
_WINDOW = "a whole number above 0 and one of d, w, mo, y"
_CELL = "text, or a mapping that says where the text comes from"
_CODES = "a mapping from text to text, or the name of one under lists"
_AMONG = "a list of texts, or the name of one under lists"
_LIST = "a list of texts, or a mapping from text to text"

Lag = Annotated[str, *written("span", _LAG, "1mo", f"{_WHOLE}(min|h|d|w|mo|y)", parse_span)]
Window = Annotated[str, *written("span", _WINDOW, "28d", "0*[1-9][0-9]{0,3}(d|w|mo|y)", parse_span)]
Codes = Annotated[
    Annotated[str, Tag("<name>")] | Annotated[dict[str, str], Tag(f"<{_CODES}>")],
    branch(name=str, rest=_CODES),
    Field(description="What each text stands for; or the name of such a list under lists."),
]
Among = Annotated[
    Annotated[str, Tag("<name>")] | Annotated[list[str], Field(min_length=1), Tag(f"<{_AMONG}>")],
    branch(name=str, rest=_AMONG),
]
Words = Annotated[
    Annotated[list[str], Tag("<list>")] | Annotated[dict[str, str], Tag(f"<{_LIST}>")], branch(list=list, rest=_LIST)
]


class CellEntry(Document):
    """Where a text comes from: a column, or a text with columns in braces; cut out and looked up."""

    column: Text | None = None
    text: Text | None = None
    extract: Text | None = None
    codes: Codes | None = None
    otherwise: Literal["refuse", "skip", "keep"] = "refuse"
    blank: Literal["keep", "skip"] = "keep"


CellOrText = Annotated[
    Annotated[str, Field(min_length=1), Tag("<word>")] | Annotated[CellEntry, Tag(f"<{_CELL}>")],
    branch(word=str, rest=_CELL),
    Field(description="A constant, or where the text comes from."),
]


class ClockEntry(Document):
    """The column of a time, its form, its zone and the period it stands for."""

    column: Text | None = None
    text: Text | None = None
    form: Text = "%Y-%m-%d"
    period: Period
    zone: Text = "UTC"
    ambiguous: Literal["refuse", "earlier", "later"] = "refuse"


class AmountEntry(Document):
    """A number in a column; unit is what it is in once multiplied, added to and rounded."""

    column: Text
    unit: Text
    times: float = 1.0
    plus: float = 0.0
    decimal: Literal[".", ","] = "."
    thousands: Literal["", ",", ".", " ", "'"] = ""
    decimals: Annotated[int, Field(ge=0, le=12)] | None = None
    blank: Literal["keep", "skip"] = "keep"


class ConditionEntry(Document):
    """One test that a row must pass."""

    column: Text
    among: Annotated[Among | None, Field(alias="in")] = None
    not_among: Annotated[Among | None, Field(alias="not_in")] = None
    matches: Text | None = None
    at_least: float | None = None
    at_most: float | None = None
    given: bool | None = None
    differs_from: Text | None = None


class CountEntry(Document):
    """Events counted over the window before each step."""

    unit: Text
    window: Window
    step: Step
    of: Text | None = None
    covered: Literal["file", "subject"] = "file"
    where: list[ConditionEntry] = Field(default_factory=list)


class CutsEntry(Document):
    """Levels for the number: the level's place is how many cuts it reaches or passes."""

    cuts: Annotated[list[float], Field(min_length=1)]
    names: Annotated[list[Slug], Field(min_length=2)]


class _Shared(Document):
    """What may stand on top for all observations, or with one."""

    subject: CellOrText | None = None
    source: CellOrText | None = None
    grade: CellOrText | None = None
    origin: CellOrText | None = None
    marking: CellOrText | None = None
    note: CellOrText | None = None
    url: CellOrText | None = None
    lag: Lag | None = None


class ObservationEntry(_Shared):
    """One kind of observation that every row gives, or that the rows are counted into."""

    indicator: CellOrText
    external_id: CellOrText | None = None
    level: CellOrText | None = None
    value: AmountEntry | None = None
    count: CountEntry | None = None
    levels: CutsEntry | None = None
    where: list[ConditionEntry] = Field(default_factory=list)


class CoversEntry(Document):
    """The first and the last day that the file tells of; left out, those of its rows."""

    since: Annotated[Day | None, Field(alias="from")] = None
    to: Day | None = None


class MappingFile(_Shared):
    """How a foreign file's rows are understood as observations."""

    id: Slug
    title: Text = ""
    description: str = ""
    delimiter: Literal[",", ";", "tab"] = ","
    missing: list[Text] = Field(default_factory=list)
    lists: dict[str, Words] = Field(default_factory=dict)
    columns: dict[str, CellEntry] = Field(default_factory=dict)
    time: ClockEntry
    reported: ClockEntry | None = None
    covers: CoversEntry | None = None
    where: list[ConditionEntry] = Field(default_factory=list)
    observations: Annotated[list[ObservationEntry], Field(min_length=1)]
