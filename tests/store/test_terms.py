from typing import Any

import pytest

from iwscore.domain.mappings import Cell
from iwscore.store.terms import Term, read_term
from tests.store.mapped import everything, term, verdicts


def result(cell: Cell, **columns: tuple[str, ...]) -> tuple[list[str | None], list[str]]:
    """Return the text of each row, None where it is left out or refused, and what is said of the refused."""
    rows = len(next(iter(columns.values())))
    held = {name: term(*texts, field=name) for name, texts in columns.items()}
    made = read_term(cell, held, rows, "subject")
    found = verdicts(rows)
    used = made.used(everything(rows), found)
    return [made.cells.text(row) if used[row] else None for row in range(rows)], [str(fault) for fault in found.faults]


@pytest.mark.parametrize(
    ("cell", "texts"),
    [
        ({"template": "osint"}, ["osint", "osint", "osint"]),
        ({"template": "{a}"}, ["KYV (UA)", "Minsk", ""]),
        ({"template": "at {a}!"}, ["at KYV (UA)!", "at Minsk!", ""]),
        ({"template": "{a}", "blank": "skip"}, ["KYV (UA)", "Minsk", None]),
        ({"template": "{a}", "extract": r"\((.*)\)", "otherwise": "keep"}, ["UA", "Minsk", ""]),
        ({"template": "{a}", "extract": r"\((.*)\)", "otherwise": "skip"}, ["UA", None, ""]),
        ({"template": "{a}", "extract": r"(\(.*)?$", "otherwise": "skip", "blank": "skip"}, ["(UA)", None, None]),
        ({"template": "{a}", "extract": r"(\w+)", "codes": {"KYV": "kyiv", "Minsk": ""}}, ["kyiv", "", ""]),
        (
            {"template": "{a}", "codes": {"Minsk": "minsk", "": "none"}, "otherwise": "keep"},
            ["KYV (UA)", "minsk", "none"],
        ),
        ({"template": "{a}", "codes": {"Minsk": "minsk"}, "otherwise": "skip"}, [None, "minsk", ""]),
    ],
)
def test_a_cell_says_what_becomes_of_a_text(cell: dict[str, Any], texts: list[str | None]) -> None:
    assert result(Cell(**cell), a=("KYV (UA)", "Minsk", "")) == (texts, [])


def test_a_text_that_codes_do_not_name_is_refused_as_it_stands_in_the_file() -> None:
    cell = Cell(template="{a}", extract=r"\((.*)\)", codes={"UA": "ukraine"})
    said = (
        "IW351 text means nothing to the mapping ({}); its codes must name it. Add it to them, or say otherwise: skip."
    )
    assert result(cell, a=("Kyiv (UA)", "Minsk (BY)", "Minsk")) == (
        ["ukraine", None, None],
        [f"feed.csv:row {row}:a: {said.format(text)}" for row, text in ((3, "Minsk (BY)"), (4, "Minsk"))],
    )


def test_columns_put_together_are_blank_where_one_of_them_is() -> None:
    texts, _ = result(Cell(template="{a}-{b}"), a=("RU", "RU", "", "BY"), b=("UA", "", "UA", "UA"))
    assert texts == ["RU-UA", "", "", "BY-UA"]


def test_what_is_put_together_of_made_columns_is_refused_or_left_out_with_them() -> None:
    codes = {"RU": "russia", "UA": "ukraine"}
    columns = {"a": term("RU", "XX", "RU", "XX", field="a"), "b": term("UA", "UA", "YY", "YY", field="b")}
    made: dict[str, Term] = {
        "who": read_term(Cell(template="{a}", codes=codes, otherwise="skip"), columns, 4, "who"),
        "whom": read_term(Cell(template="{b}", codes=codes), columns, 4, "whom"),
    }
    dyad = read_term(Cell(template="{who}-{whom}"), made, 4, "subject")
    found = verdicts(4)
    assert dyad.used(everything(4), found).tolist() == [True, False, False, False]
    assert dyad.cells.text(0) == "russia-ukraine"
    assert [str(fault).partition(";")[0] for fault in found.faults] == [
        "feed.csv:row 4:a, b: IW351 text means nothing to the mapping (RU YY)"
    ]
