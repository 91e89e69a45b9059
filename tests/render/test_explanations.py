"""Explanations as people see them: kept whole; what should add up does, as printed."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from iwscore.domain.assessments import Cause, Explanation
from iwscore.render.explanations import explanation_tables
from iwscore.render.layouts import WIDTH
from tests.render.samples import explanation

Golden = Callable[[str, str], None]


def columns(block: list[str]) -> list[list[float]]:
    """Return the columns of numbers at the right of a block of rows."""
    read = [re.findall(r"(?<=  )[+−]?\d+\.\d(?=  |$)", line) for line in block]
    width = min(len(row) for row in read if row)
    wide = [[float(cell.replace("−", "-")) for cell in row[-width:]] for row in read if row]
    return [list(column) for column in zip(*wide, strict=True)]


def test_an_explanation(golden: Golden) -> None:
    golden("render/explanation.txt", explanation_tables(explanation()))


def test_an_explanation_of_the_two_greatest_reports(golden: Golden) -> None:
    golden("render/explanation_top.txt", explanation_tables(explanation(change=None), top=2))


def test_without_reports_and_change_there_is_prior_and_sum(golden: Golden) -> None:
    golden("render/explanation_bare.txt", explanation_tables(unheard()))


def unheard() -> Explanation:
    lines = tuple(
        line.model_copy(update={"likelihood": line.prior, "ln_likelihood": line.ln_prior})
        for line in explanation().scenarios
    )
    bare = {"indicators": (), "linchpins": (), "change": None, "balance": 0.0, "leader": "calm"}
    return explanation(scenarios=lines, **bare)


def test_the_change_adds_up_as_printed() -> None:
    text = explanation_tables(explanation())
    block = text[text.index("before, %") :].splitlines()
    for column in columns(block):
        assert sum(column[:-1]) == pytest.approx(column[-1], abs=1e-9)


def test_what_adds_up_needs_no_row_for_rounding() -> None:
    change = explanation().change
    assert change is not None
    text = explanation_tables(explanation(change=change.model_copy(update={"after": change.before, "steps": ()})))
    assert "rounding" not in text[text.index("before, %") :]


def test_nothing_is_wider_than_a_page() -> None:
    long = explanation()
    indicators = tuple(
        indicator.model_copy(
            update={
                "id": "very-" * 16 + "long",
                "title": "Very long " * 30,
                "group": "group-" * 12 + "x",
                "observations": tuple(
                    report.model_copy(update={"external_id": "e" * 90, "origin": "origin-" * 11, "level": "l" * 70})
                    for report in indicator.observations
                ),
            }
        )
        for indicator in long.indicators
    )
    linchpins = tuple(found.model_copy(update={"title": "x" * 200}) for found in long.linchpins)
    text = explanation_tables(explanation(indicators=indicators, linchpins=linchpins))
    assert max(map(len, text.splitlines())) <= WIDTH


def test_a_withdrawal_that_is_hidden_is_told_by_its_target_alone() -> None:
    since = datetime(2026, 3, 8, tzinfo=UTC)
    cause = Cause(kind="withdrawal", id="", target="ab" * 16, known_from=since, what="broker C2", reason="")
    change = explanation().change
    assert change is not None
    causes = {"withdrawn": (cause,)}
    steps = tuple(step.model_copy(update={"causes": causes.get(step.id, ())}) for step in change.steps)
    text = explanation_tables(explanation(change=change.model_copy(update={"steps": steps})))
    assert "\nwithdrawal of abababababab, 2026-03-08 00:00 UTC, broker C2" in text
