import pytest

from iwscore.domain.mappings import (
    Amount,
    Cell,
    Clock,
    Condition,
    Count,
    MappedObservation,
    Mapping,
    Span,
    parse_span,
)

DAY = Clock(cell=Cell(template="{day}"), form="%Y-%m-%d", period="day")


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("0d", Span()),
        ("90min", Span(micros=5_400_000_000)),
        ("6h", Span(micros=21_600_000_000)),
        ("10d", Span(days=10)),
        ("2w", Span(days=14)),
        ("18mo", Span(months=18)),
        ("2y", Span(months=24)),
    ],
)
def test_spans_keep_to_the_calendar(text: str, span: Span) -> None:
    assert parse_span(text) == span


@pytest.mark.parametrize("text", ["", "d", "1.5d", "-1d", "1 d", "never", "1mo1d"])
def test_what_is_no_span_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a span"):
        parse_span(text)


def test_a_template_has_one_literal_more_than_columns() -> None:
    cell = Cell(template="from {a} to {b}")
    assert (cell.columns, cell.literals) == (("a", "b"), ("from ", " to ", ""))
    assert (Cell(template="{a}").literals, Cell(template="osint").literals) == (("", ""), ("osint",))


def test_a_mapping_wants_the_columns_of_the_file_and_not_those_it_makes() -> None:
    count = Count(unit="x", window=Span(days=7), step="day", of="n", where=(Condition(column="k", given=True),))
    mapping = Mapping(
        id="m",
        title="M",
        columns={"who": Cell(template="{first}-{last}"), "k": Cell(template="{k}", codes={})},
        time=DAY,
        reported=Clock(cell=Cell(template="{out}"), form="iso", period="instant"),
        where=(Condition(column="who", differs_from="other"),),
        observations=(
            MappedObservation(
                cells={"subject": Cell(template="{who}"), "source": Cell(template="osint")},
                amount=Amount(column="size", unit="x"),
                where=(Condition(column="y", at_least=1),),
            ),
            MappedObservation(cells={}, count=count),
        ),
    )
    assert mapping.wanted == ("day", "first", "k", "last", "n", "other", "out", "size", "y")


def test_a_mapping_of_constants_wants_its_time() -> None:
    mapping = Mapping(id="m", title="M", time=DAY, observations=(MappedObservation(cells={}),))
    assert mapping.wanted == ("day",)
