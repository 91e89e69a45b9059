"""The files of a catalog as documents: which keys they have and what may stand there.

Here belongs the shape of each file, and from it the JSON Schema. What a document means, and whether it fits the
others, belongs to the resolving modules; what its faults are called belongs to ``shapes``.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, Tag, WithJsonSchema
from pydantic_core import PydanticCustomError

from iwscore.domain.indicators import Category, Status
from iwscore.domain.models import Slug, Subject
from iwscore.domain.times import parse_instant, parse_span_days

__all__ = [
    "Day",
    "Document",
    "ExpectationEntry",
    "GroupEntry",
    "IndicatorEntry",
    "IndicatorsFile",
    "LadderEntry",
    "OutcomeEntry",
    "ProblemFile",
    "RungEntry",
    "ScenarioEntry",
    "SourceEntry",
    "SourcesFile",
    "Text",
    "TrustEntry",
    "WaiverEntry",
    "branch",
    "written",
]


def written(kind: str, form: str, like: str, pattern: str, meaning: Callable[[str], object]) -> tuple[Any, Any]:
    """Return the validator and the schema of a text in a form of its own; ``kind`` names its fault in ``shapes``."""
    shape = re.compile(pattern)

    def check(text: object) -> object:
        with contextlib.suppress(ValueError):
            if isinstance(text, str) and shape.fullmatch(text):
                meaning(text)
                return text
        raise PydanticCustomError(kind, "must be {form}", {"form": form, "like": like})

    return BeforeValidator(check), WithJsonSchema({"type": "string", "pattern": f"^(?:{pattern})$", "examples": [like]})


def _above_zero(text: str) -> None:
    if float(re.split("[a-z]", text)[0]) == 0:
        raise ValueError(text)


def _a_minute(text: str) -> None:
    if parse_span_days(text) * 1440 < 1:
        raise ValueError(text)


_NUMBER = r"[0-9]{1,6}(\.[0-9]{1,6})?"
_SPAN = rf"{_NUMBER}(min|h|d|w)"
_CALENDAR = r"[0-9]{1,6}(mo|y)"
_UNITS = "a number above 0 and one of min, h, d, w"
_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_CLOCK = r"[0-9]{2}:[0-9]{2}(:[0-9]{2}([.,][0-9]{1,6})?)?(Z|z|[+-][0-9]{2}(:?[0-9]{2})?)"
_INSTANT = f"{_DAY}([T ]{_CLOCK})?"
_TIME = "a day of the calendar, or a time with its offset"

Every = Annotated[str, *written("span", "1min or more, in min, h, d, w", "1d", _SPAN, _a_minute)]
Hold = Annotated[str, *written("span", "a number and one of min, h, d, w", "2d", _SPAN, str)]
HalfLife = Annotated[str, *written("span", f"{_UNITS}; or never", "21d", f"{_SPAN}|never", parse_span_days)]
Horizon = Annotated[str, *written("span", f"{_UNITS}, mo, y", "90d", f"{_SPAN}|{_CALENDAR}", _above_zero)]
Day = Annotated[str, *written("instant", "a day of the calendar", "2027-01-01", _DAY, date.fromisoformat)]
Instant = Annotated[str, *written("instant", _TIME, "2022-10-04T12:00:00Z", _INSTANT, parse_instant)]


def branch(*, rest: str, **kinds: type) -> Discriminator:
    """Return what sends a value to one branch of a union by its kind, so that only that branch complains.

    Where the value is of none of the kinds, the name of the branch says in ``shapes`` what it must be.
    """

    def choose(value: object) -> str:
        return next((f"<{name}>" for name, kind in kinds.items() if isinstance(value, kind)), f"<{rest}>")

    return Discriminator(choose)


_ROW = "a word, a number or a mapping by level"
_LIVES = "a duration, or a mapping with one for each level"
_SUBJECTS = "a list of ids, or any"
_SPREAD = "a number, or a table like the one it belongs to"


class Document(BaseModel):
    """A frozen document that refuses keys it does not know and values of another kind."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


Text = Annotated[str, Field(min_length=1)]
Share = Annotated[float, Field(ge=0, le=1)]
Chance = Annotated[float, Field(ge=0.001, le=0.999)]
Trust = Annotated[float, Field(ge=0, le=0.99)]
Six = Annotated[list[Trust], Field(min_length=6, max_length=6)]
Letter = Literal["A", "B", "C", "D", "E", "F", "G"]


class TrustRows(Document):
    """A row for each letter, a column for each digit."""

    A: Six
    B: Six
    C: Six
    D: Six
    E: Six
    F: Six
    G: Six


Row = Annotated[
    Annotated[str, Tag("<word>")] | Annotated[dict[str, Chance], Tag("<levels>")] | Annotated[Chance, Tag(f"<{_ROW}>")],
    branch(word=str, levels=dict, rest=_ROW),
    Field(description="By level, summing to 1; or for a yes/no sign one word or number for the second level."),
]
HalfLives = Annotated[
    Annotated[dict[str, HalfLife], Tag("<levels>")] | Annotated[HalfLife, Tag(f"<{_LIVES}>")],
    branch(levels=dict, rest=_LIVES),
    Field(description="How long until a report counts half: one for all levels, or one for each."),
]
Subjects = Annotated[
    Annotated[Literal["any"], Tag("<any>")] | Annotated[list[Subject], Field(min_length=1), Tag(f"<{_SUBJECTS}>")],
    Discriminator(lambda value: "<any>" if value == "any" else f"<{_SUBJECTS}>"),
    Field(description="What may be asked about; any: whichever the observations name."),
]
Spread = Annotated[
    Annotated[TrustRows, Tag("<rows>")] | Annotated[Trust, Tag(f"<{_SPREAD}>")],
    branch(rows=dict, rest=_SPREAD),
    Field(description="How far each number may be off; less where the table ends sooner."),
]


class WaiverEntry(Document):
    """A finding that is accepted, with why and until when."""

    check: str
    on: Slug
    reason: Text
    until: Day


class MeasureEntry(Document):
    """A number that sets the level: the level's place is how many cuts it reaches or passes."""

    unit: Text
    cuts: list[float]


class IndicatorEntry(Document):
    """An observable sign with two or more exclusive, ordered levels."""

    id: Slug
    title: Text = ""
    category: Category | None = None
    half_life: HalfLives
    levels: Annotated[list[Slug], Field(min_length=2)] = ["absent", "present"]
    measure: MeasureEntry | None = None
    common_error: Annotated[float, Field(ge=0, le=0.5)] = 0.02
    description: str = ""
    collect: str = ""
    references: list[Text] = []
    status: Status = "active"
    owner: str = ""
    review_by: Day | None = None


class IndicatorsFile(Document):
    """A file under indicators: signs to watch for."""

    indicators: list[IndicatorEntry]
    waivers: list[WaiverEntry] = []


class ScenarioEntry(Document):
    """One of the exclusive ways the question can come out."""

    id: Slug
    title: Text = ""
    prior: Chance
    catch_all: bool = False
    description: str = ""


class ExpectationEntry(Document):
    """How probable each level of an indicator is under each scenario."""

    rationale: str = ""
    weight: Share = 1.0
    cases: Annotated[float, Field(gt=0)] | None = None
    given: dict[str, Row] = {}
    otherwise: Row | None = None


class GroupEntry(Document):
    """Indicators that move together."""

    id: Slug
    indicators: Annotated[list[Slug], Field(min_length=1)]
    correlation: Share
    rationale: str = ""


class RungEntry(Document):
    """A step of the ladder."""

    id: Slug
    title: Text = ""
    raise_at: Share
    clear_at: Share | None = None
    hold: Hold = "0d"


class LadderEntry(Document):
    """The warning ladder over the sum of the adverse likelihoods."""

    adverse: Annotated[list[Slug], Field(min_length=1)]
    coverage_floor: Share = 0.2
    blind_hold: Hold = "30d"
    every: Every = "1d"
    rungs: Annotated[list[RungEntry], Field(min_length=1)]


class OutcomeEntry(Document):
    """How the question came out for a subject, and who says so."""

    subject: Subject
    scenario: Slug
    at: Instant
    source: str = ""
    note: str = ""


class ProblemFile(Document):
    """A file under scenarios: one warning problem."""

    id: Slug
    title: Text = ""
    question: str = ""
    horizon: Horizon
    subjects: Subjects
    scenarios: Annotated[list[ScenarioEntry], Field(min_length=2)]
    scale: Literal["icd203", "phia", "kent"] = "icd203"
    expectations: dict[str, ExpectationEntry]
    groups: list[GroupEntry] = []
    ladder: LadderEntry | None = None
    outcomes: list[OutcomeEntry] = []
    waivers: list[WaiverEntry] = []


class GradeEntry(Document):
    """From when on, by the time of observation, a source has a letter."""

    since: Annotated[Instant, Field(alias="from")]
    reliability: Letter
    reason: str = ""


class RegradeEntry(Document):
    """Once this is known, all reports of the source carry the letter."""

    known_from: Instant
    reliability: Letter
    reason: str = ""


class SourceEntry(Document):
    """Who tells us, who they have it from, and whose side they are on."""

    id: Slug
    title: Text = ""
    kind: str = ""
    party: str = ""
    origin: Slug | None = None
    grades: list[GradeEntry] = []
    regraded: list[RegradeEntry] = []


class TrustEntry(Document):
    """What each grade is worth, and how far each number may be off."""

    label: Text
    table: TrustRows
    spread: Spread = 0.1


class SourcesFile(Document):
    """A file under sources: the register of sources, and perhaps the table of trust."""

    sources: list[SourceEntry] = []
    trust: TrustEntry | None = None
    waivers: list[WaiverEntry] = []
