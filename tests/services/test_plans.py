"""How a job is cut, and what is asked for together."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from iwscore.services.plans import ROWS_A_PART, Plan
from iwscore.services.vintages import InForce
from tests.oracle.plain import AT
from tests.services.jobs import Making, several
from tests.services.telling import Told

HALF = ROWS_A_PART // 2  # times in a part: there are two scenarios


@pytest.fixture
def plan(tell: Callable[..., Told], tmp_path: Path) -> Callable[[int], Plan]:
    """Return the plan for so many times of three subjects."""
    making = Making(several(tell), tmp_path / "history.parquet")

    def made(times: int) -> Plan:
        job = making.job(start=AT, end=AT + timedelta(minutes=times - 1), step="1min")
        return Plan.of(InForce.of(making.told.catalog), job)

    return made


def sizes(plan: Plan) -> list[list[int]]:
    return [[len(unit) for unit in part] for part in plan.parts]


@pytest.mark.parametrize(
    ("times", "parts"),
    [
        (10, [[20, 20, 20]]),
        (HALF, [[2 * HALF]] * 3),
        (HALF + 1, [[2 * HALF], [2]] * 3),
        (HALF // 2 + 1, [[HALF + 2]] * 3),
    ],
)
def test_a_part_holds_whole_units_as_many_as_fit(
    plan: Callable[[int], Plan], times: int, parts: list[list[int]]
) -> None:
    assert sizes(plan(times)) == parts
    assert plan(times).rows(range(len(parts))) == 6 * times


def test_parts_of_one_subject_are_asked_for_in_one_go_up_to_four(plan: Callable[[int], Plan]) -> None:
    cut = plan(5 * HALF)
    spans = [(span.units[0][1].subject, len(span), span.where) for span in cut.spans(range(len(cut.parts)))]
    whole = [(4 * ROWS_A_PART, slice(0, 4 * HALF)), (ROWS_A_PART, slice(4 * HALF, 5 * HALF))]
    assert spans == [(name, *one) for name in ("elsewhere", "here", "nowhere") for one in whole]


def test_what_is_done_parts_what_is_asked_for(plan: Callable[[int], Plan]) -> None:
    cut = plan(3 * HALF)
    assert [[number for number, _ in span.units] for span in cut.spans([0, 2, 3, 4, 7])] == [[0], [2], [3, 4], [7]]


def test_subjects_that_share_a_part_are_asked_for_one_by_one(plan: Callable[[int], Plan]) -> None:
    spans = list(plan(10).spans([0]))
    assert [span.units[0][1].subject for span in spans] == ["elsewhere", "here", "nowhere"]
    assert list(plan(10).spans([])) == []


def test_the_times_are_the_jobs(plan: Callable[[int], Plan]) -> None:
    assert (plan(3).times / 1e6).tolist() == [(AT + n * timedelta(minutes=1)).timestamp() for n in range(3)]
