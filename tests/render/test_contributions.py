"""Contributions: in decibans, the greatest first, and the printed rows add up to the printed sum."""

import re

import pytest

from iwscore.domain.assessments import Explanation
from iwscore.render.contributions import contribution_lines, front_runners
from tests.render.samples import explanation


def numbers(line: str) -> list[float]:
    """Return what a row adds to the leader, to the runner-up, and to the one over the other."""
    return [float(cell.replace("−", "-")) for cell in re.findall(r"(?<=  )[+−]?\d+\.\d(?=  |$)", line)][-3:]


def sums(explanation: Explanation, top: int) -> list[tuple[list[list[float]], list[float]]]:
    """Return the rows and the sum of each table."""
    text = "\n".join(contribution_lines(explanation, top=top))
    found = []
    for block in re.split(r"(?=^prior )", text, flags=re.MULTILINE)[1:]:
        lines = block[: block.index("likelihood, %")].splitlines()
        rows = [row for row in map(numbers, lines) if row]
        found.append((rows[:-1], rows[-1]))
    return found


@pytest.mark.parametrize("top", [0, 1, 2, 4, 5, 100])
def test_the_parts_add_up_as_printed(top: int) -> None:
    tables = sums(explanation(), top)
    assert len(tables) == 2
    for rows, total in tables:
        for s in range(3):
            assert sum(row[s] for row in rows) == pytest.approx(total[s], abs=1e-9)
        assert all(row[0] - row[1] == pytest.approx(row[2], abs=1e-9) for row in rows)


def test_the_sum_is_the_likelihood_in_decibans() -> None:
    (_, total), _ = sums(explanation(), 10)
    leader, second = front_runners(explanation())
    assert total[0] == pytest.approx(4.342944819 * leader.ln_likelihood, abs=0.05)
    assert total[1] == pytest.approx(4.342944819 * second.ln_likelihood, abs=0.05)


def test_the_greatest_reports_come_first_and_the_rest_in_one_row() -> None:
    text = "\n".join(contribution_lines(explanation(), top=2))
    assert text.index("r-2 ") < text.index("r-3 ") < text.index("3 other reports")
    assert "r-5" not in text
    assert "1 other indicator " in text


def test_a_report_without_a_name_of_its_own_is_named_by_its_id() -> None:
    assert "\n00000006  rhetoric: routine" in "\n".join(contribution_lines(explanation(), top=10))


def test_indicators_of_one_report_each_need_no_second_table() -> None:
    single = tuple(i for i in explanation().indicators if len(i.observations) == 1)
    assert "The same by indicator" not in "\n".join(contribution_lines(explanation(indicators=single), top=10))


def test_the_leader_is_the_answers_even_among_equals() -> None:
    equal = tuple(line.model_copy(update={"likelihood": 1 / 3}) for line in explanation().scenarios)
    shown = front_runners(explanation(scenarios=equal, leader="something-else"))
    assert [line.id for line in shown] == ["something-else", "calm"]


def test_a_lone_scenario_has_nobody_to_lead() -> None:
    alone = explanation(scenarios=explanation().scenarios[:1], leader="calm")
    assert "leader ahead" not in "\n".join(contribution_lines(alone, top=10))
